package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.FadingAverage;
import org.eridanus.evaluation.PrequentialScores;
import org.eridanus.evaluation.PrequentialScores.Line;
import org.eridanus.evaluation.PrequentialScores.Measure;
import org.eridanus.evaluation.PrequentialScores.Users;
import org.eridanus.model.LearningGuard;
import org.eridanus.model.ModelRow;
import org.eridanus.stream.TrainerMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the trainer role.
 *
 * <p>While this instance has no trainer, because its task was closed or went to another instance, gauges are NaN, which
 * {@code max} passes over: what the trainer was like here is no longer so. Counters stay.
 *
 * <p>Threading: told by one thread, read by any.
 */
public final class TrainerMetrics implements TrainerMonitor {
    private static final double HALF_LIFE = 100;
    /** Events of one version whose age is measured; a version is closed long before there are as many. */
    private static final int MEASURED_EVENTS = 100_000;

    private static final Map<Measure, Metric> BY_MEASURE = new EnumMap<>(Map.of(
            Measure.HR10, Metric.PREQUENTIAL_HR10,
            Measure.NDCG10, Metric.PREQUENTIAL_NDCG10,
            Measure.MRR, Metric.PREQUENTIAL_MRR));
    private static final Map<Measure, Metric> TOTALS = new EnumMap<>(Map.of(
            Measure.HR10, Metric.PREQUENTIAL_HITS,
            Measure.NDCG10, Metric.PREQUENTIAL_NDCG,
            Measure.MRR, Metric.PREQUENTIAL_RECIPROCAL_RANKS));

    private final MeterRegistry registry;
    private final Clock clock;
    private final PrequentialScores scores = new PrequentialScores();
    private final Map<Evaluation.Outcome, Counter> outcomes = new EnumMap<>(Evaluation.Outcome.class);
    private final FadingAverage recentLoss = new FadingAverage(HALF_LIFE);
    private final FadingAverage recentGradientNorm = new FadingAverage(HALF_LIFE);
    private final Timer trained;
    private final DistributionSummary batchEvents;
    private final Timer batchTime;
    private final Counter learnedEvents;
    private final Counter versions;
    private final DistributionSummary embeddingRows;
    private final DistributionSummary pairRows;
    private final Counter droppedEvents;
    private final Counter prunedSuccessors;
    private final Counter refusedItems;
    private final Counter evictedItems;
    private final Map<LearningGuard.Reason, Counter> refusedSteps = new EnumMap<>(LearningGuard.Reason.class);
    private final Counter collapses;
    private final long[] waiting = new long[MEASURED_EVENTS];
    private int waitingCount;
    private volatile double loss = Double.NaN;
    private volatile double gradientNorm = Double.NaN;
    private volatile int candidates;
    /** Whether the trainer was here and is not any more. */
    private volatile boolean gone;

    private volatile ModelRow.@Nullable Marker marker;

    /**
     * Registers the meters.
     *
     * @param clock tells how old events are when their version is closed
     */
    TrainerMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        for (Evaluation.Outcome outcome : Evaluation.Outcome.values()) {
            outcomes.put(outcome, Metric.EVALUATION_EVENTS.counter(registry, outcome.label()));
        }
        gauge(Metric.CANDIDATES, metrics -> metrics.candidates);
        registerScores();

