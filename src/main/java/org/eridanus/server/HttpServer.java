package org.eridanus.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eridanus.metrics.HttpMetrics;
import org.eridanus.serde.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers over HTTP: {@code /metrics} in Prometheus's text format, {@code /health} (the process is alive), {@code /ready}
 * (it works: tasks assigned, model loaded), {@code /openapi.json}, and what else it is given. Errors are problem details
 * (RFC 9457). Requests, their headers, threads and connections are bounded.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_REQUEST_BYTES = 16 << 10;
    /** Of the request line and the headers together: takes 100 of the longest ids to leave out. */
    static final int MAX_HEADER_BYTES = 16 << 10;

    private static final int MAX_CONNECTIONS = 256;
    /** How long a connection may do nothing while others wait for one; longer than a viewer of /live is left without. */
    private static final long CROWDED_IDLE_MILLIS = 3_000;

    /** Above what each kind may have. */
    private static final int REQUESTS_PER_SECOND = 2_000;

    /** Of health, of readiness, which may ask the broker, and of metrics, where a scrape reads every meter: of each. */
    static final int CHECKS_PER_SECOND = 100;

    /** Most requests that are worked on at a time. */
    static final int MAX_THREADS = 8;

    private static final int MIN_THREADS = 2;
    private static final String METRICS = "/metrics";
    private static final String HEALTH = "/health";
    private static final String READY = "/ready";
    /** Each has a limit of its own, so that supervisors and scrapers are answered however many others ask. */
    private static final Set<String> CHECKS = Set.of(METRICS, HEALTH, READY);

    private static final String OPENAPI = "openapi.json";
    /** After these a caller may ask again. */
    private static final Set<Integer> RETRY =
            Set.of(HttpStatus.TOO_MANY_REQUESTS_429, HttpStatus.SERVICE_UNAVAILABLE_503);

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final HttpSettings settings;
    private final PrometheusMeterRegistry registry;
    private final Supplier<List<String>> missing;
    private final Supplier<List<String>> notes;
    private final RateLimit requestLimit;
    private final RateLimit metricsLimit = new RateLimit(METRICS, CHECKS_PER_SECOND);
    private final RateLimit healthLimit = new RateLimit(HEALTH, CHECKS_PER_SECOND);
    private final RateLimit readyLimit = new RateLimit(READY, CHECKS_PER_SECOND);
    private final List<Endpoints> endpoints;
    private final HttpMetrics metrics;
    private final RequestGuard guard;
    private final Javalin server;

    /** A server that is started, with a limit of the caller's on all requests but checks. */
    HttpServer(
            HttpSettings settings,
            PrometheusMeterRegistry registry,
            Supplier<List<String>> missing,
            Supplier<List<String>> notes,
            List<Endpoints> endpoints,
            RateLimit requestLimit) {
        this.settings = settings;
        this.registry = registry;
        this.missing = missing;
        this.notes = notes;
        this.requestLimit = requestLimit;
        this.endpoints = List.copyOf(endpoints);
        this.metrics = new HttpMetrics(registry);
        this.guard = new RequestGuard(settings.loopback());
        this.server = Javalin.create(this::configure);
        try {
            server.start(settings.host(), settings.port());
        } catch (RuntimeException e) {
            server.stop();
            throw new ServerException(
                    "the HTTP port must be free, got " + settings.port() + " on " + settings.host() + ": "
                            + innermost(e) + "; stop what uses it, choose another one, or 0 for any",
                    e);
        }
        LOG.info("HTTP at {}", uri());
    }

    /**
     * Starts a server.
     *
     * @param settings where it listens
     * @param registry what is measured
     * @param missing what keeps the pipeline from working, a sentence each; empty when it is ready
     * @param endpoints what else it answers; closed with it
     * @throws ServerException if the port is taken
     */
    public static HttpServer start(
            HttpSettings settings,
            PrometheusMeterRegistry registry,
            Supplier<List<String>> missing,
            List<Endpoints> endpoints) {
        return start(settings, registry, missing, List::of, endpoints);
    }

    /**
     * Starts a server that is ready and may have something to say of it.
     *
     * @param settings where it listens
     * @param registry what is measured
     * @param missing what keeps the pipeline from working, a sentence each; empty when it is ready
     * @param notes what is not as usual though it works, a sentence each
     * @param endpoints what else it answers; closed with it
     * @throws ServerException if the port is taken
     */
    public static HttpServer start(
            HttpSettings settings,
            PrometheusMeterRegistry registry,
            Supplier<List<String>> missing,
            Supplier<List<String>> notes,
            List<Endpoints> endpoints) {
        return new HttpServer(
                settings, registry, missing, notes, endpoints, new RateLimit("requests", REQUESTS_PER_SECOND));
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Its address, ending with a slash. */
    public URI uri() {
        String host = settings.host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/");
    }

    /** The routes that it answers, method and path. */
    Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        server.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .forEach(endpoint -> routes.add(endpoint.method + " " + endpoint.path));
        return routes;
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        for (Endpoints each : endpoints) {
            try {
                each.close();
            } catch (RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        server.stop();
        if (failed != null) {
            throw failed;
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        // Its callers are on this machine or beside it.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MAX_HEADER_BYTES);
            // Ids may contain slashes and percent signs; they stand in the path encoded.
            http.setUriCompliance(UriCompliance.DEFAULT.with(
                    "ids",
                    UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                    UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        });
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.jetty.modifyServer(jetty -> {
            jetty.setErrorHandler(new ProblemErrorHandler());
            NetworkConnectionLimit connections = new NetworkConnectionLimit(MAX_CONNECTIONS, jetty);
            connections.setEndPointIdleTimeout(CROWDED_IDLE_MILLIS);
            jetty.addBean(connections);
        });

        config.requestLogger.http(this::count);
        config.routes.before(guard::check);
        config.routes.before(context -> {
            if (!CHECKS.contains(context.path())) {
                requestLimit.pass();
            }
        });
        config.routes.get(METRICS, this::metrics);
        config.routes.get(HEALTH, this::health);
        config.routes.get(READY, this::ready);
        byte[] description = Resources.read(OPENAPI);
        config.routes.get(
                "/" + OPENAPI,
                context -> context.contentType("application/json").result(description));
        endpoints.forEach(each -> each.add(config.routes));
        config.routes.exception(HttpResponseException.class, (refused, context) -> {
            if (RETRY.contains(refused.getStatus())) {
                context.header("Retry-After", "1");
            }
            answer(context, Problem.of(refused.getStatus(), String.valueOf(refused.getMessage())));
        });
        config.routes.exception(Exception.class, (failure, context) -> {
            LOG.error("cannot answer {} {}", context.method(), context.path(), failure);
            answer(context, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR_500, "the request failed; the log says why"));
        });
    }

    private void count(Context context, float millis) {
        Endpoint matched = context.endpoints().matchedHttpEndpoint();
        String route = matched == null ? "none" : matched.path;
        metrics.answered(route, context.statusCode());
        if (route.equals(QueryEndpoints.RECOMMENDATIONS) && context.statusCode() == HttpStatus.OK_200) {
            metrics.listed(Duration.ofNanos((long) (millis * 1e6)));
        }
    }

    private void health(Context context) {
        healthLimit.pass();
        context.contentType("application/json").result("{\"status\":\"up\"}");
    }

    private void metrics(Context context) {
        metricsLimit.pass();
        String accept = context.header("Accept");
        String type = accept != null && accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text")
                ? OPEN_METRICS
                : TEXT;
        context.contentType(type).result(registry.scrape(type));
    }

    private void ready(Context context) {
        readyLimit.pass();
        List<String> waiting = missing.get();
        if (waiting.isEmpty()) {
            ObjectNode ready = Json.mapper().createObjectNode().put("ready", true);
            List<String> unusual = notes.get();
            if (!unusual.isEmpty()) {
                unusual.forEach(ready.putArray("notes")::add);
            }
            context.contentType("application/json").result(ready.toString());
        } else {
            answer(context, Problem.of(HttpStatus.SERVICE_UNAVAILABLE_503, "not ready", waiting));
        }
    }

    private static void answer(Context context, Problem problem) {
        context.status(problem.status()).contentType(Problem.MEDIA_TYPE).result(problem.json());
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
