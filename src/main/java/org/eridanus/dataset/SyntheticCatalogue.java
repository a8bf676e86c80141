package org.eridanus.dataset;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;

/**
 * The items of a {@link SyntheticWorld}: their clusters, rings, genres, popularity, successors and days of release,
 * and from these the choices that users make. Time is divided into {@value #EPOCHS} epochs; within one, weights
 * stand still. The formulas are in the javadoc of {@link SyntheticWorld}.
 *
 * <p>Immutable once made; draws use the generator that the caller hands in.
 */
final class SyntheticCatalogue {
    static final int EPOCHS = 60;

    /** How many items ahead on its ring an item leads to. */
    private static final int SUCCESSORS = 20;

    private static final double SUCCESSOR_DECAY = 0.82;
    private static final double BRIDGE_CHANCE = 0.1;
    private static final double POPULARITY_OFFSET = 4.0;
    private static final double FIRST_GENRE_CHANCE = 0.9;
    private static final double SECOND_GENRE_CHANCE = 0.3;
    private static final double STRAY_GENRE_CHANCE = 0.1;
    private static final double TREND_AMPLITUDE = 1.5;
    private static final double NOVELTY_BOOST = 5.0;
    private static final double NOVELTY_TIME = 0.05;
    private static final int OLDEST_RELEASE_YEARS = 40;

    /** At full drift this share of the items is there from the beginning. */
    private static final double LEAST_INITIAL_SHARE = 0.3;

    private final SyntheticWorld.Settings settings;
    private final int[] clusterOf;
    /** [cluster]: index of its first genre, and of its second. */
    private final int[] firstGenre;

    private final int[] secondGenre;
    /** [item]: popularity before trends, (rank + 4)^-skew. */
    private final double[] popularity;
    /** [item]: moment of release as a share of the span; negative for what was there before. */
    private final double[] release;
    /** [cluster][place on the ring]: item. */
    private final int[][] rings;

    private final int[][] successors;
    private final WeightedChoice[] successorChoice;
    private final WeightedChoice[] clusterChoice = new WeightedChoice[EPOCHS];
    private final WeightedChoice[][] itemChoice = new WeightedChoice[EPOCHS][];

    SyntheticCatalogue(SyntheticWorld.Settings settings, SplitMix64 random) {
        this.settings = settings;
        int items = settings.items();
        int clusters = settings.clusters();
        int genres = Titles.GENRES.size();
        clusterOf = new int[items];
        popularity = new double[items];
        release = new double[items];
        firstGenre = random.permutation(clusters);
        secondGenre = new int[clusters];
        for (int cluster = 0; cluster < clusters; cluster++) {
            firstGenre[cluster] %= genres;
            secondGenre[cluster] = (firstGenre[cluster] + 1 + random.nextInt(genres - 1)) % genres;
        }
        drawItems(random);
        rings = drawRings(random);
        successors = new int[items][];
        successorChoice = new WeightedChoice[items];
        drawSuccessors(random);
        drawEpochs(random);
    }

    /** How many items are there from the beginning, at least 1. */
    static int initialItems(int items, double drift) {
        double share = 1.0 - (1.0 - LEAST_INITIAL_SHARE) * drift;
        return Math.max(1, (int) Math.round(items * share));
    }

    private void drawItems(SplitMix64 random) {
        int items = settings.items();
        int[] rank = random.permutation(items);
        int[] cluster = random.permutation(items);
        int[] age = random.permutation(items);
        int initial = initialItems(items, settings.drift());
        for (int item = 0; item < items; item++) {
            popularity[item] = StrictMath.pow(rank[item] + POPULARITY_OFFSET, -settings.skew());
            clusterOf[item] = cluster[item] % settings.clusters();
            release[item] = age[item] < initial ? -random.nextDouble() : 0.95 * random.nextDouble();
        }
    }

