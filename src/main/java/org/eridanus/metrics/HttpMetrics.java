package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

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
        for (LeftOut why : LeftOut.values()) {
            Metric.LIVE_LEFT_OUT.counter(registry, why.label());
        }
    }

    /** Why something is not on the live page. */
    public enum LeftOut {
        /** A newer list of the same user took its place within a tenth of a second. */
        SUPERSEDED,
        /** It waited for a viewer that was let go, being too far behind. */
        BEHIND;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Messages did not reach a viewer of the live page. */
    public void leftOut(LeftOut why, long messages) {
        Metric.LIVE_LEFT_OUT.counter(registry, why.label()).increment(messages);
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
