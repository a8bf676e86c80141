package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.eridanus.topic.Topics;

/**
 * Meters of the live page: what does not get there.
 *
 * <p>Threading: told by all threads.
 */
public final class LiveMetrics {
    /** What the live page reads. */
    private static final List<String> TOPICS =
            List.of(Topics.CATALOGUE, Topics.USERS, Topics.EVALUATIONS, Topics.RECOMMENDATIONS);

    private final MeterRegistry registry;

    /** Registers the meters. */
    public LiveMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (LeftOut why : LeftOut.values()) {
            Metric.LIVE_LEFT_OUT.counter(registry, why.label());
        }
        TOPICS.forEach(topic -> Metric.LIVE_UNREADABLE.counter(registry, topic));
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

    /** Messages did not reach a viewer. */
    public void leftOut(LeftOut why, long messages) {
        Metric.LIVE_LEFT_OUT.counter(registry, why.label()).increment(messages);
    }

    /**
     * Counts announcements that found no room.
     *
     * @param of what they are of, {@code items} or {@code users}
     * @param source knows how many there were so far; not kept from the garbage collector
     */
    public <T> void unlisted(String of, T source, ToDoubleFunction<T> announcements) {
        Metric.LIVE_UNLISTED.total(registry, source, announcements, of);
    }

    /**
     * A record was passed over because it cannot be read.
     *
     * @param topic the plain name of its topic
     */
    public void unreadable(String topic) {
        Metric.LIVE_UNREADABLE.counter(registry, topic).increment();
    }
}
