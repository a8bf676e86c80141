package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eridanus.feature.Category;
import org.eridanus.feature.EnrichedInteraction;

/**
 * The network's formulas in double precision, one scalar at a time, written from the documentation and not from the code:
 * what gradients are checked against by finite differences, and scores by comparison.
 */
final class ReferenceNetwork {
    /** Step of a central difference; its error is of the order of its square. */
    private static final double STEP = 1e-5;

    final double[][] items;
    final double[][][] tables;
    final double[] tower;
    final double[] wide;
    /** Per feature: weights of its embedded outer product, product after product; null for other forms. */
    final double[][] embeddings;

    /** Scale, weight of the counts, weights of combinations, weights of overlaps. */
    final double[] mixing;

    private final List<JointFeature> features;
    private final List<String> categories;
    private final ModelSettings settings;
    private final int[] occurrences;
    private final List<String> tableNames;
    private final List<String> itemCategories;
    private final int[][][] itemValues;
    private final Map<String, Integer> offsets = new HashMap<>();
    private final Map<List<String>, Integer>[] pairs;
    private final String[] itemIds;
    private final String[][] tableIds;
    private final double[][][] pairRows;
    private final List<int[]> countedHistories = new ArrayList<>();
    private final List<Integer> countedItems = new ArrayList<>();

    /** A loss to differentiate. */
    interface Loss {
        double value();
    }

    /** The parameters of a network as they are now. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    ReferenceNetwork(DeepAssociationNetwork network) {
        this.features = network.features;
        this.categories = network.categories();
        this.settings = network.settings();
        this.items = copy(network.items());
        this.tables = new double[network.tables.length][][];
        for (int t = 0; t < tables.length; t++) {
            tables[t] = copy(network.tables[t]);
        }
        this.tableNames =
                Arrays.stream(network.tables).map(EmbeddingTable::name).toList();
        this.itemCategories = network.joints.itemCategories;
        this.itemValues = new int[items.length][][];
        for (int j = 0; j < items.length; j++) {
            itemValues[j] = network.joints.itemValues(j);
        }
        this.itemIds = ids(network.items());
        this.tableIds = Arrays.stream(network.tables).map(ReferenceNetwork::ids).toArray(String[][]::new);
        this.pairs = new Map[features.size()];
        this.pairRows = new double[features.size()][][];
        this.embeddings = new double[features.size()][];
        for (int f = 0; f < features.size(); f++) {
            JointFeatures.Laid laid = network.joints.features[f];
            if (laid.outer != null) {
                float[] weights = new float[laid.outer.length()];
                laid.outer.copyTo(weights, weights.clone(), weights.clone(), 0);
                embeddings[f] = doubles(weights);
            }
            if (laid.pairTable >= 0) {
                EmbeddingTable table = network.tables[laid.pairTable];
                pairRows[f] = tables[laid.pairTable];
                pairs[f] = new HashMap<>();
                for (int row = 0; row < table.size(); row++) {
                    pairs[f].put(List.of(table.id(row).split("\u001F")), row);
                }
            }
            for (JointFeature.Side side : features.get(f).sides()) {
                if (features.get(f).form() != JointFeature.Form.PAIR_ID
                        && features.get(f).form() != JointFeature.Form.OVERLAP) {
                    String vector = side.table() + " " + side.vector();
                    long before = offsets.keySet().stream()
                            .filter(key -> key.startsWith(side.table() + " "))
                            .count();
                    offsets.putIfAbsent(vector, (int) before * settings.dimension());
                }
            }
        }
        Tower networkWide = network.wide;
        this.wide = doubles(networkWide == null ? new float[0] : networkWide.parameters());
        Tower networkTower = network.tower;
        this.tower = doubles(networkTower == null ? new float[0] : networkTower.parameters());
        this.mixing = doubles(network.mixing());
        this.occurrences = new int[items.length];
        for (int j = 0; j < items.length; j++) {
            occurrences[j] = network.occurrences(j);
        }
    }

    static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    private static double[][] copy(EmbeddingTable table) {
        double[][] rows = new double[table.size()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = doubles(table.values(r));
        }
        return rows;
    }

    /** Counts an event for φ, as {@link PairCounts} documents it, without its fixed point and its bounds. */
    void count(Context context, int item) {
        countedHistories.add(Arrays.copyOf(context.history, context.length));
        countedItems.add(item);
    }

