package org.eridanus.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Learns tower and embedding rows together by binary cross-entropy over a positive and its negatives (paper, eq. 35): L =
 * −Y ln σ(t) − (1 − Y) ln(1 − σ(t)), ∂L/∂t = σ(t) − Y, with sparse Adam on the rows.
 *
 * <p>Rows are moved once a mini-batch, by the sum of its gradients divided by the number of its examples.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
final class TowerLearner {
    private static final long PURPOSE_NEGATIVES = 0x626365L;
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final DeepAssociationNetwork network;
    private final ModelSettings settings;
    private final NegativeSampler sampler = new NegativeSampler();
    private final Gradients itemGradients;
    private final Gradients[] tableGradients;
    private double gradientNorm;

    TowerLearner(DeepAssociationNetwork network) {
        this.network = network;
        this.settings = network.settings;
        this.itemGradients = new Gradients(network.items);
        this.tableGradients = new Gradients[network.tables.length];
        for (int t = 0; t < tableGradients.length; t++) {
            tableGradients[t] = new Gradients(network.tables[t]);
        }
    }

    double learn(Example[] examples, int count, long batch) {
        Tower tower = network.tower;
        if (tower == null || count == 0) {
            return 0.0;
        }
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_NEGATIVES, batch);
        sampler.choosePool(network.live(), network.candidates(), settings.pool(), random);
        int group = settings.negatives() + 1;
        int inputs = network.towerInputs();
        float[] rows = new float[count * group * inputs];
        int[] chosen = new int[count * group];
        DeepAssociationNetwork.Scoring[] scorings = new DeepAssociationNetwork.Scoring[count];
        Arrays.fill(chosen, -1);
        for (int e = 0; e < count; e++) {
            DeepAssociationNetwork.Scoring scoring = scorings[e] = new DeepAssociationNetwork.Scoring();
            scoring.ensure(0, network.items.width(), network.features.size() * network.dimension);
            network.query(examples[e].context, scoring);
            chosen[e * group] = examples[e].positive;
            int drawn = sampler.draw(examples[e], settings.negatives(), network.items.size(), random);
            System.arraycopy(sampler.drawn(), 0, chosen, e * group + 1, drawn);
            for (int i = e * group; i <= e * group + drawn; i++) {
                network.towerInput(scoring, chosen[i], rows, i * inputs);
            }
        }
        float[] outputs = new float[count * group];
        tower.forward(rows, count * group, outputs);
        double loss = 0.0;
        int used = 0;
        for (int i = 0; i < outputs.length; i++) {
            if (chosen[i] < 0) {
                outputs[i] = 0f;
                continue;
            }
            used++;
            float y = i % group == 0 ? 1f : 0f;
            float p = FloatMath.sigmoid(outputs[i]);
            loss -= StrictMath.log(Math.max(y == 1f ? p : 1f - p, 1e-12f));
            outputs[i] = p - y;
        }
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] /= used;
        }
        float[] inputGradients = new float[rows.length];
        tower.backward(outputs, count * group, inputGradients);
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] >= 0) {
                backward(examples[i / group].context, scorings[i / group], chosen[i], inputGradients, i * inputs);
            }
        }
        double squares = itemGradients.apply(settings.optimiser(), batch + 1);
        for (Gradients gradients : tableGradients) {
            squares += gradients.apply(settings.optimiser(), batch + 1);
        }
        gradientNorm = Math.sqrt(squares);
        return loss / used;
    }

    /** ‖∂L/∂rows‖ of the last mini-batch's mean loss, weight decay apart. */
    double gradientNorm() {
        return gradientNorm;
    }

    /** Carries ∂L/∂(joint features) of one example to the rows behind them. */
    private void backward(Context context, DeepAssociationNetwork.Scoring scoring, int item, float[] gradient, int at) {
        int dimension = network.dimension;
        for (int c = 0; c < network.features.size(); c++) {
            int slot = at + c * dimension;
            int offset = network.itemOffsets[c];
            int[] sides = network.sides[c];
            if (offset < 0) {
                int left = context.values[sides[0]];
                int right = context.values[sides[1]];
                if (left >= 0 && right >= 0) {
                    tableGradients[sides[0]].add(
                            left, 0, gradient, slot, network.tables[sides[1]].row(right), 0, 1f, dimension);
                    tableGradients[sides[1]].add(
                            right, 0, gradient, slot, network.tables[sides[0]].row(left), 0, 1f, dimension);
                }
                continue;
            }
            itemGradients.add(item, offset, gradient, slot, scoring.query, offset, 1f, dimension);
            float[] candidate = network.items.row(item);
            if (sides.length == 1) {
                int value = context.values[sides[0]];
                if (value >= 0) {
                    tableGradients[sides[0]].add(value, 0, gradient, slot, candidate, offset, 1f, dimension);
                }
                continue;
            }
            float[] weights = network.historyWeights[c];
            int length = Math.min(context.length, weights.length);
            for (int p = 0; p < length; p++) {
                float w = weights[p] * network.historyNorms[c][length];
                itemGradients.add(context.history[p], offset, gradient, slot, candidate, offset, w, dimension);
            }
        }
    }

    /** Gradients of a mini-batch, one dense array for each row it touches. */
    private static final class Gradients {
        private final EmbeddingTable table;
        private float[] @Nullable [] sums = new float[64][];
        private int[] rows = new int[64];
        private int count;

        Gradients(EmbeddingTable table) {
            this.table = table;
        }

        /** sum[offset + d] += scale · gradient[slot + d] · other[otherOffset + d]. */
        void add(
                int row,
                int offset,
                float[] gradient,
                int slot,
                float[] other,
                int otherOffset,
                float scale,
                int dimension) {
            if (row >= sums.length) {
                sums = Arrays.copyOf(sums, Math.max(row + 1, sums.length * 2));
            }
            float[] sum = sums[row];
            if (sum == null) {
                sum = sums[row] = new float[table.rowLength()];
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, count * 2);
                }
                rows[count++] = row;
            }
            for (int d = 0; d < dimension; d++) {
                sum[offset + d] += scale * gradient[slot + d] * other[otherOffset + d];
            }
        }

        /** Moves the rows; returns the squared norm of their gradients. */
        double apply(ModelSettings.Optimiser optimiser, long step) {
            double squares = 0.0;
            float rate = optimiser.rate()
                    * (float) (Math.sqrt(1.0 - StrictMath.pow(BETA_2, step)) / (1.0 - StrictMath.pow(BETA_1, step)));
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                float[] sum = sums[row];
                if (sum != null) {
                    for (float gradient : sum) {
                        squares += gradient * gradient;
                    }
                    move(table.row(row), table.state(row), sum, optimiser, rate);
                    table.touch(row);
                    sums[row] = null;
                }
            }
            count = 0;
            return squares;
        }

        private void move(
                float[] values, float[] state, float[] gradient, ModelSettings.Optimiser optimiser, float rate) {
            int n = table.rowLength();
            boolean adagrad = optimiser.kind() == ModelSettings.Optimiser.Kind.ADAGRAD;
            for (int d = 0; d < n; d++) {
                float g = gradient[d] + optimiser.weightDecay() * values[d];
                if (adagrad) {
                    state[d] += g * g;
                    values[d] -= optimiser.rate() * g / (float) Math.sqrt(state[d]);
                } else {
                    float m = BETA_1 * state[d] + (1f - BETA_1) * g;
                    float v = BETA_2 * state[n + d] + (1f - BETA_2) * g * g;
                    state[d] = m;
                    state[n + d] = v;
                    values[d] -= rate * m / ((float) Math.sqrt(v) + EPSILON);
                }
            }
        }
    }
}
