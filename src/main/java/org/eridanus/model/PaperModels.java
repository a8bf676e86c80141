package org.eridanus.model;

import java.util.ArrayList;
import java.util.List;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JoinSettings.Tables;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.eridanus.model.ModelSettings.Replay;
import org.eridanus.model.ModelSettings.Schedule;
import org.eridanus.model.ModelSettings.TowerSettings;

/**
 * The models that the paper compares (section 5.1), all configurations of the one network: binary cross-entropy with 2
 * negatives a positive, Adam at .01, embeddings and weights from N(0, .01²), batches of 480. Predictive factor f is the
 * width of the last hidden layer: three hidden layers are 4f-2f-f, and embeddings have 2f values (f = 2: 8-4-2 and 4).
 *
 * <p>Where we depart: embeddings have at least 4 values, a multiple of 4, which f = 1 alone does not give; the activation,
 * ReLU, is ours, since the paper names none. Weights from N(0, .01²) are the paper's, but with ReLU and Hadamard products of
 * vectors as small, almost nothing reaches the first layers at first; {@link #withScaledWeights} gives the usual remedy.
 *
 * <p>The extended MLP (section 4.1), for a sample z₁ = [u, i, o, g, a] (eq. 11): eq. 12, λ₁ = [λ₁₁ … λ₁₅], is the vector of each
 * category, here a row of an embedding table, which is what its one-hot vector times a matrix is. Eqs. 13 and 14 write a
 * layer in two ways that differ: as λ_l = φ_l(W_lᵀ λ_{l−1} + b_l) over all categories, and as [φ_l(W_{l1}ᵀ λ_{(l−1)1} + b_{l1}), …,
 * φ_l(W_{l5}ᵀ λ_{(l−1)5} + b_{l5})], each category by itself. We take the first. By the second, eq. 15, ŷ = σ(hᵀ λ_L), is a
 * monotone function of a sum with one term a category: the user's terms are the same for every candidate, so that all users
 * would get one list. In eq. 15 we also add a bias to hᵀ λ_L, and rank by that sum without σ, which keeps the order.
 */
public final class PaperModels {
    private static final float DEVIATION = 0.01f;
    private static final float RATE = 0.01f;

    private PaperModels() {}

    /**
     * DAN: the paper's four combinations into three hidden layers.
     *
     * @param factor predictive factor f, at least 1
     * @param form how category vectors are joined
     */
    public static ModelDefinition dan(int factor, JointFeature.Form form) {
        return dan(FeatureSchema.paper(), factor, form);
    }

    /** DAN over any schema, e.g. {@link FeatureSchema#allAllowed}. */
    public static ModelDefinition dan(FeatureSchema schema, int factor, JointFeature.Form form) {
        return model("dan", schema, factor, JoinSettings.DEFAULT.with(form), tower(layers(factor, 3)));
    }

    /** DAN with the vectors of the schema's single categories beside the combinations (DAN+MLP), in tables of their own. */
    public static ModelDefinition danWithMlp(FeatureSchema schema, int factor, JointFeature.Form form) {
        JoinSettings join = new JoinSettings(form, java.util.Map.of(), Tables.PER_COMBINATION, true, names(schema));
        return model("dan+mlp", schema, factor, join, tower(layers(factor, 3)));
    }

    /** GMF: learned weights over the product of the user's and the item's vector. */
    public static ModelDefinition gmf(int factor) {
        return model("gmf", userItem(true), factor, JoinSettings.DEFAULT, tower(List.of()));
    }

    /** MLP_2_n: the user's and the item's vector into n hidden layers of ReLU. */
    public static ModelDefinition mlp2(int factor, int layers) {
        return mlp("mlp-2-" + layers, userItem(false), factor, layers);
    }

    /** MLP_5_n: the vectors of user, item, occupation, gender and age into n hidden layers of ReLU. */
    public static ModelDefinition mlp5(int factor, int layers) {
        return mlp("mlp-5-" + layers, new FeatureSchema(FeatureSchema.paper().categories(), List.of()), factor, layers);
    }

