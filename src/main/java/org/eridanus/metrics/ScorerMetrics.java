package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import org.eridanus.evaluation.CatalogueExposure;
import org.eridanus.evaluation.FadingAverage;
import org.eridanus.evaluation.PrequentialScores;
import org.eridanus.evaluation.RankMetrics;
import org.eridanus.event.Rejection;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.recommend.ServedModel;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.topic.Topics;

/**
 * Meters of the scorer role.
 *
 * <p>Threading: told and read by all threads.
 */
public final class ScorerMetrics implements ScorerMonitor {
    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final InputMeters input;
    private final Map<Cause, Counter> recommendations;
    private final Map<Fallback, Counter> fallbacks;
    private final Map<Filter, Counter> filtered;
    private final Map<Skip, Counter> skipped;
    private final CatalogueExposure exposure = new CatalogueExposure();
    private final Counter coalesced;
    private final Counter seenDrops;
    private final Counter forgottenUsers;
    private final Timer scoring;
    private final Timer served;
    private final Timer listed;
    private final Counter unmeasured;
    private final Counter servedEvents;
    private final Counter servedHits;
    private final Counter servedExcluded;
    private final FadingAverage recentServed = new FadingAverage(PrequentialScores.HALF_LIFE);
    private final Counter loadedVersions;
    private final Counter refusedVersions;
    private volatile LongConsumer freshnessListener = millis -> {};
    private volatile double servedHitRate = Double.NaN;
    private volatile long version;
    private volatile long newestRecordTime;
    private volatile long waitingSince;

    /**
     * Registers the meters.
     *
     * @param clock tells how old the served model is
     */
    ScorerMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        input = new InputMeters(registry, List.of(Topics.RECOMMENDATION_REQUESTS));
        recommendations = byKind(Cause.class, Metric.LISTS);
        fallbacks = byKind(Fallback.class, Metric.FALLBACK_LISTS);
        filtered = byKind(Filter.class, Metric.FILTERED);
        coalesced = Metric.COALESCED.counter(registry);
        seenDrops = Metric.SCORER_SEEN_DROPPED.counter(registry);
        forgottenUsers = Metric.SCORER_FORGOTTEN_USERS.counter(registry);
        scoring = Metric.SCORING_TIME.timer(registry);
        served = Metric.FRESHNESS.timer(registry, "served");
        listed = Metric.FRESHNESS.timer(registry, "listed");
        unmeasured = Metric.FRESHNESS_UNMEASURED.counter(registry);
        Metric.MODEL_BEHIND.gauge(registry, this, metrics -> metrics.age(metrics.waitingSince, 0));

        servedEvents = Metric.SERVED_EVENTS.counter(registry);
        servedHits = Metric.SERVED_HITS.counter(registry);
        servedExcluded = Metric.SERVED_EXCLUDED.counter(registry);
        Metric.SERVED_HR10.gauge(registry, this, metrics -> metrics.servedHitRate);

        loadedVersions = Metric.LOADED_VERSIONS.counter(registry);
        refusedVersions = Metric.REFUSED_VERSIONS.counter(registry);
        skipped = byKind(Skip.class, Metric.SKIPPED_ROWS);
        Metric.MODEL_VERSION.gauge(registry, this, metrics -> metrics.version);
        Metric.MODEL_AGE.gauge(registry, this, metrics -> metrics.age(metrics.newestRecordTime, Double.NaN));
    }

    /** Registers the meters of the model that is served. */
    void bind(ServedModel model, SizeWatch sizes) {
        for (String table : model.size().rows().keySet()) {
            Metric.MODEL_ROWS.gauge(
                    registry, sizes, watch -> watch.size().rows().getOrDefault(table, 0), table);
        }
        Metric.MODEL_BYTES.gauge(registry, sizes, watch -> watch.size().bytes());
        Metric.MODEL_CANDIDATES.gauge(registry, sizes, watch -> watch.size().candidates());
        Metric.COVERAGE.gauge(
                registry, sizes, watch -> exposure.coverage(watch.size().candidates()));
        Metric.POPULAR_SHARE.gauge(
                registry,
                sizes,
                watch -> exposure.popularShareOfPlaces(watch.size().candidates()),
                "places");
        Metric.POPULAR_SHARE.gauge(
                registry,
                sizes,
                watch -> exposure.popularShareOfConsumption(watch.size().candidates()),
                "consumed");
    }

    /** Tells each interaction's age to somebody else as well, in ms, when a model is served that has learned from it. */
    public void onFreshness(LongConsumer listener) {
        freshnessListener = listener;
    }

    private double age(long time, double otherwise) {
        return time == 0 ? otherwise : Math.max(0, clock.millis() - time) / MILLIS;
    }

    private <K extends Enum<K>> Map<K, Counter> byKind(Class<K> kinds, Metric metric) {
        Map<K, Counter> counters = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            counters.put(kind, metric.counter(registry, label(kind)));
        }
        return counters;
    }

    private static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <K> void increment(Map<K, Counter> counters, K kind, double amount) {
        Counter counter = counters.get(kind);
        if (counter != null) {
            counter.increment(amount);
        }
    }

    @Override
    public void accepted(String topic) {
        input.accepted(topic);
    }

    @Override
    public void rejected(String topic, Rejection.Reason reason) {
        input.rejected(topic, reason);
    }

    @Override
    public void versionLoaded(ModelRow.Marker marker) {
        loadedVersions.increment();
        version = marker.version();
        newestRecordTime = marker.newestRecordTime();
    }

    @Override
    public void versionRefused(String reason) {
        refusedVersions.increment();
    }

    @Override
    public void rowsSkipped(Skip reason, int rows) {
        increment(skipped, reason, rows);
    }

    @Override
    public void freshness(long millis) {
        served.record(Duration.ofMillis(millis));
        freshnessListener.accept(millis);
    }

    @Override
    public void unmeasured(int interactions) {
        unmeasured.increment(interactions);
    }

    @Override
    public void waitingSince(long recordTime) {
        waitingSince = recordTime;
    }

    @Override
    public void scored(long nanos) {
        scoring.record(Duration.ofNanos(nanos));
    }

    @Override
    public void recommended(Cause cause, Recommendation list, long age) {
        increment(recommendations, cause, 1);
        exposure.recommended(list.items().stream().map(RecommendedItem::item).toList());
        if (cause == Cause.EVENT) {
            listed.record(Duration.ofMillis(age));
        }
    }

    @Override
    public void consumed(String item) {
        exposure.consumed(item);
    }

    @Override
    public void fallback(Fallback reason) {
        increment(fallbacks, reason, 1);
    }

    @Override
    public void coalesced(int refreshes) {
        coalesced.increment(refreshes);
    }

    @Override
    public void filtered(Filter kind, int items) {
        increment(filtered, kind, items);
    }

    @Override
    public void served(int rank) {
        double hit = rank == 0 ? 0 : RankMetrics.hitRate(rank, PrequentialScores.K);
        servedEvents.increment();
        servedHits.increment(hit);
        synchronized (recentServed) {
            recentServed.add(hit);
            servedHitRate = recentServed.value();
        }
    }

    @Override
    public void servedExcluded() {
        servedExcluded.increment();
    }

    @Override
    public void seenDropped(long items) {
        seenDrops.increment(items);
    }

    @Override
    public void userForgotten() {
        forgottenUsers.increment();
    }
}
