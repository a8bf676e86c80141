package org.eridanus.dataset;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;

/**
 * HR@10, test then learn: before each event all items that the user has not consumed are ranked, and the event is a
 * hit if its item is among the first ten. Of items with equal scores the one asked for comes last. Three simple
 * recommenders show what a data set holds for each kind.
 */
final class PrequentialHitRate {
    private static final int K = 10;

    private PrequentialHitRate() {}

    /** What is ranked and then taught; users and items are numbers. */
    interface Recommender {
        /** Adds to {@code scores}, [items], all zero; {@code history} is what the user did, oldest first. */
        void score(int user, List<Integer> history, double[] scores);

        /** Learns one event; {@code history} is without it. */
        void learn(int user, List<Integer> history, int item);
    }

    /** The share of hits among all events whose item is new to the user. */
    static double of(Recommender recommender, Dataset dataset) {
        Map<String, Integer> items =
                index(dataset.items().stream().map(Item::id).toList());
        Map<String, Integer> users = new HashMap<>();
        List<List<Integer>> histories = new ArrayList<>();
        List<BitSet> consumed = new ArrayList<>();
        int hits = 0;
        int ranked = 0;
        for (Interaction interaction : dataset.interactions()) {
            int user = users.computeIfAbsent(interaction.user(), id -> users.size());
            if (user == histories.size()) {
                histories.add(new ArrayList<>());
                consumed.add(new BitSet());
            }
            int item = items.get(interaction.item());
            List<Integer> history = histories.get(user);
            if (!consumed.get(user).get(item)) {
                double[] scores = new double[items.size()];
                recommender.score(user, history, scores);
                hits += isHit(item, scores, consumed.get(user)) ? 1 : 0;
                ranked++;
            }
            recommender.learn(user, history, item);
            history.add(item);
            consumed.get(user).set(item);
        }
        return hits / (double) ranked;
    }

    private static boolean isHit(int item, double[] scores, BitSet consumed) {
        int before = 0;
        for (int other = 0; other < scores.length && before < K; other++) {
            if (other != item && scores[other] >= scores[item] && !consumed.get(other)) {
                before++;
            }
        }
        return before < K;
    }

    private static Map<String, Integer> index(List<String> ids) {
        Map<String, Integer> index = new HashMap<>();
        ids.forEach(id -> index.putIfAbsent(id, index.size()));
        return index;
    }

    /** Counts each item, half of a count being forgotten after 5 000 events. */
    static final class Popularity implements Recommender {
        private final double[] counts;
        private double weight = 1.0;

        Popularity(Dataset dataset) {
            counts = new double[dataset.items().size()];
        }

        @Override
        public void score(int user, List<Integer> history, double[] scores) {
            for (int item = 0; item < scores.length; item++) {
                scores[item] += counts[item];
            }
        }

        @Override
        public void learn(int user, List<Integer> history, int item) {
            counts[item] += weight;
            weight *= Math.pow(2.0, 1.0 / 5_000.0);
        }
    }

    /** Popularity times the share of the item's genres in what the user consumed. */
    static final class UserGenres implements Recommender {
        private final Popularity popularity;
        private final int[][] genresOf;
        private final int genres;
        private final Map<Integer, double[]> countsOf = new HashMap<>();

        UserGenres(Dataset dataset) {
            popularity = new Popularity(dataset);
            Map<String, Integer> index = index(dataset.items().stream()
                    .flatMap(item -> item.attributes().all("genres").stream())
                    .distinct()
                    .toList());
            genres = index.size();
            genresOf = dataset.items().stream()
                    .map(item -> item.attributes().all("genres").stream()
                            .mapToInt(index::get)
                            .toArray())
                    .toArray(int[][]::new);
        }

        @Override
        public void score(int user, List<Integer> history, double[] scores) {
            popularity.score(user, history, scores);
            double[] counts = countsOf.computeIfAbsent(user, id -> new double[genres]);
            for (int item = 0; item < scores.length; item++) {
                double liked = 0.0;
                for (int genre : genresOf[item]) {
                    liked += counts[genre] / genresOf[item].length;
                }
                scores[item] *= liked / (history.size() + 1.0) + 0.02;
            }
        }

        @Override
        public void learn(int user, List<Integer> history, int item) {
            popularity.learn(user, history, item);
            double[] counts = countsOf.computeIfAbsent(user, id -> new double[genres]);
            for (int genre : genresOf[item]) {
                counts[genre]++;
            }
        }
    }

    /**
     * Sequential rules: T[h, i] += 1/(p+1) for the user's last 20 items h, p = 0 the newest; an item scores
     * Σ .85^p T[h_p, i] / √(n(h_p) + 1) over the last 30. Popularity decides between equals.
     */
    static final class SequentialRules implements Recommender {
        private static final int WINDOW = 20;
        private static final int LAST = 30;

        private final Popularity popularity;
        private final double[][] rules;
        private final int[] counts;

        SequentialRules(Dataset dataset) {
            popularity = new Popularity(dataset);
            rules = new double[dataset.items().size()][dataset.items().size()];
            counts = new int[dataset.items().size()];
        }

        @Override
        public void score(int user, List<Integer> history, double[] scores) {
            popularity.score(user, history, scores);
            double most = Math.max(1.0, DoubleStream.of(scores).max().orElseThrow());
            for (int item = 0; item < scores.length; item++) {
                scores[item] *= 1e-6 / most;
            }
            double decay = 1.0;
            for (int p = 0; p < Math.min(LAST, history.size()); p++, decay *= 0.85) {
                int from = history.get(history.size() - 1 - p);
                double scale = decay / Math.sqrt(counts[from] + 1.0);
                for (int item = 0; item < scores.length; item++) {
                    scores[item] += scale * rules[from][item];
                }
            }
        }

        @Override
        public void learn(int user, List<Integer> history, int item) {
            popularity.learn(user, history, item);
            for (int p = 0; p < Math.min(WINDOW, history.size()); p++) {
                rules[history.get(history.size() - 1 - p)][item] += 1.0 / (p + 1.0);
            }
            counts[item]++;
        }
    }

    /** The items by how often {@code interactions} have them, most often first. */
    static List<String> byPopularity(List<Interaction> interactions) {
        Map<String, Integer> counts = new HashMap<>();
        interactions.forEach(interaction -> counts.merge(interaction.item(), 1, Integer::sum));
        return counts.keySet().stream()
                .sorted(Comparator.<String>comparingInt(item -> -counts.get(item))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
