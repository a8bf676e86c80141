package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.FadingAverage;
import org.eridanus.evaluation.PrequentialScores;
import org.eridanus.evaluation.PrequentialScores.Figures;
import org.eridanus.evaluation.PrequentialScores.Line;
import org.eridanus.evaluation.PrequentialScores.Users;
import org.eridanus.model.ModelRow;
import org.eridanus.stream.TrainerMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the trainer role.
 *
 * <p>Threading: told by one thread, read by any.
 */
public final class TrainerMetrics implements TrainerMonitor {
    private static final double LOSS_HALF_LIFE = 100;
    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final PrequentialScores scores = new PrequentialScores();
    private final Map<Evaluation.Outcome, Counter> outcomes = new EnumMap<>(Evaluation.Outcome.class);
    private final FadingAverage recentLoss = new FadingAverage(LOSS_HALF_LIFE);
    private final Timer batchTime;
    private final Counter learnedEvents;
    private final Counter versions;
    private final Counter embeddingRows;
    private final Counter pairRows;
    private final Counter droppedEvents;
    private final Counter refusedItems;
    private volatile double loss = Double.NaN;
    private volatile int candidates;
    private volatile long lag;
    private volatile ModelRow.@Nullable Marker marker;

    /**
     * Registers the meters.
     *
     * @param clock tells how far behind a version is when it is closed
     */
    public TrainerMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        for (Evaluation.Outcome outcome : Evaluation.Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("eridanus.evaluation.events")
                            .description("Events tested, by what became of the test")
                            .baseUnit("events")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        Gauge.builder("eridanus.evaluation.candidates", this, metrics -> metrics.candidates)
                .description("Items that the last ranked event was ranked among")
                .baseUnit("candidates")
                .register(registry);
        for (Line line : Line.values()) {
            for (Users users : Users.values()) {
                registerScores(line, users);
            }
        }

        batchTime = Timer.builder("eridanus.training.batch.time")
                .description("Time of the record that completes a mini-batch, test and learning together")
                .register(registry);
        learnedEvents = counter("eridanus.training.events", "events", "Fresh events learned from, replay not counted");
        Gauge.builder("eridanus.training.loss", this, metrics -> metrics.loss)
                .description("Mean loss of a mini-batch, natural logarithm, fading average with a half-life of "
                        + (int) LOSS_HALF_LIFE + " mini-batches")
                .register(registry);
        versions = counter("eridanus.training.versions", "versions", "Versions of the model published");
        embeddingRows = rows("embedding");
        pairRows = rows("pairs");
        gauge("eridanus.training.version", null, "Number of the version published last", ModelRow.Marker::version);
        gauge(
                "eridanus.training.frozen",
                null,
                "1 while learning is stopped, else 0",
                marker -> marker.frozen() ? 1 : 0);
        Gauge.builder("eridanus.training.lag", this, metrics -> metrics.lag / MILLIS)
                .description("Trained-through lag: age of the newest interaction in a version when it is published")
                .baseUnit("seconds")
                .register(registry);
        droppedEvents = counter(
                "eridanus.training.dropped.events", "events", "Remembered events dropped because the window is full");
        refusedItems =
                counter("eridanus.training.refused.items", "items", "Items refused because the item table is full");
    }

    private void registerScores(Line line, Users users) {
        if (users != Users.ALL) {
            // Totals of cold and warm users add up to all; so do their rates.
            total("eridanus.prequential.events", "events", "Ranked events", line, users, Figures::events);
            total(
                    "eridanus.prequential.hits",
                    "hits",
                    "Ranked events with the consumed item among the first 10; divided by the events, HR@10",
                    line,
                    users,
                    Figures::hits);
            total(
                    "eridanus.prequential.ndcg",
                    null,
                    "Sum of NDCG@10; divided by the events, NDCG@10",
                    line,
                    users,
                    Figures::ndcg);
            total(
                    "eridanus.prequential.reciprocal.ranks",
                    null,
                    "Sum of reciprocal ranks; divided by the events, MRR",
                    line,
                    users,
                    Figures::reciprocalRanks);
        }
        recent("eridanus.prequential.hr10", "HR@10", line, users, Figures::recentHitRate);
        recent("eridanus.prequential.ndcg10", "NDCG@10", line, users, Figures::recentNdcg);
        recent("eridanus.prequential.mrr", "MRR", line, users, Figures::recentReciprocalRank);
    }

    private void total(
            String name,
            @Nullable String unit,
            String description,
            Line line,
            Users users,
            ToDoubleFunction<Figures> figure) {
        FunctionCounter.builder(name, scores, from -> figure.applyAsDouble(from.figures(line, users)))
                .description(description)
                .baseUnit(unit)
                .tag("line", line.label())
                .tag("users", users.label())
                .register(registry);
    }

    private void recent(String name, String metric, Line line, Users users, ToDoubleFunction<Figures> figure) {
        Gauge.builder(name, scores, from -> figure.applyAsDouble(from.figures(line, users)))
                .description("Prequential " + metric + ", fading average with a half-life of "
                        + (int) PrequentialScores.HALF_LIFE + " ranked events")
                .tag("line", line.label())
                .tag("users", users.label())
                .register(registry);
    }

    private Counter counter(String name, String unit, String description) {
        return Counter.builder(name).description(description).baseUnit(unit).register(registry);
    }

    private Counter rows(String kind) {
        return Counter.builder("eridanus.training.rows")
                .description("Rows of the model written; divided by the events, rows written per event")
                .baseUnit("rows")
                .tag("kind", kind)
                .register(registry);
    }

    private void gauge(
            String name, @Nullable String unit, String description, ToDoubleFunction<ModelRow.Marker> figure) {
        Gauge.builder(name, this, metrics -> {
                    ModelRow.Marker last = metrics.marker;
                    return last == null ? 0 : figure.applyAsDouble(last);
                })
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    /** Accuracy so far, of events tested since this process started. */
    public PrequentialScores scores() {
        return scores;
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        Counter counter = outcomes.get(evaluation.outcome());
        if (counter != null) {
            counter.increment();
        }
        if (evaluation.ranked()) {
            candidates = evaluation.candidates();
            scores.add(evaluation);
        }
    }

    @Override
    public void learned(int events, double meanLoss, long nanos) {
        learnedEvents.increment(events);
        batchTime.record(java.time.Duration.ofNanos(nanos));
        recentLoss.add(meanLoss);
        loss = recentLoss.value();
    }

    @Override
    public void published(ModelRow.Marker published) {
        if (marker == null) {
            Gauge.builder("eridanus.training.settings", () -> 1)
                    .description("Always 1; its labels say what is trained: preset, hash of the settings, and what the"
                            + " bits of matrix products depend on")
                    .tag("preset", published.preset())
                    .tag("hash", published.hash())
                    .tag("kernel", published.kernel())
                    .register(registry);
        }
        versions.increment();
        embeddingRows.increment(published.rows());
        pairRows.increment(published.pairRows());
        if (published.newestRecordTime() > 0) {
            lag = Math.max(0, clock.millis() - published.newestRecordTime());
        }
        marker = published;
    }

    @Override
    public void dropped(long events) {
        droppedEvents.increment(events);
    }

    @Override
    public void refusedItems(long items) {
        refusedItems.increment(items);
    }
}
