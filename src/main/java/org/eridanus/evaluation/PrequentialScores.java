package org.eridanus.evaluation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Accuracy by tests that each event makes before it is learned from, of the model beside its control lines on the same
 * events: totals since the start, a fading average and a window that show how it is doing now, and by how much the model is
 * ahead of a control line, event by event, with the interval of that difference. Events that were not ranked do not count.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class PrequentialScores {
    /** Length of the lists that HR@k and NDCG@k judge. */
    public static final int K = 10;
    /** A user with fewer earlier events is cold. */
    public static final int COLD_BELOW = 10;
    /** Ranked events after which one counts half in the fading averages. */
    public static final double HALF_LIFE = 2_000;

    /** Ranked events of a batch, see {@link BatchMeans}. */
    public static final int BATCH = 100;
    /** Full batches in the window. */
    public static final int BATCHES = 50;

    /** How a rank is judged. */
    public enum Measure {
        /** HR@{@value PrequentialScores#K}. */
        HR10,
        /** NDCG@{@value PrequentialScores#K}. */
        NDCG10,
        /** Mean reciprocal rank. */
        MRR;

        /** The spelling in metrics, e.g. {@code ndcg10}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The judgement on one rank, 1 the best. */
        double of(int rank) {
            return switch (this) {
                case HR10 -> RankMetrics.hitRate(rank, K);
                case NDCG10 -> RankMetrics.ndcg(rank, K);
                case MRR -> RankMetrics.reciprocalRank(rank);
            };
        }
    }

    /** What ranks. */
    public enum Line {
        /** The model. */
        MODEL,
        /** Control line: decayed popularity. */
        POPULARITY,
        /** Control line: sequential rules. */
        SEQUENTIAL_RULES;

        /** The spelling in metrics, e.g. {@code sequential-rules}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** This line's rank in a test. */
        public int rank(Evaluation evaluation) {
            return switch (this) {
                case MODEL -> evaluation.model();
                case POPULARITY -> evaluation.popularity();
                case SEQUENTIAL_RULES -> evaluation.sequentialRules();
            };
        }
    }

    /** Whose events. */
    public enum Users {
        /** Everybody's. */
        ALL,
        /** Of users with fewer than {@value PrequentialScores#COLD_BELOW} earlier events. */
        COLD,
        /** Of the others. */
        WARM;

        /** The spelling in metrics, e.g. {@code cold}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How well one line ranks some users' events.
     *
     * @param events ranked events
     * @param hits those with the item among the first {@value PrequentialScores#K}
     * @param ndcg sum of their NDCG@{@value PrequentialScores#K}
     * @param reciprocalRanks sum of their reciprocal ranks
     * @param recentHitRate fading average of HR@{@value PrequentialScores#K}, NaN without events
     * @param recentNdcg fading average of NDCG@{@value PrequentialScores#K}, NaN without events
     * @param recentReciprocalRank fading average of the reciprocal rank, NaN without events
     */
    public record Figures(
            long events,
            long hits,
            double ndcg,
            double reciprocalRanks,
            double recentHitRate,
            double recentNdcg,
            double recentReciprocalRank) {}

    private final Map<Line, Map<Users, Map<Measure, Track>>> scores = new EnumMap<>(Line.class);

    /** Scores of nothing. */
    public PrequentialScores() {
        for (Line line : Line.values()) {
            Map<Users, Map<Measure, Track>> byUsers = new EnumMap<>(Users.class);
            for (Users users : Users.values()) {
                Map<Measure, Track> byMeasure = new EnumMap<>(Measure.class);
                for (Measure measure : Measure.values()) {
                    byMeasure.put(measure, new Track());
                }
                byUsers.put(users, byMeasure);
            }
            scores.put(line, byUsers);
        }
    }

    /** Takes in one test. */
    public synchronized void add(Evaluation evaluation) {
        if (!evaluation.ranked()) {
            return;
        }
        Users temperature = evaluation.consumed() < COLD_BELOW ? Users.COLD : Users.WARM;
        scores.forEach((line, byUsers) -> byUsers.forEach((users, byMeasure) -> {
            if (users == Users.ALL || users == temperature) {
                byMeasure.forEach((measure, track) ->
                        track.add(measure.of(line.rank(evaluation)), measure.of(evaluation.model())));
            }
        }));
    }

    /** How well a line ranks some users' events. */
    public synchronized Figures figures(Line line, Users users) {
        Track hits = track(line, users, Measure.HR10);
        Track ndcg = track(line, users, Measure.NDCG10);
        Track reciprocal = track(line, users, Measure.MRR);
        return new Figures(
                hits.events,
                (long) hits.sum,
                ndcg.sum,
                reciprocal.sum,
                hits.fading.value(),
                ndcg.fading.value(),
                reciprocal.fading.value());
    }

    /** A line's sum of a measure over some users' ranked events. */
    public synchronized double total(Line line, Users users, Measure measure) {
        return track(line, users, measure).sum;
    }

    /** A line's fading average of a measure, NaN without events. */
    public synchronized double fading(Line line, Users users, Measure measure) {
        return track(line, users, measure).fading.value();
    }

    /**
     * A line's mean of a measure over the newest {@value #BATCHES} · {@value #BATCH} ranked events and those of the batch that
     * is filling, NaN without events.
     */
    public synchronized double window(Line line, Users users, Measure measure) {
        return track(line, users, measure).window.mean();
    }

    /**
     * By how much the model is ahead of a control line on the same events, mean of the window's differences and its 95 %
     * interval; all NaN below {@value BatchMeans#MIN_BATCHES} · {@value #BATCH} events.
     */
    public synchronized BatchMeans.Interval gain(Line control, Users users, Measure measure) {
        return track(control, users, measure).gain.interval();
    }

    private Track track(Line line, Users users, Measure measure) {
        Map<Users, Map<Measure, Track>> byUsers = scores.get(line);
        Map<Measure, Track> byMeasure = byUsers == null ? null : byUsers.get(users);
        Track track = byMeasure == null ? null : byMeasure.get(measure);
        if (track == null) {
            throw new IllegalStateException("no " + measure + " of " + line + " for " + users);
        }
        return track;
    }

    /** One measure of one line on some users' events. */
    private static final class Track {
        private final FadingAverage fading = new FadingAverage(HALF_LIFE);
        private final BatchMeans window = new BatchMeans(BATCHES, BATCH);
        private final BatchMeans gain = new BatchMeans(BATCHES, BATCH);
        private long events;
        private double sum;

        void add(double value, double model) {
            events++;
            sum += value;
            fading.add(value);
            window.add(value);
            gain.add(model - value);
        }
    }
}
