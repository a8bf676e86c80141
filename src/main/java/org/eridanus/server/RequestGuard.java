package org.eridanus.server;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * What protects a server from others, and one on loopback from the pages that a browser on this machine shows.
 *
 * <ul>
 *   <li>A request names this machine in {@code Host}: a page whose own name was made to point here (DNS rebinding) names
 *       itself. Scrapers ask for metrics, health and readiness under other names too, so those are left out.
 *   <li>A request comes from no page, or from one of this server: others could not read the answer, but use up what the
 *       server grants in a second. They may lead a person here, though.
 *   <li>A request that may change something is refused where others reach the server. On loopback it carries JSON, which a
 *       page of another origin cannot send unasked.
 *   <li>Answers say that nothing but this server may be loaded into its page, nor the page be framed.
 * </ul>
 */
final class RequestGuard {
    private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Set<String> ANY_NAME = Set.of("/metrics", "/health", "/ready");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(:[0-9]{1,5})?");

    private static final Map<String, String> HEADERS = Map.of(
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    private final boolean loopback;

    /**
     * A guard.
     *
     * @param loopback whether the server listens on this machine's own address; elsewhere it may have any name
     */
    RequestGuard(boolean loopback) {
        this.loopback = loopback;
    }

    /** Adds headers to the answer, and refuses a request that breaks a rule. */
    void check(Context context) {
        HEADERS.forEach(context::header);
        if (loopback && !ANY_NAME.contains(context.path())) {
            requireOwnName(context.header("Host"));
        }
        boolean reads =
                context.method().equals(HandlerType.GET) || context.method().equals(HandlerType.HEAD);
        if (!reads && !loopback) {
            throw new ForbiddenResponse("calls that change something are answered on this machine's own address alone;"
                    + " produce to the topic interactions instead");
        }
        if (!reads || !leadsHere(context)) {
            requireOwnPage(context);
        }
    }

    /** Whether a browser goes to another page by this request, as by a link. */
    private static boolean leadsHere(Context context) {
        return "navigate".equals(context.header("Sec-Fetch-Mode"))
                && "document".equals(context.header("Sec-Fetch-Dest"));
    }

    private static void requireOwnName(@Nullable String host) {
        Matcher matcher = HOST.matcher(host == null ? "" : host);
        if (!matcher.matches() || !NAMES.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
            throw new HttpResponseException(
                    HttpStatus.MISDIRECTED_REQUEST_421,
                    "Host must name this machine, 127.0.0.1 or localhost, got '" + host + "'");
        }
    }

    private static void requireOwnPage(Context context) {
        String origin = context.header("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + context.header("Host"))) {
            throw new ForbiddenResponse("a page of another origin may not ask for this, got Origin '" + origin + "'");
        }
        String site = context.header("Sec-Fetch-Site");
        if (site != null && !OWN_SITE.contains(site)) {
            throw new ForbiddenResponse(
                    "a page of another site may not ask for this, got Sec-Fetch-Site '" + site + "'");
        }
    }
}
