package org.eridanus.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.jspecify.annotations.Nullable;

/** Models small enough to be checked value by value, with vectors large enough for gradients to be told from rounding. */
final class SmallModels {
    static final int DIMENSION = 4;
    static final float RATE = 0.1f;
    static final float ACCUMULATOR = 0.1f;

    /** A short recent history and a longer one. */
    static final List<JointFeature> HISTORIES = features("recent·item", "history·item");

    static final ModelSettings.Pairs PAIRS = new ModelSettings.Pairs(20, 30, 0.85f, 10f, 0.5f, 512, 128, 0.5f, 0.05f);

    private SmallModels() {}

    /** Joint features of these combinations of a user, an item, a short recent history and a longer one. */
    static List<JointFeature> features(String... combinations) {
        return JointFeature.of(
                new FeatureSchema(
                        List.of(
                                Category.id("user", Category.Owner.USER),
                                Category.id("item", Category.Owner.ITEM),
                                Category.past("recent", 2, 0.8),
                                Category.past("history", 4, 1)),
                        Arrays.stream(combinations).map(Combination::parse).toList()),
                JoinSettings.DEFAULT);
    }

    /** The joint features of preset {@code paper}. */
    static List<JointFeature> paperFeatures() {
        return JointFeature.of(FeatureSchema.paper(), JoinSettings.DEFAULT);
    }

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
                JoinSettings.DEFAULT,
                true,
                0f,
                ModelSettings.Schedule.SEQUENTIAL,
                ModelSettings.Loss.SAMPLED_SOFTMAX,
                negatives,
                0,
                4,
                new ModelSettings.Replay(0, 0, 1),
                new ModelSettings.Optimiser(
                        ModelSettings.Optimiser.Kind.ADAGRAD, RATE, ACCUMULATOR, weightDecay, negligible),
                pairs,
                tower,
                tower == null ? null : new ModelSettings.Rerank(10, 3),
                1e4f,
                1_000);
    }

    /** The paper's form. */
    static ModelSettings tower(int negatives, float weightDecay) {
        return new ModelSettings(
                "small paper",
                11,
                DIMENSION,
                0.8f,
                JoinSettings.DEFAULT,
                false,
                0f,
                ModelSettings.Schedule.JOINT,
                ModelSettings.Loss.BINARY_CROSS_ENTROPY,
                negatives,
                0,
                4,
                new ModelSettings.Replay(0, 0, 1),
                new ModelSettings.Optimiser(ModelSettings.Optimiser.Kind.ADAM, 0.01f, 0f, weightDecay, 0f),
                null,
                new ModelSettings.TowerSettings(List.of(8, 6), 0.01f, false),
                null,
                1e4f,
                1_000);
    }

    /** A trainable network of {@code items} candidates with biases and ten rows a category. */
    static DeepAssociationNetwork network(ModelSettings settings, List<JointFeature> features, int items) {
        DeepAssociationNetwork network = new DeepAssociationNetwork(settings, features, true);
        SeededRandom random = SeededRandom.of(settings.seed(), 1, 1);
        for (int j = 0; j < items; j++) {
            network.admitItem("i" + j);
            network.items().record(j)[network.items().width()] = (float) (0.5 * random.nextGaussian());
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
        return new Context(history, history.length, active(values));
    }

    /** One active row of each category, none where −1. */
    static int[][] active(int... values) {
        return Arrays.stream(values)
                .mapToObj(value -> value < 0 ? new int[0] : new int[] {value})
                .toArray(int[][]::new);
    }

    /** An example whose only possible negatives are {@code negatives}: everything else counts as consumed. */
    static Example example(Context context, int positive, int items, int... negatives) {
        int[] consumed = IntStream.range(0, items)
                .filter(j -> j != positive && Arrays.stream(negatives).noneMatch(n -> n == j))
                .toArray();
        return new Example(context, positive, consumed, consumed.length);
    }

    /** Hadamard products but for these forms; everything else by default. */
    static JoinSettings joined(Map<String, Form> forms) {
        JoinSettings usual = JoinSettings.DEFAULT;
        return new JoinSettings(usual.form(), forms, usual.tables(), usual.tied(), usual.singles());
    }

    /** Floats in a form in which equal means the same bits. */
    static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Every item's row as it is, by value. */
    static float[][] rows(EmbeddingTable table) {
        return IntStream.range(0, table.size()).mapToObj(table::values).toArray(float[][]::new);
    }
}
