package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eridanus.evaluation.FadingAverage;
import org.eridanus.evaluation.PrequentialScores;
import org.eridanus.evaluation.RankMetrics;
import org.eridanus.event.Rejection;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.topic.Topics;

/**
 * Meters of the scorer role.
 *
 * <p>Threading: told and read by all threads.
 */
public final class ScorerMetrics implements ScorerMonitor {
    private static final double MILLIS = 1_000;
    /** Upper bounds of the histogram of scoring times. */
    private static final Duration[] SCORING_BOUNDS = Stream.of(50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000)
            .map(micros -> Duration.ofNanos(micros * 1_000L))
            .toArray(Duration[]::new);
    /** Upper bounds of the histogram of freshness. */
    private static final Duration[] FRESHNESS_BOUNDS = Stream.of(
                    50, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000, 60_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final InputMeters input;
    private final Map<Cause, Counter> recommendations;
    private final Map<Fallback, Counter> fallbacks;
    private final Map<Filter, Counter> filtered;
    private final Map<Skip, Counter> skipped;
    private final Counter coalesced;
    private final Counter seenDrops;
    private final Timer scoring;
    private final Timer freshness;
    private final Counter servedEvents;
    private final Counter servedHits;
    private final Counter servedExcluded;
    private final FadingAverage recentServed = new FadingAverage(PrequentialScores.HALF_LIFE);
    private final Counter loadedVersions;
    private final Counter refusedVersions;
    private volatile double servedHitRate = Double.NaN;
    private volatile long version;
    private volatile double age = Double.NaN;

    /** Registers the meters. */
    public ScorerMetrics(MeterRegistry registry) {
        input = new InputMeters(registry, List.of(Topics.RECOMMENDATION_REQUESTS));
        recommendations = byKind(
                Cause.class,
                cause -> Counter.builder("eridanus.recommendations.lists")
                        .description("Lists given out, by what led to them")
                        .baseUnit("lists")
                        .tag("cause", label(cause))
                        .register(registry));
        fallbacks = byKind(
                Fallback.class,
                reason -> Counter.builder("eridanus.recommendations.fallback.lists")
                        .description("Lists that were not ranked by the model, by the reason")
                        .baseUnit("lists")
                        .tag("reason", label(reason))
                        .register(registry));
        filtered = byKind(
                Filter.class,
                kind -> Counter.builder("eridanus.recommendations.filtered.items")
                        .description("Items kept out of lists, by the filter")
                        .baseUnit("items")
                        .tag("kind", label(kind))
                        .register(registry));
        coalesced = Counter.builder("eridanus.recommendations.coalesced.refreshes")
                .description("Refreshes merged into a newer one of the same user")
                .baseUnit("refreshes")
                .register(registry);
        seenDrops = Counter.builder("eridanus.recommendations.seen.dropped.items")
                .description("Items that full seen-sets of the scorer role have forgotten")
                .baseUnit("items")
                .register(registry);
        scoring = Timer.builder("eridanus.scoring.time")
                .description("Time to make one list")
                .serviceLevelObjectives(SCORING_BOUNDS)
                .register(registry);
        freshness = Timer.builder("eridanus.freshness")
                .description("Time from an interaction to a served model that has learned from it")
                .serviceLevelObjectives(FRESHNESS_BOUNDS)
                .register(registry);

        servedEvents = Counter.builder("eridanus.served.events")
                .description("Events whose item could have been in the user's last list")
                .baseUnit("events")
                .register(registry);
        servedHits = Counter.builder("eridanus.served.hits")
                .description("Those with the item among the first 10 of that list; divided by the events, served HR@10")
                .baseUnit("hits")
                .register(registry);
        servedExcluded = Counter.builder("eridanus.served.excluded.events")
                .description("Events not counted because the list's model may have learned from them already")
                .baseUnit("events")
                .register(registry);
        Gauge.builder("eridanus.served.hr10", this, metrics -> metrics.servedHitRate)
                .description("Served HR@10, fading average with a half-life of " + (int) PrequentialScores.HALF_LIFE
                        + " events")
                .register(registry);

        loadedVersions = Counter.builder("eridanus.model.loaded.versions")
                .description("Versions of the model taken into service")
                .baseUnit("versions")
                .register(registry);
        refusedVersions = Counter.builder("eridanus.model.refused.versions")
                .description("Versions of the model refused because they are another preset's")
                .baseUnit("versions")
                .register(registry);
        skipped = byKind(
                Skip.class,
                reason -> Counter.builder("eridanus.model.skipped.rows")
                        .description("Rows of the model left out, by the reason")
                        .baseUnit("rows")
                        .tag("reason", label(reason))
                        .register(registry));
        Gauge.builder("eridanus.model.version", this, metrics -> metrics.version)
                .description("Number of the version that is served, 0 for none")
                .register(registry);
        Gauge.builder("eridanus.model.age", this, metrics -> metrics.age)
                .description("Age of the newest interaction in the served version when it was taken into service")
                .baseUnit("seconds")
                .register(registry);
    }

    private static <K extends Enum<K>> Map<K, Counter> byKind(Class<K> kinds, Function<K, Counter> counter) {
        Map<K, Counter> counters = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            counters.put(kind, counter.apply(kind));
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
    public void versionLoaded(ModelRow.Marker marker, long millis) {
        loadedVersions.increment();
        version = marker.version();
        age = millis < 0 ? Double.NaN : millis / MILLIS;
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
        freshness.record(Duration.ofMillis(millis));
    }

    @Override
    public void scored(long nanos) {
        scoring.record(Duration.ofNanos(nanos));
    }

    @Override
    public void recommended(Cause cause) {
        increment(recommendations, cause, 1);
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
}
