package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Meters of the HTTP server.
 *
 * <p>Threading: told by all threads.
 */
public final class HttpMetrics {
    private final MeterRegistry registry;
    private final Timer lists;

    /** Registers the meters. */
    public HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.lists = Metric.HTTP_LIST_TIME.timer(registry);
    }

    /**
     * A request was answered.
     *
     * @param route the path as it is declared, one of a closed set
     * @param status of the answer
     */
    public void answered(String route, int status) {
        Metric.HTTP_REQUESTS.counter(registry, route, Integer.toString(status)).increment();
    }

    /** A list was answered with, here or passed on. */
    public void listed(Duration time) {
        lists.record(time);
    }
}
