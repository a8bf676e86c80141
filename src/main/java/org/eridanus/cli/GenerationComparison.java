package org.eridanus.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eridanus.accounting.FactReader;
import org.eridanus.evaluation.BatchMeans;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.RankMetrics;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;

/**
 * How two generations foresaw the same events, each event before it was learned from. Only events count that both have
 * ranked; they stand in the order in which the log has them. The difference comes with its interval by batch means.
 *
 * <p>The newest {@value #MOST} tests of either generation that wait for the other's are remembered.
 *
 * <p>Threading: for one thread.
 */
final class GenerationComparison {
    /** Most tests without a partner that are remembered of a generation. */
    static final int MOST = 1_000_000;

    private static final int K = 10;
    private static final int BATCHES = 50;

    private final Generation served;
    private final Generation other;
    private final Waiting ofServed = new Waiting();
    private final Waiting ofOther = new Waiting();
    private final List<Pair> pairs = new ArrayList<>();

    /** Tests without a partner, the oldest first. */
    private static final class Waiting extends LinkedHashMap<Coordinate, Evaluation> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Coordinate, Evaluation> eldest) {
            return size() > MOST;
        }
    }

    private record Pair(long event, int served, int other) {}

    /**
     * A mean for each generation, and the mean of what the other one has more.
     *
     * @param gain with its 95 % interval, which is NaN for few events
     */
    record Line(double served, double other, BatchMeans.Interval gain) {}

    /**
     * The comparison over some events.
     *
     * @param events how many
     * @param hr10 HR@10
     * @param ndcg10 NDCG@10
     * @param mrr mean reciprocal rank among all candidates
     */
    record Over(int events, Line hr10, Line ndcg10, Line mrr) {}

    /**
     * A comparison of nothing.
     *
     * @param served the generation that is served
     * @param other the one that may take its place
     */
    GenerationComparison(Generation served, Generation other) {
        this.served = served;
        this.other = other;
    }

    /** Takes in a test by any generation. */
    void add(FactReader.Tested tested) {
        Evaluation test = tested.evaluation();
        if (!test.ranked()) {
            return;
        }
        if (tested.generation().equals(served)) {
            Evaluation partner = ofOther.remove(test.coordinate());
            if (partner == null) {
                ofServed.put(test.coordinate(), test);
            } else {
                pair(test, partner);
            }
        } else if (tested.generation().equals(other)) {
            Evaluation partner = ofServed.remove(test.coordinate());
            if (partner == null) {
                ofOther.put(test.coordinate(), test);
            } else {
                pair(partner, test);
            }
        }
    }

    private void pair(Evaluation byServed, Evaluation byOther) {
        pairs.add(new Pair(byOther.event(), byServed.model(), byOther.model()));
    }

    /** Over all events that both have ranked. */
    Over all() {
        return over(sorted());
    }

    /** Over the newer half of them: neither generation is at its beginning there. */
    Over lastHalf() {
        List<Pair> sorted = sorted();
        return over(sorted.subList(sorted.size() / 2, sorted.size()));
    }

    private List<Pair> sorted() {
        pairs.sort(Comparator.comparingLong(Pair::event));
        return pairs;
    }

    private static Over over(List<Pair> pairs) {
        return new Over(
                pairs.size(),
                line(pairs, rank -> RankMetrics.hitRate(rank, K)),
                line(pairs, rank -> RankMetrics.ndcg(rank, K)),
                line(pairs, RankMetrics::reciprocalRank));
    }

    private interface Score {
        double of(int rank);
    }

    private static Line line(List<Pair> pairs, Score score) {
        BatchMeans gains = new BatchMeans(BATCHES, Math.max(1, pairs.size() / BATCHES));
        double byServed = 0;
        double byOther = 0;
        for (Pair pair : pairs) {
            double first = score.of(pair.served);
            double second = score.of(pair.other);
            byServed += first;
            byOther += second;
            gains.add(second - first);
        }
        int n = pairs.size();
        return new Line(byServed / n, byOther / n, gains.interval());
    }

    /**
     * Whether nothing speaks against serving the other generation: there is an interval, and it is not all below 0.
     */
    static boolean supports(Over over) {
        return over.ndcg10.gain.upper() >= 0;
    }

    /** The comparison as a table. */
    String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-22s %12s %12s   %s%n",
                "same events",
                "served: " + served,
                "new: " + other,
                "difference, 95 % interval"));
        rows(text, "all", all());
        rows(text, "last half", lastHalf());
        return text.toString();
    }

    private static void rows(StringBuilder text, String over, Over of) {
        text.append(String.format(Locale.ROOT, "%-22s %25s%n", over, String.format(Locale.ROOT, "%,d", of.events)));
        row(text, "HR@10", of.hr10);
        row(text, "NDCG@10", of.ndcg10);
        row(text, "MRR", of.mrr);
    }

    private static void row(StringBuilder text, String name, Line line) {
        BatchMeans.Interval gain = line.gain;
        text.append(String.format(
                Locale.ROOT,
                "  %-20s %12.4f %12.4f   %s%n",
                name,
                line.served,
                line.other,
                Double.isNaN(gain.mean())
                        ? "too few events"
                        : String.format(Locale.ROOT, "%+.4f (%+.4f..%+.4f)", gain.mean(), gain.lower(), gain.upper())));
    }

    /** The comparison as a tree of maps and numbers; what there is none of is left out. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("all", tree(all()));
        tree.put("lastHalf", tree(lastHalf()));
        return tree;
    }

    private static Map<String, Object> tree(Over over) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("events", over.events);
        if (over.events > 0) {
            tree.put("hr10", tree(over.hr10));
            tree.put("ndcg10", tree(over.ndcg10));
            tree.put("mrr", tree(over.mrr));
        }
        return tree;
    }

    private static Map<String, Object> tree(Line line) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("served", line.served);
        tree.put("new", line.other);
        if (!Double.isNaN(line.gain.mean())) {
            tree.put("gain", line.gain.mean());
            tree.put("gainLower", line.gain.lower());
            tree.put("gainUpper", line.gain.upper());
        }
        return tree;
    }
}
