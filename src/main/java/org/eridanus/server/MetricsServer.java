package org.eridanus.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers, by default to this machine alone: {@code /metrics} in Prometheus's text format, {@code /health} (the process is alive)
 * and {@code /ready} (it works: tasks assigned, model loaded). Errors are problem details (RFC 9457).
 *
 * <p>Threading: safe for use by all threads.
 */
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    /** The address that this machine alone reaches. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final int MAX_REQUEST_BYTES = 16 << 10;
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_THREADS = 8;
    private static final int MIN_THREADS = 2;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final String host;
    private final PrometheusMeterRegistry registry;
    private final Supplier<List<String>> missing;
    private final Javalin server;

    private MetricsServer(String host, int port, PrometheusMeterRegistry registry, Supplier<List<String>> missing) {
        this.host = host;
        this.registry = registry;
        this.missing = missing;
        this.server = Javalin.create(this::configure);
        try {
            server.start(host, port);
        } catch (RuntimeException e) {
            server.stop();
            throw new ServerException(
                    "the HTTP port must be free, got " + port + " on " + host + ": " + innermost(e)
                            + "; stop what uses it, choose another one, or 0 for any",
                    e);
        }
        LOG.info("metrics at {}metrics", uri());
    }

    /**
     * Starts a server.
     *
     * @param host the address to listen on: {@link #LOOPBACK}, or another one of this machine
     * @param port the port, or 0 for a free one
     * @param registry what is measured
     * @param missing what keeps the pipeline from working, a sentence each; empty when it is ready
     * @throws ServerException if the port is taken
     */
    public static MetricsServer start(
            String host, int port, PrometheusMeterRegistry registry, Supplier<List<String>> missing) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the HTTP port must be 0..65535, got " + port + "; 0 is a free one");
        }
        return new MetricsServer(host, port, registry, missing);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Its address, ending with a slash. */
    public URI uri() {
        return URI.create("http://" + host + ":" + port() + "/");
    }

    @Override
    public void close() {
        server.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MAX_HEADER_BYTES);
        });
        config.jetty.modifyServer(jetty -> jetty.setErrorHandler(new ProblemErrorHandler()));

        config.routes.before(
                context -> context.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff"));
        config.routes.get("/metrics", this::metrics);
        config.routes.get(
                "/health", context -> context.contentType("application/json").result("{\"status\":\"up\"}"));
        config.routes.get("/ready", this::ready);
        config.routes.exception(
                HttpResponseException.class,
                (refused, context) ->
                        answer(context, Problem.of(refused.getStatus(), String.valueOf(refused.getMessage()))));
        config.routes.exception(Exception.class, (failure, context) -> {
            LOG.error("cannot answer {} {}", context.method(), context.path(), failure);
            answer(context, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR_500, "the request failed; the log says why"));
        });
    }

    private void metrics(Context context) {
        String accept = context.header("Accept");
        String type = accept != null && accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text")
                ? OPEN_METRICS
                : TEXT;
        context.contentType(type).result(registry.scrape(type));
    }

    private void ready(Context context) {
        List<String> waiting = missing.get();
        if (waiting.isEmpty()) {
            context.contentType("application/json").result("{\"ready\":true}");
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