    /** S(j) = Σₚ decayᵖ T[hₚ, j] / √(n_{hₚ} + 1), where T[h, i] counts i after h, and β times h after i. */
    double evidence(Context context, int item) {
        ModelSettings.Pairs pairs = settings.pairs();
        if (pairs == null) {
            return 0.0;
        }
        double sum = 0.0;
        for (int p = 0; p < Math.min(context.length, pairs.scanned()); p++) {
            int from = context.history[p];
            double followed = 0.0;
            int occurred = 0;
            for (int e = 0; e < countedItems.size(); e++) {
                occurred += countedItems.get(e) == from ? 1 : 0;
                int[] history = countedHistories.get(e);
                for (int q = 0; q < Math.min(history.length, pairs.window()); q++) {
                    followed += countedItems.get(e) == item && history[q] == from ? 1.0 / (q + 1) : 0.0;
                    followed += countedItems.get(e) == from && history[q] == item ? pairs.backward() / (q + 1) : 0.0;
                }
            }
            sum += Math.pow(pairs.decay(), p) * followed / Math.sqrt(occurred + 1.0);
        }
        return sum;
    }

    /** φ(j) = ln(1 + scale · S(j)). */
    double phi(Context context, int item) {
        ModelSettings.Pairs pairs = settings.pairs();
        return pairs == null ? 0.0 : Math.log(1.0 + pairs.scale() * evidence(context, item));
    }

    /** The joint features of a user and a candidate, [features × dimension]. */
    double[] joint(Context context, int item) {
        int dimension = settings.dimension();
        double[] joint = new double[features.size() * dimension];
        for (int f = 0; f < features.size(); f++) {
            System.arraycopy(joint(f, context, item), 0, joint, f * dimension, dimension);
        }
        return joint;
    }

    private double[] joint(int f, Context context, int item) {
        JointFeature feature = features.get(f);
        int dimension = settings.dimension();
        double[] joint = new double[dimension];
        if (feature.form() == JointFeature.Form.PAIR_ID) {
            int pair = pairs[f].get(key(feature, context, item));
            return pairRows[f][pair];
        }
        if (feature.form() == JointFeature.Form.OVERLAP) {
            return joint;
        }
        if (feature.form() == JointFeature.Form.HADAMARD) {
            Arrays.fill(joint, 1.0);
            for (JointFeature.Side side : feature.sides()) {
                double[] vector = vector(side, context, item);
                for (int d = 0; d < dimension; d++) {
                    joint[d] *= vector[d];
                }
            }
            return joint;
        }
        double[] products = {1.0};
        for (JointFeature.Side side : feature.sides()) {
            double[] vector = vector(side, context, item);
            double[] longer = new double[products.length * dimension];
            for (int i = 0; i < longer.length; i++) {
                longer[i] = products[i / dimension] * vector[i % dimension];
            }
            products = longer;
        }
        for (int i = 0; i < products.length; i++) {
            for (int k = 0; k < dimension; k++) {
                joint[k] += embeddings[f][i * dimension + k] * products[i];
            }
        }
        return joint;
    }

    /** The one value of each side of a pair. */
    private List<String> key(JointFeature feature, Context context, int item) {
        List<String> key = new ArrayList<>();
        for (JointFeature.Side side : feature.sides()) {
            if (side.table().equals(DeepAssociationNetwork.ITEM)) {
                key.add(itemIds[item]);
                continue;
            }
            int[] active = side.ofCandidate()
                    ? itemValues[item][itemCategories.indexOf(side.table())]
                    : context.values[categories.indexOf(side.table())];
            assertThat(active).as("values of %s", side.table()).hasSize(1);
            key.add(tableIds[tableNames.indexOf(side.table())][active[0]]);
        }
        return key;
    }

    private static String[] ids(EmbeddingTable table) {
        String[] ids = new String[table.size()];
        for (int row = 0; row < ids.length; row++) {
            ids[row] = table.id(row);
        }
        return ids;
    }

