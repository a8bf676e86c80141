package org.eridanus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    final double scale;
    final double countWeight;
    private final List<JointFeature> features;
    private final List<String> categories;
    private final ModelSettings settings;
    private final int[] occurrences;
    private final List<int[]> countedHistories = new ArrayList<>();
    private final List<Integer> countedItems = new ArrayList<>();

    /** A loss to differentiate. */
    interface Loss {
        double value();
    }

    /** The parameters of a network as they are now. */
    ReferenceNetwork(DeepAssociationNetwork network) {
        this.features = network.features;
        this.categories = network.categories();
        this.settings = network.settings();
        this.items = copy(network.items());
        this.tables = new double[categories.size()][][];
        for (int t = 0; t < tables.length; t++) {
            tables[t] = copy(network.table(t));
        }
        Tower networkTower = network.tower;
        this.tower = doubles(networkTower == null ? new float[0] : networkTower.parameters());
        this.scale = network.mixing()[0];
        this.countWeight = network.mixing()[1];
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
            rows[r] = doubles(table.row(r));
        }
        return rows;
    }

    /** Counts an event for φ, as {@link PairCounts} documents it, without its fixed point and its bounds. */
    void count(Context context, int item) {
        countedHistories.add(Arrays.copyOf(context.history, context.length));
        countedItems.add(item);
    }

    /** S(j) = Σₚ decayᵖ T[hₚ, j] / √(n_{hₚ} + 1). */
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

    /** The joint features of a user and a candidate, [combinations × dimension]. */
    double[] joint(Context context, int item) {
        int dimension = settings.dimension();
        double[] joint = new double[features.size() * dimension];
        int offset = 0;
        for (int c = 0; c < features.size(); c++) {
            JointFeature feature = features.get(c);
            for (int d = 0; d < dimension; d++) {
                double value;
                if (feature instanceof JointFeature.HistoryWithItem f) {
                    value = history(context, f, offset + d) * items[item][offset + d];
                } else if (feature instanceof JointFeature.CategoryWithItem f) {
                    value = category(context, f.category(), d) * items[item][offset + d];
                } else {
                    JointFeature.CategoryWithCategory f = (JointFeature.CategoryWithCategory) feature;
                    value = category(context, f.left(), d) * category(context, f.right(), d);
                }
                joint[c * dimension + d] = value;
            }
            offset += feature instanceof JointFeature.CategoryWithCategory ? 0 : dimension;
        }
        return joint;
    }

    /** q = Σₚ dᵖ V[hₚ] / √(Σₚ dᵖ). */
    private double history(Context context, JointFeature.HistoryWithItem feature, int at) {
        double sum = 0.0;
        double weights = 0.0;
        for (int p = 0; p < Math.min(context.length, feature.length()); p++) {
            double weight = Math.pow(feature.decay(), p);
            sum += weight * items[context.history[p]][at];
            weights += weight;
        }
        return weights == 0.0 ? 0.0 : sum / Math.sqrt(weights);
    }

    private double category(Context context, String name, int d) {
        int table = categories.indexOf(name);
        int value = context.values[table];
        return value < 0 ? 0.0 : tables[table][value][d];
    }

    /** b_j + Σ_c q_c · V_c[j]. */
    double vectorScore(Context context, int item) {
        double sum = items[item][items[item].length - 1];
        int dimension = settings.dimension();
        double[] joint = joint(context, item);
        for (int c = 0; c < features.size(); c++) {
            if (!(features.get(c) instanceof JointFeature.CategoryWithCategory)) {
                for (int d = 0; d < dimension; d++) {
                    sum += joint[c * dimension + d];
                }
            }
        }
        return sum;
    }

    /** a · vector score + w₁ φ(j); 0 without an association term. */
    double baseScore(Context context, int item) {
        return settings.association() ? scale * vectorScore(context, item) + countWeight * phi(context, item) : 0.0;
    }

    /** The tower's output for a candidate. */
    double towerOutput(Context context, int item) {
        double[] joint = joint(context, item);
        if (!settings.association()) {
            return towerOutput(joint);
        }
        double[] input = Arrays.copyOf(joint, joint.length + 3);
        input[joint.length] = 0.25 * vectorScore(context, item);
        input[joint.length + 1] = 0.25 * phi(context, item);
        input[joint.length + 2] = 0.25 * Math.log(1.0 + occurrences[item]);
        return towerOutput(input);
    }

    private double towerOutput(double[] input) {
        ModelSettings.TowerSettings towerSettings = settings.tower();
        return towerSettings == null ? 0.0 : towerOutput(tower, towerSettings.hidden(), input);
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