        trained = Metric.FRESHNESS.timer(registry, "trained");
        learnedEvents = Metric.TRAINING_EVENTS.counter(registry);
        batchEvents = Metric.BATCH_EVENTS.summary(registry);
        batchTime = Metric.BATCH_TIME.timer(registry);
        gauge(Metric.LOSS, metrics -> metrics.loss);
        gauge(Metric.GRADIENT_NORM, metrics -> metrics.gradientNorm);
        versions = Metric.VERSIONS.counter(registry);
        embeddingRows = Metric.VERSION_ROWS.summary(registry, "embedding");
        pairRows = Metric.VERSION_ROWS.summary(registry, "pairs");
        gauge(Metric.TRAINING_VERSION, metrics -> metrics.ofLast(ModelRow.Marker::version));
        collapses = Metric.COLLAPSES.counter(registry);
        gauge(Metric.FROZEN, metrics -> metrics.ofLast(last -> last.frozen() ? 1 : 0));
        droppedEvents = Metric.DROPPED_EVENTS.counter(registry);
        prunedSuccessors = Metric.PRUNED_SUCCESSORS.counter(registry);
        refusedItems = Metric.REFUSED_ITEMS.counter(registry);
        evictedItems = Metric.EVICTED_ITEMS.counter(registry);
        for (LearningGuard.Reason reason : LearningGuard.Reason.values()) {
            refusedSteps.put(reason, Metric.REFUSED_STEPS.counter(registry, reason.label()));
        }
    }

    private void registerScores() {
        for (Users users : Users.values()) {
            // Totals of cold and warm users add up to all; so do their rates.
            if (users != Users.ALL) {
                Metric.PREQUENTIAL_EVENTS.total(
                        registry,
                        scores,
                        from -> from.figures(Line.MODEL, users).events(),
                        users.label());
            }
            for (Line line : Line.values()) {
                for (Measure measure : Measure.values()) {
                    registerScore(line, users, measure);
                }
            }
        }
    }

    private void registerScore(Line line, Users users, Measure measure) {
        if (users != Users.ALL) {
            of(TOTALS, measure)
                    .total(registry, scores, from -> from.total(line, users, measure), line.label(), users.label());
        }
        Metric recent = of(BY_MEASURE, measure);
        gauge(recent, metrics -> metrics.scores.window(line, users, measure), line.label(), users.label(), "window");
        gauge(recent, metrics -> metrics.scores.fading(line, users, measure), line.label(), users.label(), "fading");
        if (line != Line.MODEL) {
            String[] labels = {measure.label(), line.label(), users.label()};
            gauge(
                    Metric.GAIN,
                    metrics -> metrics.scores.gain(line, users, measure).mean(),
                    labels);
            gauge(
                    Metric.GAIN_LOWER,
                    metrics -> metrics.scores.gain(line, users, measure).lower(),
                    labels);
            gauge(
                    Metric.GAIN_UPPER,
                    metrics -> metrics.scores.gain(line, users, measure).upper(),
                    labels);
        }
    }

    private static Metric of(Map<Measure, Metric> metrics, Measure measure) {
        Metric metric = metrics.get(measure);
        if (metric == null) {
            throw new IllegalStateException("no meter shows " + measure);
        }
        return metric;
    }

    private double ofLast(ToDoubleFunction<ModelRow.Marker> figure) {
        ModelRow.Marker last = marker;
        return last == null ? 0 : figure.applyAsDouble(last);
    }

    /** Registers a gauge of the trainer, which shows a figure as long as the trainer is here. */
    private void gauge(Metric metric, ToDoubleFunction<TrainerMetrics> figure, String... labels) {
        metric.gauge(registry, this, metrics -> metrics.gone ? Double.NaN : figure.applyAsDouble(metrics), labels);
    }

    /** Accuracy so far, of events tested since this process started. */
    public PrequentialScores scores() {
        return scores;
    }

    @Override
    public void evaluated(Evaluation evaluation, long recordTime) {
        Counter counter = outcomes.get(evaluation.outcome());
        if (counter != null) {
            counter.increment();
        }
        if (evaluation.ranked()) {
            candidates = evaluation.candidates();
            scores.add(evaluation);
        }
        gone = false;
        if (waitingCount < waiting.length) {
            waiting[waitingCount++] = recordTime;
        }
    }

    @Override
    public void learned(int events, double meanLoss, double norm, long nanos) {
        learnedEvents.increment(events);
        batchEvents.record(events);
        batchTime.record(Duration.ofNanos(nanos));
        // What was refused is counted apart, and must not end the averages.
        if (Double.isFinite(meanLoss) && Double.isFinite(norm)) {
            recentLoss.add(meanLoss);
            loss = recentLoss.value();
            recentGradientNorm.add(norm);
            gradientNorm = recentGradientNorm.value();
        }
    }

    @Override
    public void published(ModelRow.Marker published) {
        versions.increment();
        embeddingRows.record(published.rows());
        pairRows.record(published.pairRows());
        if (!published.frozen()) {
            long now = clock.millis();
            Arrays.stream(waiting, 0, waitingCount)
                    .forEach(recordTime -> trained.record(Duration.ofMillis(Math.max(0, now - recordTime))));
        }
        waitingCount = 0;
        restored(published);
    }

    @Override
    public void restored(ModelRow.Marker last) {
        if (marker == null) {
            gauge(Metric.TRAINED_SETTINGS, metrics -> 1, last.preset(), last.hash(), last.kernel());
        }
        marker = last;
        gone = false;
    }

    /** Whether the trainer is here and its learning is stopped, as its last version says. */
    public boolean frozen() {
        ModelRow.Marker last = marker;
        return last != null && last.frozen() && !gone;
    }

    @Override
    public void closed() {
        // The next trainer here tests again what this one has not closed a version with.
        waitingCount = 0;
        gone = true;
    }

    @Override
    public void dropped(long events) {
        droppedEvents.increment(events);
    }

    @Override
    public void pruned(long successors) {
        prunedSuccessors.increment(successors);
    }

    @Override
    public void refusedSteps(LearningGuard.Reason reason, long steps) {
        Objects.requireNonNull(refusedSteps.get(reason)).increment(steps);
    }

    @Override
    public void collapsed() {
        collapses.increment();
    }

    @Override
    public void evictedItems(long items) {
        evictedItems.increment(items);
    }

    @Override
    public void refusedItems(long items) {
        refusedItems.increment(items);
    }
}