    /**
     * The extended MLP (section 4.1, eqs. 11–15) over the categories of a schema, whose combinations are not read: z₁ of
     * eq. 11 has as many parts as there are categories, of which the paper has five.
     */
    public static ModelDefinition mlp(String name, FeatureSchema schema, int factor, int layers) {
        FeatureSchema bare = new FeatureSchema(schema.categories(), List.of());
        JoinSettings join = JoinSettings.DEFAULT.withSingles(names(bare).toArray(new String[0]));
        return model(name, bare, factor, join, tower(layers(factor, layers)));
    }

    /** NCF (NeuMF): the last layer of an MLP of three layers and the product of GMF, in tables apart, into one output. */
    public static ModelDefinition ncf(int factor) {
        FeatureSchema schema = userItem(true);
        String product = schema.combinations().get(0).name();
        TowerSettings tower = new TowerSettings(
                layers(factor, 3), Optimiser.adam(RATE), DEVIATION, false, names(schema), List.of(product), 0f, 0f);
        return model(
                "ncf",
                schema,
                factor,
                JoinSettings.DEFAULT.withSingles(names(schema).toArray(new String[0])),
                tower);
    }

    /** The same model whose weights start from N(0, 2 / inputs) (He et al. 2015) in place of the paper's N(0, .01²). */
    public static ModelDefinition withScaledWeights(ModelDefinition definition) {
        ModelSettings settings = definition.settings();
        TowerSettings tower = settings.tower();
        if (tower == null) {
            return definition;
        }
        return definition.with(
                settings.toBuilder().tower(tower.withInitialDeviation(0f)).build());
    }

    /** The same model with dropout on the input of its hidden layers and of the layer beside them; the paper names none. */
    public static ModelDefinition withInputDropout(ModelDefinition definition, float share) {
        ModelSettings settings = definition.settings();
        TowerSettings tower = settings.tower();
        if (tower == null) {
            return definition;
        }
        return definition.with(
                settings.toBuilder().tower(tower.withDropout(share)).build());
    }

    /** Widths of n hidden layers, each half the one before, the last of f units. */
    static List<Integer> layers(int factor, int n) {
        List<Integer> widths = new ArrayList<>();
        for (int layer = n - 1; layer >= 0; layer--) {
            widths.add(factor << layer);
        }
        return widths;
    }

    private static TowerSettings tower(List<Integer> hidden) {
        return new TowerSettings(hidden, Optimiser.adam(RATE), DEVIATION, false, List.of(), List.of(), 0f, 0f);
    }

    private static ModelDefinition model(
            String name, FeatureSchema schema, int factor, JoinSettings join, TowerSettings tower) {
        if (factor < 1 || factor > 256) {
            throw new IllegalArgumentException("a predictive factor must be 1..256, got " + factor);
        }
        return new ModelDefinition(
                new ModelSettings(
                        name,
                        42,
                        Math.max(4, (2 * factor + 3) / 4 * 4),
                        DEVIATION,
                        join,
                        false,
                        0f,
                        Schedule.JOINT,
                        Loss.BINARY_CROSS_ENTROPY,
                        2,
                        0,
                        480,
                        Replay.NONE,
                        Optimiser.adam(RATE),
                        null,
                        tower,
                        null,
                        Presets.MAX_GRADIENT,
                        Presets.MAX_ROWS),
                schema);
    }

    private static FeatureSchema userItem(boolean combined) {
        return new FeatureSchema(
                List.of(Category.id("user", Category.Owner.USER), Category.id("item", Category.Owner.ITEM)),
                combined ? List.of(Combination.of("user", "item")) : List.of());
    }

    private static List<String> names(FeatureSchema schema) {
        return schema.categories().stream().map(Category::name).toList();
    }
}
