package org.eridanus.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Models small enough to be checked value by value, with vectors large enough for gradients to be told from rounding. */
final class SmallModels {
    static final int DIMENSION = 4;
    static final float RATE = 0.1f;
    static final float ACCUMULATOR = 0.1f;

    /** A short recent history and a longer one. */
    static final List<JointFeature> HISTORIES = List.of(
            new JointFeature.HistoryWithItem("recent·item", 2, 0.8f),
            new JointFeature.HistoryWithItem("history·item", 4, 1f));

    static final ModelSettings.Pairs PAIRS = new ModelSettings.Pairs(20, 30, 0.85f, 10f, 512, 128, 0.5f, 0.05f);

    private SmallModels() {}

    /** An association model of which every value of a touched row moves. */
    static ModelSettings association(int negatives, float weightDecay, float negligible) {
        return association(negatives, weightDecay, negligible, PAIRS, null);
    }

    static ModelSettings association(
            int negatives,
            float weightDecay,
            float negligible,
            ModelSettings.@Nullable Pairs pairs,
            ModelSettings.@Nullable TowerSettings tower) {
        return new ModelSettings(
                "small",
                7,
                DIMENSION,
                0.5f,
                true,
                ModelSettings.Loss.SAMPLED_SOFTMAX,
                negatives,
                0,
                4,
                new ModelSettings.Replay(0, 0, 1),
                new ModelSettings.Optimiser(
                        ModelSettings.Optimiser.Kind.ADAGRAD, RATE, ACCUMULATOR, weightDecay, negligible),
                pairs,
                tower,
                1_000);
    }

    /** The paper's form. */
    static ModelSettings tower(int negatives, float weightDecay) {
        return new ModelSettings(
                "small paper",
                11,
                DIMENSION,
                0.8f,
                false,
                ModelSettings.Loss.BINARY_CROSS_ENTROPY,
                negatives,
                0,
                4,
                new ModelSettings.Replay(0, 0, 1),
                new ModelSettings.Optimiser(ModelSettings.Optimiser.Kind.ADAM, 0.01f, 0f, weightDecay, 0f),
                null,
                new ModelSettings.TowerSettings(List.of(8, 6), 0.01f, 0, negatives, false, true),
                1_000);
    }

    /** A trainable network of {@code items} candidates with biases and ten rows a category. */
    static DeepAssociationNetwork network(ModelSettings settings, List<JointFeature> features, int items) {
        DeepAssociationNetwork network = new DeepAssociationNetwork(settings, features, true);
        SeededRandom random = SeededRandom.of(settings.seed(), 1, 1);
        for (int j = 0; j < items; j++) {
            network.admitItem("i" + j);
            float[] row = network.items().row(j);
            row[row.length - 1] = (float) (0.5 * random.nextGaussian());
            network.refreshColumns(j);
            network.setCandidate(j, true);
        }
        for (int t = 0; t < network.categories().size(); t++) {
            for (int v = 0; v < 10; v++) {
                network.table(t).admit("v" + v);
            }
        }
        network.refreshStale();
        network.clearChanged();
        return network;
    }

    static Context context(int[] history, int... values) {
        return new Context(history, history.length, values);
    }

    /** An example whose only possible negatives are {@code negatives}: everything else counts as consumed. */
    static Example example(Context context, int positive, int items, int... negatives) {
        int[] consumed = IntStream.range(0, items)
                .filter(j -> j != positive && Arrays.stream(negatives).noneMatch(n -> n == j))
                .toArray();
        return new Example(context, positive, consumed, consumed.length);
    }

    /** Every item's row as it is, by value. */
    static float[][] rows(EmbeddingTable table) {
        return IntStream.range(0, table.size())
                .mapToObj(r -> table.row(r).clone())
                .toArray(float[][]::new);
    }
}
