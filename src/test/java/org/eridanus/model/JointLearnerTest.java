package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JointLearnerTest {
    private static final int ITEMS = 9;
    private static final int[] NEGATIVES = {2, 6};
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double TOLERANCE = 2e-5;

    /** The joint features that gradients are checked through. */
    enum Form {
        /** ⟨user·item⟩ and three combinations of the user's attributes, as preset {@code paper} has them. */
        PAPER(SmallModels.paperFeatures()),
        /** The histories as well, which share the item's rows. */
        HISTORIES(SmallModels.features("user·item", "recent·item", "history·item"));

        private final List<JointFeature> features;

        Form(List<JointFeature> features) {
            this.features = features;
        }

        DeepAssociationNetwork network(float weightDecay) {
            return SmallModels.network(SmallModels.tower(NEGATIVES.length, weightDecay), features, ITEMS);
        }

        /** Users share attributes, one attribute is missing, and one item is the positive of two examples. */
        Example[] examples() {
            int[][] values = this == PAPER
                    ? new int[][] {{0, 1, 2, 3}, {4, 1, 2, 5}, {6, 1, -1, 3}}
                    : new int[][] {{0}, {4}, {-1}};
            return new Example[] {
                SmallModels.example(SmallModels.context(new int[] {3, 5, 0}, values[0]), 7, ITEMS, NEGATIVES),
                SmallModels.example(SmallModels.context(new int[] {8, 3}, values[1]), 1, ITEMS, NEGATIVES),
                SmallModels.example(SmallModels.context(new int[] {4}, values[2]), 7, ITEMS, NEGATIVES)
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldDescendTheGradientOfBinaryCrossEntropyInTheTower(Form form) {
        DeepAssociationNetwork network = form.network(0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Tower tower = Objects.requireNonNull(network.tower);
        Example[] examples = form.examples();

        double loss = new JointLearner(network).learn(examples, examples.length, 0);

        assertThat(loss).isCloseTo(loss(reference, examples), within(1e-5));
        float[] parameters = tower.parameters();
        int moved = 0;
        for (int i = 0; i < tower.length(); i++) {
            double gradient = ReferenceNetwork.derivative(() -> loss(reference, examples), reference.tower, i);
            checkAdam(
                    "parameter " + i,
                    gradient,
                    tower.firstMoments[i],
                    tower.secondMoments[i],
                    reference.tower[i],
                    parameters[i]);
            moved += Math.abs(gradient) > 1e-3 ? 1 : 0;
        }
        assertThat(moved).as("gradients worth checking").isGreaterThan(tower.length() / 4);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldDescendTheGradientOfBinaryCrossEntropyInTheItemRows(Form form) {
        DeepAssociationNetwork network = form.network(0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Example[] examples = form.examples();

        new JointLearner(network).learn(examples, examples.length, 0);

        assertThat(checkRows(network.items(), reference.items, reference, examples, 0.0))
                .as("gradients worth checking")
                .isGreaterThan(8);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldKnowTheNormOfTheGradientOverAllRows(Form form) {
        DeepAssociationNetwork network = form.network(0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Example[] examples = form.examples();
        JointLearner learner = new JointLearner(network);

        learner.learn(examples, examples.length, 0);

        double squares = squaredNorm(reference.items, reference, examples);
        for (double[][] table : reference.tables) {
            squares += squaredNorm(table, reference, examples);
        }
        assertThat(learner.gradientNorm()).isPositive().isCloseTo(Math.sqrt(squares), within(1e-4));
    }

    private static double squaredNorm(double[][] rows, ReferenceNetwork reference, Example[] examples) {
        double squares = 0.0;
        for (double[] row : rows) {
            for (int d = 0; d < row.length; d++) {
                double gradient = ReferenceNetwork.derivative(() -> loss(reference, examples), row, d);
                squares += gradient * gradient;
            }
        }
        return squares;
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldDescendTheGradientOfBinaryCrossEntropyInEveryCategorysRows(Form form) {
        DeepAssociationNetwork network = form.network(0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Example[] examples = form.examples();

        new JointLearner(network).learn(examples, examples.length, 0);

        for (int t = 0; t < network.categories().size(); t++) {
            assertThat(checkRows(network.table(t), reference.tables[t], reference, examples, 0.0))
                    .as(
                            "gradients worth checking in table %s",
                            network.categories().get(t))
                    .isGreaterThan(3);
        }
    }

    @Test
    void shouldTouchTheRowsOfTheBatchAndNoOthers() {
        DeepAssociationNetwork network = Form.PAPER.network(0.01f);
        Example[] examples = Form.PAPER.examples();

        new JointLearner(network).learn(examples, examples.length, 0);

        assertThat(network.categories()).containsExactly("user", "occupation", "gender", "age");
        assertThat(network.items().changed().sorted()).containsExactly(1, 2, 6, 7);
        assertThat(network.table(0).changed().sorted()).containsExactly(0, 4, 6);
        assertThat(network.table(1).changed().sorted()).containsExactly(1);
        assertThat(network.table(2).changed().sorted()).containsExactly(2);
        assertThat(network.table(3).changed().sorted()).containsExactly(3, 5);
    }

    @Test
    void shouldAddWeightDecayToTheGradientOfTouchedRowsBeforeTheRule() {
        double decay = 0.3f;
        DeepAssociationNetwork network = Form.PAPER.network((float) decay);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Example[] examples = Form.PAPER.examples();

        new JointLearner(network).learn(examples, examples.length, 0);

        assertThat(checkRows(network.items(), reference.items, reference, examples, decay))
                .isGreaterThan(8);
        assertThat(checkRows(network.table(0), reference.tables[0], reference, examples, decay))
                .isGreaterThan(8);
    }

    @Test
    void shouldLeaveOutWhereNegativesRunOut() {
        DeepAssociationNetwork network = Form.PAPER.network(0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Context context = Form.PAPER.examples()[0].context;
        Example full = SmallModels.example(context, 7, ITEMS, 2, 6);
        Example one = SmallModels.example(context, 7, ITEMS, 2);

        double loss = new JointLearner(network).learn(new Example[] {full, one}, 2, 0);

        double positive = ReferenceNetwork.binaryLoss(reference.towerOutput(context, 7), true);
        double second = ReferenceNetwork.binaryLoss(reference.towerOutput(context, 2), false);
        double sixth = ReferenceNetwork.binaryLoss(reference.towerOutput(context, 6), false);
        assertThat(loss).isCloseTo((2 * positive + 2 * second + sixth) / 5.0, within(1e-5));
    }

    @Test
    void shouldLearnAnExample() {
        DeepAssociationNetwork network = Form.PAPER.network(0f);
        JointLearner learner = new JointLearner(network);
        Example[] examples = Form.PAPER.examples();
        double first = learner.learn(examples, examples.length, 0);
        double last = first;
        for (int batch = 1; batch < 300; batch++) {
            last = learner.learn(examples, examples.length, batch);
        }

        assertThat(last).isLessThan(first / 10.0);
    }

    /** Checks every value of a table; returns how many had a gradient worth the name. */
    private static int checkRows(
            EmbeddingTable table, double[][] rows, ReferenceNetwork reference, Example[] examples, double decay) {
        int worth = 0;
        for (int r = 0; r < rows.length; r++) {
            boolean touched =
                    Arrays.stream(table.changed().sorted()).boxed().toList().contains(r);
            for (int d = 0; d < rows[r].length; d++) {
                double gradient = ReferenceNetwork.derivative(() -> loss(reference, examples), rows[r], d);
                assertThat(touched || gradient == 0.0)
                        .as("%s %s is in the batch or has no gradient", table.name(), r)
                        .isTrue();
                worth += Math.abs(gradient) > 1e-3 ? 1 : 0;
                checkAdam(
                        table.name() + " " + r + ", value " + d,
                        gradient + (touched ? decay * rows[r][d] : 0.0),
                        table.state(r)[d],
                        table.state(r)[rows[r].length + d],
                        rows[r][d],
                        table.values(r)[d]);
            }
        }
        return worth;
    }

    /** Adam's first step from moments 0: m = (1 − β₁) g, v = (1 − β₂) g², Δ = −η · m̂ / (√v̂ + ε), of size η. */
    private static void checkAdam(String what, double gradient, float first, float second, double before, float after) {
        assertThat(first / (1.0 - BETA_1)).as(what).isCloseTo(gradient, within(TOLERANCE));
        assertThat(second / (1.0 - BETA_2)).as(what).isCloseTo(gradient * gradient, within(TOLERANCE));
        if (Math.abs(gradient) > 1e-3) {
            assertThat(before - after).as(what).isCloseTo(0.01 * Math.signum(gradient), within(2e-5));
        }
    }

    /** The mean over all examples, positives and negatives alike. */
    private static double loss(ReferenceNetwork reference, Example[] examples) {
        List<Double> losses = new ArrayList<>();
        for (Example example : examples) {
            losses.add(ReferenceNetwork.binaryLoss(reference.towerOutput(example.context, example.positive), true));
            for (int negative : NEGATIVES) {
                losses.add(ReferenceNetwork.binaryLoss(reference.towerOutput(example.context, negative), false));
            }
        }
        return losses.stream().mapToDouble(l -> l).average().orElseThrow();
    }
}