    private int[][] drawRings(SplitMix64 random) {
        List<List<Integer>> members = new ArrayList<>();
        for (int cluster = 0; cluster < settings.clusters(); cluster++) {
            members.add(new ArrayList<>());
        }
        for (int item : random.permutation(settings.items())) {
            members.get(clusterOf[item]).add(item);
        }
        return members.stream()
                .map(ring -> ring.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private void drawSuccessors(SplitMix64 random) {
        for (int[] ring : rings) {
            for (int place = 0; place < ring.length; place++) {
                int count = Math.min(SUCCESSORS, ring.length - 1);
                int[] next = new int[count];
                double[] weights = new double[count];
                for (int m = 0; m < count; m++) {
                    next[m] = random.chance(BRIDGE_CHANCE)
                            ? random.nextInt(settings.items())
                            : ring[(place + 1 + m) % ring.length];
                    weights[m] = StrictMath.pow(SUCCESSOR_DECAY, m) * StrictMath.sqrt(popularity[next[m]]);
                }
                successors[ring[place]] = next;
                successorChoice[ring[place]] = new WeightedChoice(weights);
            }
        }
    }

    private void drawEpochs(SplitMix64 random) {
        int clusters = settings.clusters();
        double[] cycles = new double[clusters];
        double[] phase = new double[clusters];
        for (int cluster = 0; cluster < clusters; cluster++) {
            cycles[cluster] = 0.5 + 1.5 * random.nextDouble();
            phase[cluster] = random.nextDouble();
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            double time = epoch / (double) EPOCHS;
            double[] clusterWeights = new double[clusters];
            itemChoice[epoch] = new WeightedChoice[clusters];
            for (int cluster = 0; cluster < clusters; cluster++) {
                double wave = StrictMath.sin(2.0 * StrictMath.PI * (cycles[cluster] * time + phase[cluster]));
                double trend = StrictMath.exp(TREND_AMPLITUDE * settings.drift() * wave);
                itemChoice[epoch][cluster] = new WeightedChoice(itemWeights(rings[cluster], time));
                clusterWeights[cluster] = trend * itemChoice[epoch][cluster].total();
            }
            clusterChoice[epoch] = new WeightedChoice(clusterWeights);
        }
    }

    private double[] itemWeights(int[] ring, double time) {
        double[] weights = new double[ring.length];
        for (int place = 0; place < ring.length; place++) {
            int item = ring[place];
            double age = time - release[item];
            if (age >= 0.0) {
                double novelty = release[item] < 0.0 ? 0.0 : StrictMath.exp(-age / NOVELTY_TIME);
                weights[place] = popularity[item] * (1.0 + NOVELTY_BOOST * settings.drift() * novelty);
            }
        }
        return weights;
    }

    /** The index of the first genre of {@code cluster}. */
    int genre(int cluster) {
        return firstGenre[cluster];
    }

    int cluster(int item) {
        return clusterOf[item];
    }

    /** Whether {@code item} is out in {@code epoch}. */
    boolean isAvailable(int item, int epoch) {
        return release[item] <= epoch / (double) EPOCHS;
    }

    /** An item that {@code item} leads to; -1 where it stands alone. */
    int drawSuccessor(int item, SplitMix64 random) {
        WeightedChoice choice = successorChoice[item];
        return choice.isEmpty() ? -1 : successors[item][choice.draw(random)];
    }

    /** An item of {@code cluster} by its popularity in {@code epoch}; -1 where none is out yet. */
    int drawFromCluster(int cluster, int epoch, SplitMix64 random) {
        WeightedChoice choice = itemChoice[epoch][cluster];
        return choice.isEmpty() ? -1 : rings[cluster][choice.draw(random)];
    }

    /** An item by its popularity in {@code epoch}. */
    int drawPopular(int epoch, SplitMix64 random) {
        return drawFromCluster(clusterChoice[epoch].draw(random), epoch, random);
    }

    /** The items as they are announced, in the order of their indexes. */
    List<Item> items(SplitMix64 random) {
        int genres = Titles.GENRES.size();
        Titles titles = new Titles();
        List<Item> items = new ArrayList<>(settings.items());
        for (int item = 0; item < settings.items(); item++) {
            int cluster = clusterOf[item];
            int main = random.chance(FIRST_GENRE_CHANCE) ? firstGenre[cluster] : random.nextInt(genres);
            Set<String> names = new LinkedHashSet<>();
            names.add(Titles.GENRES.get(main));
            if (random.chance(SECOND_GENRE_CHANCE)) {
                names.add(Titles.GENRES.get(secondGenre[cluster]));
            }
            if (random.chance(STRAY_GENRE_CHANCE)) {
                names.add(Titles.GENRES.get(random.nextInt(genres)));
            }
            Attributes attributes = new Attributes(Map.of(
                    "genres", List.copyOf(names),
                    "released", List.of(released(item).toString())));
            items.add(new Item(SyntheticWorld.itemId(item), titles.next(main, random), attributes));
        }
        return items;
    }

    private LocalDate released(int item) {
        LocalDate from = settings.from();
        long days = settings.days();
        return release[item] < 0.0
                ? from.plusDays((long) (release[item] * OLDEST_RELEASE_YEARS * 365))
                : from.plusDays((long) (release[item] * days));
    }

    /** The epoch that contains {@code time}, a share of the span in [0, 1). */
    static int epoch(double time) {
        return Math.min(EPOCHS - 1, (int) (time * EPOCHS));
    }
}