    /** norm · Σ w V over what is active. */
    private double[] vector(JointFeature.Side side, Context context, int item) {
        double[][] rows;
        int[] active;
        double decay = 1.0;
        double halfLife = Double.POSITIVE_INFINITY;
        Category.Normalisation normalisation = Category.Normalisation.ROOT;
        if (side.table().equals(DeepAssociationNetwork.ITEM)) {
            rows = items;
            active = new int[] {item};
        } else {
            int table = tableNames.indexOf(side.table());
            rows = tables[table];
            active = side.ofCandidate()
                    ? itemValues[item][itemCategories.indexOf(side.table())]
                    : context.values[categories.indexOf(side.table())];
        }
        if (side.category().kind() instanceof Category.Kind.Past past) {
            active = Arrays.copyOf(context.history, Math.min(context.length, past.length()));
            decay = past.decay();
            halfLife = past.halfLife() == 0 ? halfLife : past.halfLife();
            normalisation = past.normalisation();
        } else if (side.category().kind() instanceof Category.Kind.Many many) {
            normalisation = many.normalisation();
        }
        int offset = offsets.getOrDefault(side.table() + " " + side.vector(), -1);
        double[] vector = new double[settings.dimension()];
        double[] w = weights(context, active.length, decay, halfLife);
        double norm = norm(normalisation, w);
        for (int p = 0; p < active.length; p++) {
            for (int d = 0; d < vector.length; d++) {
                vector[d] += norm * w[p] * rows[active[p]][offset + d];
            }
        }
        return vector;
    }

    private static double[] weights(Context context, int count, double decay, double halfLife) {
        double[] w = new double[count];
        for (int p = 0; p < count; p++) {
            w[p] = Math.pow(decay, p);
            w[p] *= Double.isInfinite(halfLife) ? 1.0 : Math.pow(2.0, -context.age(p) / halfLife);
        }
        return w;
    }

    private static double norm(Category.Normalisation normalisation, double[] w) {
        double sum = Arrays.stream(w).sum();
        return switch (normalisation) {
            case ROOT -> 1.0 / Math.sqrt(sum);
            case MEAN -> 1.0 / sum;
            case NONE -> 1.0;
        };
    }

    /** ψ(j) = Σ_p w_p Σ_{g ∈ G(h_p) ∩ G(j)} √(N / (n_g + 1)) / √(|G(h_p)| |G(j)|), without what is unknown of both. */
    double psi(JointFeature feature, Context context, int item) {
        JointFeature.Side side = feature.sides().stream()
                .filter(each -> each.category().kind() instanceof Category.Kind.Past)
                .findFirst()
                .orElseThrow();
        Category.Kind.Past past = (Category.Kind.Past) side.category().kind();
        String category = feature.sides().stream()
                .filter(each -> each != side)
                .findFirst()
                .orElseThrow()
                .table();
        int count = Math.min(context.length, past.length());
        double halfLife = past.halfLife() == 0 ? Double.POSITIVE_INFINITY : past.halfLife();
        double[] w = weights(context, count, past.decay(), halfLife);
        double norm = norm(past.normalisation(), w);
        long described = IntStream.range(0, items.length)
                .filter(j -> !said(category, j).isEmpty())
                .count();
        List<String> own = said(category, item);
        double sum = 0.0;
        for (int p = 0; p < count; p++) {
            List<String> values = said(category, context.history[p]);
            for (String value : values) {
                if (own.contains(value) && !value.equals(EnrichedInteraction.UNKNOWN)) {
                    long having = IntStream.range(0, items.length)
                            .filter(j -> said(category, j).contains(value))
                            .count();
                    sum += norm * w[p] * Math.sqrt((double) described / (having + 1)) / Math.sqrt(values.size());
                }
            }
        }
        return own.isEmpty() ? 0.0 : sum / Math.sqrt(own.size());
    }

    /** The values that an item has of a category. */
    private List<String> said(String category, int item) {
        String[] ids = tableIds[tableNames.indexOf(category)];
        return Arrays.stream(itemValues[item][itemCategories.indexOf(category)])
                .mapToObj(row -> ids[row])
                .toList();
    }

    /** b_j + Σ_c m_c Σ z_c(j). */
    double vectorScore(Context context, int item) {
        double sum = items[item][items[item].length - 1];
        int dimension = settings.dimension();
        double[] joint = joint(context, item);
        int weight = 2;
        for (int c = 0; c < features.size(); c++) {
            if (features.get(c).associates()) {
                double m = settings.combinationRate() > 0f ? mixing[weight++] : 1.0;
                for (int d = 0; d < dimension; d++) {
                    sum += m * joint[c * dimension + d];
                }
            }
        }
        return sum;
    }

