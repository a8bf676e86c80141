package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eridanus.topic.Topics;

/**
 * Meters of the HTTP server.
 *
 * <p>Threading: told by all threads.
 */
public final class HttpMetrics {
    /** What the live page reads. */
    private static final List<String> LIVE_TOPICS =
            List.of(Topics.CATALOGUE, Topics.USERS, Topics.EVALUATIONS, Topics.RECOMMENDATIONS);

    private final MeterRegistry registry;
    private final Timer lists;

    /** Registers the meters. */
    public HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.lists = Metric.HTTP_LIST_TIME.timer(registry);
        for (LeftOut why : LeftOut.values()) {
            Metric.LIVE_LEFT_OUT.counter(registry, why.label());
        }
        LIVE_TOPICS.forEach(topic -> Metric.LIVE_UNREADABLE.counter(registry, topic));
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
     * The live page passed over a record that it cannot read.
     *
     * @param topic the plain name of the record's topic
     */
    public void unreadable(String topic) {
        Metric.LIVE_UNREADABLE.counter(registry, topic).increment();
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
