package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class TowerTest {
    private static final int INPUTS = 20;
    private static final int EXAMPLES = 37;
    private static final float RATE = 0.01f;
    private static final ModelSettings.TowerSettings SETTINGS =
            new ModelSettings.TowerSettings(List.of(16, 8, 4), RATE, false);

    @Test
    void shouldBeADl4jNetwork() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        float[] rows = inputs(1);
        for (int step = 0; step < 5; step++) {
            step(tower, rows, targets(2));
        }

        float[] outputs = new float[EXAMPLES];
        tower.forward(rows, EXAMPLES, outputs);
        INDArray expected = tower.network().output(matrix(rows));

        assertThat(tower.network().numParams()).isEqualTo(tower.length());
        // (20 + 1) · 16 + (16 + 1) · 8 + (8 + 1) · 4 + (4 + 1) · 1.
        assertThat(tower.length()).isEqualTo(336 + 136 + 36 + 5);
        for (int e = 0; e < EXAMPLES; e++) {
            assertThat(FloatMath.sigmoid(outputs[e]))
                    .as("example %s", e)
                    .isCloseTo(expected.getFloat(e), within(1e-5f));
        }
        assertThat(spread(outputs)).as("outputs worth comparing").isGreaterThan(0.1);
    }

    @Test
    void shouldShareParametersAndGradientWithTheNetworkItGives() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        MultiLayerNetwork network = tower.network();
        float[] before = tower.parameters();
        assertThat(network.params().toFloatVector()).containsExactly(before);

        step(tower, inputs(1), targets(2));

        float[] after = tower.parameters();
        assertThat(after).isNotEqualTo(before);
        assertThat(network.params().toFloatVector()).containsExactly(after);
        // Adam's first step moves against the gradient's sign.
        float[] gradient = network.getLayer(0).getGradientsViewArray().toFloatVector();
        assertThat(gradient).hasSize(336);
        for (int i = 0; i < gradient.length; i++) {
            assertThat(Math.signum(before[i] - after[i])).as("parameter %s", i).isEqualTo(Math.signum(gradient[i]));
        }

        network.params().putScalar(7, 3f);
        assertThat(tower.parameters()[7]).isEqualTo(3f);
    }

    @Test
    void shouldTravelAsADl4jFile(@TempDir Path folder) throws IOException {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        step(tower, inputs(1), targets(2));
        File file = folder.resolve("tower.zip").toFile();

        ModelSerializer.writeModel(tower.network(), file, false);
        Tower other = new Tower(INPUTS, SETTINGS, 43, false);
        other.copyFrom(ModelSerializer.restoreMultiLayerNetwork(file, false));

        assertThat(other.parameters()).containsExactly(tower.parameters());
        Tower narrow = new Tower(INPUTS - 1, SETTINGS, 43, false);
        assertThatThrownBy(() -> narrow.copyFrom(other.network()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[20, 16, 8, 4, 1]")
                .hasMessageContaining("[19, 16, 8, 4, 1]");
    }

    @Test
    void shouldStepAsDl4jsAdamDoes() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        MultiLayerNetwork network = dl4j(tower);
        double first = 0.0;
        double last = 0.0;
        for (int step = 0; step < 100; step++) {
            // Two mini-batches in turn, so that moments meet gradients of both signs.
            float[] rows = inputs(step % 2);
            float[] targets = targets(10 + step % 2);

            last = step(tower, rows, targets);
            network.fit(matrix(rows), Nd4j.create(targets, new long[] {EXAMPLES, 1}, 'c'));

            assertThat(last).as("step %s", step).isCloseTo(network.score(), within(1e-4));
            first = step == 0 ? last : first;
        }

        assertThat(last).isLessThan(first - 0.05);
        float[] expected = network.params().toFloatVector();
        float[] parameters = tower.parameters();
        for (int i = 0; i < expected.length; i++) {
            assertThat(parameters[i]).as("parameter %s", i).isCloseTo(expected[i], within(1e-3f));
        }
        assertThat(tower.steps()).isEqualTo(100);
    }

    @Test
    void shouldGiveTheGradientOfItsInputs() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        float[] rows = inputs(1);
        float[] outputs = new float[EXAMPLES];
        tower.forward(rows, EXAMPLES, outputs);
        double[] parameters = ReferenceNetwork.doubles(tower.parameters());
        float[] ones = new float[EXAMPLES];
        Arrays.fill(ones, 1f);
        float[] gradients = new float[rows.length];

        tower.backward(ones, EXAMPLES, gradients);

        for (int e = 0; e < EXAMPLES; e++) {
            double[] input = IntStream.range(e * INPUTS, (e + 1) * INPUTS)
                    .mapToDouble(i -> rows[i])
                    .toArray();
            assertThat((double) outputs[e]).isCloseTo(output(parameters, input), within(1e-5));
            for (int i = 0; i < INPUTS; i++) {
                double gradient = ReferenceNetwork.derivative(() -> output(parameters, input), input, i);
                assertThat((double) gradients[e * INPUTS + i])
                        .as("example %s, input %s", e, i)
                        .isCloseTo(gradient, within(1e-4));
            }
        }
    }

    @Test
    void shouldNotDependOnHowManyExamplesGoTogether() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, false);
        float[] rows = inputs(1);
        float[] together = new float[EXAMPLES];
        tower.forward(rows, EXAMPLES, together);

        for (int count = 1; count < EXAMPLES; count++) {
            float[] some = new float[count];
            tower.forward(rows, count, some);
            for (int e = 0; e < count; e++) {
                assertThat(some[e]).as("%s of %s", e, count).isCloseTo(together[e], within(1e-5f));
            }
        }
    }

    @Test
    void shouldStartAtZeroWhereAsked() {
        Tower zero = new Tower(INPUTS, new ModelSettings.TowerSettings(List.of(16, 8, 4), RATE, true), 42, true);
        float[] outputs = new float[EXAMPLES];

        zero.forward(inputs(1), EXAMPLES, outputs);
        assertThat(outputs).containsOnly(0f);

        // The output layer moves first, and through it everything else.
        step(zero, inputs(1), targets(2));
        step(zero, inputs(1), targets(2));
        zero.forward(inputs(1), EXAMPLES, outputs);
        assertThat(spread(outputs)).isGreaterThan(1e-4);
    }

    @Test
    void shouldTakeUpWhereAnotherLeftOff() {
        Tower tower = new Tower(INPUTS, SETTINGS, 42, true);
        step(tower, inputs(1), targets(2));
        Tower restored = new Tower(INPUTS, SETTINGS, 1, true);
        restored.restore(tower.parameters(), tower.firstMoments.clone(), tower.secondMoments.clone(), tower.steps());

        double loss = step(tower, inputs(3), targets(4));
        double again = step(restored, inputs(3), targets(4));

        assertThat(again).isEqualTo(loss);
        assertThat(restored.parameters()).containsExactly(tower.parameters());
    }

    @Test
    void shouldMoveByTheOptimiserOfItsSettings() {
        Tower sgd = new Tower(INPUTS, moving(ModelSettings.Optimiser.sgd(1f)), 42, true);
        Tower adagrad = new Tower(
                INPUTS, moving(ModelSettings.Optimiser.adagrad(0.1f, 0.5f).withWeightDecay(0.25f)), 42, true);
        float[] before = sgd.parameters();

        step(sgd, inputs(1), targets(2));
        step(adagrad, inputs(1), targets(2));

        // SGD of rate 1 gives the gradient; Adagrad moves by η g / √(a + g²), g with the decay.
        assertThat(sgd.firstMoments).isEmpty();
        assertThat(adagrad.firstMoments).hasSize(before.length);
        assertThat(adagrad.secondMoments).isEmpty();
        int worth = 0;
        for (int i = 0; i < before.length; i++) {
            double g = (double) before[i] - sgd.parameters()[i] + 0.25 * before[i];
            double expected = before[i] - 0.1 * g / Math.sqrt(0.5 + g * g);
            worth += Math.abs(g) > 1e-3 ? 1 : 0;
            assertThat((double) adagrad.parameters()[i]).as("parameter %s", i).isCloseTo(expected, within(1e-5));
        }
        assertThat(worth).isGreaterThan(before.length / 2);
    }

    @Test
    void shouldGoOnFromItsStateByEachOptimiser() {
        for (ModelSettings.Optimiser optimiser : List.of(
                ModelSettings.Optimiser.sgd(0.1f), ModelSettings.Optimiser.adagrad(0.1f, 0.1f), SETTINGS.optimiser())) {
            Tower tower = new Tower(INPUTS, moving(optimiser), 42, true);
            step(tower, inputs(1), targets(2));
            Tower restored = new Tower(INPUTS, moving(optimiser), 1, true);
            restored.restore(
                    tower.parameters(), tower.firstMoments.clone(), tower.secondMoments.clone(), tower.steps());

            step(tower, inputs(3), targets(4));
            step(restored, inputs(3), targets(4));

            assertThat(restored.parameters()).as(optimiser.toString()).containsExactly(tower.parameters());
        }
    }

    @Test
    void shouldCarryGradientsPastTheHiddenValuesThatDropOut() {
        Tower whole = new Tower(INPUTS, SETTINGS, 42, true);
        Tower tower = new Tower(
                INPUTS,
                new ModelSettings.TowerSettings(
                        List.of(16, 8, 4), SETTINGS.optimiser(), 0f, false, List.of(), List.of(), 0f, 0.4f),
                42,
                true);
        float[] rows = inputs(1);
        float[] dropped = new float[EXAMPLES];
        float[] ones = new float[EXAMPLES];
        Arrays.fill(ones, 1f);
        float[] gradients = new float[EXAMPLES * INPUTS];
        tower.forward(rows, EXAMPLES, dropped, SeededRandom.of(1, 2, 3));
        tower.gradients(ones, EXAMPLES, gradients);

        // Piecewise linear, so that a difference is the derivative but where it passes a bend.
        int worth = 0;
        int equal = 0;
        for (int d = 0; d < INPUTS; d++) {
            float[] above = rows.clone();
            float[] below = rows.clone();
            for (int e = 0; e < EXAMPLES; e++) {
                above[e * INPUTS + d] += 1e-2f;
                below[e * INPUTS + d] -= 1e-2f;
            }
            float[] high = new float[EXAMPLES];
            float[] low = new float[EXAMPLES];
            tower.forward(above, EXAMPLES, high, SeededRandom.of(1, 2, 3));
            tower.forward(below, EXAMPLES, low, SeededRandom.of(1, 2, 3));
            for (int e = 0; e < EXAMPLES; e++) {
                float difference = (high[e] - low[e]) / 2e-2f;
                worth += Math.abs(difference) > 1e-2 ? 1 : 0;
                equal += Math.abs(difference - gradients[e * INPUTS + d]) < 2e-3 ? 1 : 0;
            }
        }
        assertThat(worth).isGreaterThan(EXAMPLES);
        assertThat(equal).isGreaterThan(EXAMPLES * INPUTS * 9 / 10);

        float[] serving = new float[EXAMPLES];
        float[] expected = new float[EXAMPLES];
        tower.forward(rows, EXAMPLES, serving);
        whole.forward(rows, EXAMPLES, expected);
        assertThat(serving).containsExactly(expected).isNotEqualTo(dropped);
    }

    private static ModelSettings.TowerSettings moving(ModelSettings.Optimiser optimiser) {
        return new ModelSettings.TowerSettings(List.of(16, 8, 4), optimiser, 0f, false, List.of(), List.of(), 0f, 0f);
    }

    /** One step of binary cross-entropy; returns the loss before it. */
    private static double step(Tower tower, float[] rows, float[] targets) {
        float[] outputs = new float[EXAMPLES];
        tower.forward(rows, EXAMPLES, outputs);
        double loss = 0.0;
        for (int e = 0; e < EXAMPLES; e++) {
            loss += ReferenceNetwork.binaryLoss(outputs[e], targets[e] == 1f) / EXAMPLES;
            outputs[e] = (FloatMath.sigmoid(outputs[e]) - targets[e]) / EXAMPLES;
        }
        tower.backward(outputs, EXAMPLES, new float[0]);
        return loss;
    }

    /** The same layers as DL4J trains them: cross-entropy on a logistic output, Adam with the same constants. */
    private static MultiLayerNetwork dl4j(Tower tower) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .updater(new Adam(RATE, 0.9, 0.999, 1e-8))
                .list();
        int in = INPUTS;
        for (int units : SETTINGS.hidden()) {
            list.layer(new DenseLayer.Builder()
                    .nIn(in)
                    .nOut(units)
                    .activation(Activation.RELU)
                    .build());
            in = units;
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.layer(new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                                .nIn(in)
                                .nOut(1)
                                .activation(Activation.SIGMOID)
                                .build())
                        .build());
        network.init(Nd4j.create(tower.parameters(), new long[] {1, tower.length()}, 'c'), true);
        return network;
    }

    private static double output(double[] parameters, double[] input) {
        return ReferenceNetwork.towerOutput(parameters, SETTINGS.hidden(), input);
    }

    private static INDArray matrix(float[] rows) {
        return Nd4j.create(rows.clone(), new long[] {EXAMPLES, INPUTS}, 'c');
    }

    private static float[] inputs(long counter) {
        SeededRandom random = SeededRandom.of(3, 1, counter);
        float[] rows = new float[EXAMPLES * INPUTS];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    private static float[] targets(long counter) {
        SeededRandom random = SeededRandom.of(3, 2, counter);
        float[] targets = new float[EXAMPLES];
        for (int e = 0; e < EXAMPLES; e++) {
            targets[e] = random.nextInt(2);
        }
        return targets;
    }

    private static double spread(float[] values) {
        return IntStream.range(0, values.length)
                        .mapToDouble(i -> values[i])
                        .max()
                        .orElseThrow()
                - IntStream.range(0, values.length)
                        .mapToDouble(i -> values[i])
                        .min()
                        .orElseThrow();
    }
}