    /** a · vector score + w₁ φ(j) + Σ_o w_o ψ_o(j); 0 without an association term. */
    double baseScore(Context context, int item) {
        if (!settings.association()) {
            return 0.0;
        }
        double sum = mixing[0] * vectorScore(context, item) + mixing[1] * phi(context, item);
        List<JointFeature> overlaps = features.stream()
                .filter(feature -> feature.form() == JointFeature.Form.OVERLAP)
                .toList();
        for (int o = 0; o < overlaps.size(); o++) {
            sum += mixing[mixing.length - overlaps.size() + o] * psi(overlaps.get(o), context, item);
        }
        return sum;
    }

    /** The tower's output for a candidate, the linear layer's beside it included. */
    double towerOutput(Context context, int item) {
        ModelSettings.TowerSettings towerSettings = settings.tower();
        if (towerSettings == null) {
            return 0.0;
        }
        List<String> names = features.stream()
                .filter(feature -> feature.form() != JointFeature.Form.OVERLAP)
                .map(JointFeature::name)
                .toList();
        List<String> inside = towerSettings.inputs().isEmpty()
                ? names.stream()
                        .filter(name -> !towerSettings.wide().contains(name))
                        .toList()
                : towerSettings.inputs();
        double[] input = concatenated(inside, context, item);
        if (settings.association()) {
            int length = input.length;
            input = Arrays.copyOf(input, length + 3);
            input[length] = 0.25 * vectorScore(context, item);
            input[length + 1] = 0.25 * phi(context, item);
            input[length + 2] = 0.25 * Math.log(1.0 + occurrences[item]);
        }
        double output = towerOutput(tower, towerSettings.hidden(), input);
        return towerSettings.wide().isEmpty()
                ? output
                : output + towerOutput(wide, List.of(), concatenated(towerSettings.wide(), context, item));
    }

    private double[] concatenated(List<String> names, Context context, int item) {
        List<String> all = features.stream().map(JointFeature::name).toList();
        return names.stream()
                .flatMapToDouble(name -> Arrays.stream(joint(all.indexOf(name), context, item)))
                .toArray();
    }

    /** ReLU layers and a linear output; per layer the weights [in, out] by column, then the biases. */
    static double towerOutput(double[] parameters, List<Integer> hidden, double[] input) {
        double[] in = input;
        int at = 0;
        for (int l = 0; l <= hidden.size(); l++) {
            boolean last = l == hidden.size();
            int units = last ? 1 : hidden.get(l);
            double[] out = new double[units];
            for (int u = 0; u < units; u++) {
                double z = parameters[at + in.length * units + u];
                for (int i = 0; i < in.length; i++) {
                    z += parameters[at + u * in.length + i] * in[i];
                }
                out[u] = last ? z : Math.max(z, 0.0);
            }
            at += (in.length + 1) * units;
            in = out;
        }
        return in[0];
    }

    /** −ln (e^{s₀} / Σ e^{sⱼ}), the first score the positive's. */
    static double softmaxLoss(double[] scores) {
        double sum = 0.0;
        for (double score : scores) {
            sum += Math.exp(score - scores[0]);
        }
        return Math.log(sum);
    }

    /** −Y ln σ(t) − (1 − Y) ln(1 − σ(t)). */
    static double binaryLoss(double output, boolean positive) {
        return Math.log1p(Math.exp(positive ? -output : output));
    }

    /** (Y − σ(t))². */
    static double squaredLoss(double output, boolean positive) {
        double wrong = (positive ? 1.0 : 0.0) - 1.0 / (1.0 + Math.exp(-output));
        return wrong * wrong;
    }

    /** What a loss adds up to over the scores of an example, the first one the positive's. */
    static double loss(ModelSettings.Loss loss, double[] scores) {
        if (loss == ModelSettings.Loss.SAMPLED_SOFTMAX) {
            return softmaxLoss(scores);
        }
        double sum = 0.0;
        for (int i = 0; i < scores.length; i++) {
            sum += loss == ModelSettings.Loss.BINARY_CROSS_ENTROPY
                    ? binaryLoss(scores[i], i == 0)
                    : squaredLoss(scores[i], i == 0);
        }
        return sum;
    }

    /** ∂L/∂v by a central difference, v one of this reference's values. */
    static double derivative(Loss loss, double[] values, int at) {
        double value = values[at];
        values[at] = value + STEP;
        double above = loss.value();
        values[at] = value - STEP;
        double below = loss.value();
        values[at] = value;
        return (above - below) / (2.0 * STEP);
    }
}
