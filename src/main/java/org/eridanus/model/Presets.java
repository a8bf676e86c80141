package org.eridanus.model;

import java.util.ArrayList;
import java.util.List;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;

/** The models that are shipped: which schema, and how it is learned. */
public final class Presets {
    private static final int ROWS = 1_000_000;

    private Presets() {}

    /**
     * The default: association term over ⟨recent·item⟩ and ⟨history·item⟩, pair counts, and a tower that re-ranks the
     * best candidates and starts at zero.
     */
    public static ModelSettings online() {
        return new ModelSettings(
                "online",
                42,
                32,
                0.1f,
                true,
                ModelSettings.Loss.SAMPLED_SOFTMAX,
                150,
                1024,
                16,
                new ModelSettings.Replay(32, 16, 20),
                new ModelSettings.Optimiser(ModelSettings.Optimiser.Kind.ADAGRAD, 0.1f, 0.1f, 1e-3f, 1e-4f),
                new ModelSettings.Pairs(20, 30, 0.85f, 10f, 512, 128, 0.5f, 0.05f),
                new ModelSettings.TowerSettings(List.of(32, 16, 8), 0.001f, 200, 31, true, false),
                ROWS);
    }

    /** The default without its tower. */
    public static ModelSettings association() {
        ModelSettings online = online();
        return new ModelSettings(
                "association",
                online.seed(),
                online.dimension(),
                online.initialDeviation(),
                online.association(),
                online.loss(),
                online.negatives(),
                online.pool(),
                online.batch(),
                online.replay(),
                online.optimiser(),
                online.pairs(),
                null,
                online.maxRows());
    }

    /**
     * The paper's form: ⟨user·item⟩, ⟨occupation·gender⟩, ⟨age·gender⟩, ⟨occupation·age⟩ into a tower, binary
     * cross-entropy with 2 negatives, Adam at .01, N(0, .01²) (section 5.1, predictive factor 16: embeddings of 32,
     * layers of 64, 32, 16). The activation, ReLU, is our choice.
     */
    public static ModelSettings paper() {
        return new ModelSettings(
                "paper",
                42,
                32,
                0.01f,
                false,
                ModelSettings.Loss.BINARY_CROSS_ENTROPY,
                2,
                0,
                16,
                new ModelSettings.Replay(0, 0, 1),
                new ModelSettings.Optimiser(ModelSettings.Optimiser.Kind.ADAM, 0.01f, 0f, 0f, 0f),
                null,
                new ModelSettings.TowerSettings(List.of(64, 32, 16), 0.01f, 0, 2, false, true),
                ROWS);
    }

    /**
     * A preset by its name.
     *
     * @throws IllegalArgumentException for a name that none has
     */
    public static ModelSettings named(String name) {
        return switch (name) {
            case "online" -> online();
            case "association" -> association();
            case "paper" -> paper();
            default ->
                throw new IllegalArgumentException("preset must be one of online, association, paper; got " + name);
        };
    }

    /** The schema that a preset's events are enriched under. */
    public static FeatureSchema schema(ModelSettings settings) {
        return settings.preset().equals("paper") ? FeatureSchema.paper() : FeatureSchema.online();
    }

    /**
     * The joint features of a schema's combinations, in its order.
     *
     * @throws IllegalArgumentException for a combination that the network cannot compute, with the reason
     */
    public static List<JointFeature> features(FeatureSchema schema) {
        List<JointFeature> features = new ArrayList<>();
        for (Combination combination : schema.combinations()) {
            features.add(feature(schema, combination));
        }
        return features;
    }

    private static JointFeature feature(FeatureSchema schema, Combination combination) {
        if (combination.categories().size() != 2) {
            throw new IllegalArgumentException("combination " + combination.name() + " has "
                    + combination.categories().size() + " categories; the network joins pairs");
        }
        Category left = schema.category(combination.categories().get(0)).orElseThrow();
        Category right = schema.category(combination.categories().get(1)).orElseThrow();
        if (left.owner() == Category.Owner.ITEM) {
            Category swap = left;
            left = right;
            right = swap;
        }
        boolean item = right.owner() == Category.Owner.ITEM;
        if (item && !right.isKey()) {
            throw new IllegalArgumentException("combination " + combination.name() + " joins the item's attribute "
                    + right.name() + "; on the candidate's side the network takes the item's own id");
        }
        if (item && left.kind() instanceof Category.Kind.Past past) {
            return new JointFeature.HistoryWithItem(combination.name(), past.length(), (float) past.decay());
        }
        if (left.owner() == Category.Owner.HISTORY || right.owner() == Category.Owner.HISTORY) {
            throw new IllegalArgumentException("combination " + combination.name()
                    + " joins the history with something other than the item; the network does not compute that");
        }
        return item
                ? new JointFeature.CategoryWithItem(combination.name(), left.name())
                : new JointFeature.CategoryWithCategory(combination.name(), left.name(), right.name());
    }
}
