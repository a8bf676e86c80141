package org.eridanus.evaluation;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Accuracy by tests that each event makes before it is learned from, of the model beside its control lines on the same
 * events: totals since the start, and a fading average that shows how it is doing now. Events that were not ranked do not
 * count.
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

    private final Map<Line, Map<Users, Score>> scores = new EnumMap<>(Line.class);

    /** Scores of nothing. */
    public PrequentialScores() {
        for (Line line : Line.values()) {
            Map<Users, Score> byUsers = new EnumMap<>(Users.class);
            for (Users users : Users.values()) {
                byUsers.put(users, new Score());
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
        scores.forEach((line, byUsers) -> {
            int rank = line.rank(evaluation);
            byUsers.forEach((users, score) -> {
                if (users == Users.ALL || users == temperature) {
                    score.add(rank);
                }
            });
        });
    }

    /** How well a line ranks some users' events. */
    public synchronized Figures figures(Line line, Users users) {
        Map<Users, Score> byUsers = scores.get(line);
        Score score = byUsers == null ? null : byUsers.get(users);
        if (score == null) {
            throw new IllegalStateException("no score of " + line + " for " + users);
        }
        return score.figures();
    }

    private static final class Score {
        private final FadingAverage recentHitRate = new FadingAverage(HALF_LIFE);
        private final FadingAverage recentNdcg = new FadingAverage(HALF_LIFE);
        private final FadingAverage recentReciprocalRank = new FadingAverage(HALF_LIFE);
        private long events;
        private long hits;
        private double ndcg;
        private double reciprocalRanks;

        void add(int rank) {
            double hit = RankMetrics.hitRate(rank, K);
            double gain = RankMetrics.ndcg(rank, K);
            double reciprocal = RankMetrics.reciprocalRank(rank);
            events++;
            hits += (long) hit;
            ndcg += gain;
            reciprocalRanks += reciprocal;
            recentHitRate.add(hit);
            recentNdcg.add(gain);
            recentReciprocalRank.add(reciprocal);
        }

        Figures figures() {
            return new Figures(
                    events,
                    hits,
                    ndcg,
                    reciprocalRanks,
                    recentHitRate.value(),
                    recentNdcg.value(),
                    recentReciprocalRank.value());
        }
    }
}
