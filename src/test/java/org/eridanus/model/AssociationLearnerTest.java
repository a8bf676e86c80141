package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssociationLearnerTest {
    private static final int ITEMS = 12;
    private static final int POSITIVE = 7;
    private static final int[] NEGATIVES = {2, 9, 10};
    private static final Context CONTEXT = SmallModels.context(new int[] {3, 5, 0, 11, 6});
    private static final double TOLERANCE = 2e-5;

    @Test
    void shouldStepAlongTheGradientOfTheSoftmaxLoss() {
        DeepAssociationNetwork network = network(0f, 0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        float[][] before = SmallModels.rows(network.items());

        AssociationLearner learner = new AssociationLearner(network);
        double loss = learner.learn(new Example[] {example()}, 1, 0);

        assertThat(loss).isCloseTo(loss(reference), within(1e-5));
        double largest = 0.0;
        double squares = 0.0;
        for (int j = 0; j < ITEMS; j++) {
            for (int d = 0; d < before[j].length; d++) {
                double gradient = ReferenceNetwork.derivative(() -> loss(reference), reference.items[j], d);
                assertThat(impliedGradient(before[j][d], network.items().values(j)[d]))
                        .as("item %s, value %s", j, d)
                        .isCloseTo(gradient, within(TOLERANCE));
                assertThat((double) network.items().state(j)[d])
                        .as("accumulator of item %s, value %s", j, d)
                        .isCloseTo(SmallModels.ACCUMULATOR + gradient * gradient, within(TOLERANCE));
                largest = Math.max(largest, Math.abs(gradient));
                squares += gradient * gradient;
            }
        }
        assertThat(learner.gradientNorm()).isCloseTo(Math.sqrt(squares), within(1e-4));
        assertThat(largest).as("a gradient worth checking").isGreaterThan(0.1);
    }

    @Test
    void shouldMoveHistoryRowsByTheirWeights() {
        DeepAssociationNetwork network = network(0f, 0f);
        float[][] before = SmallModels.rows(network.items());

        learn(network, example());

        // Two recent items, four of the history: the fifth item of the user is in neither.
        assertThat(changedValues(before, network, 3)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(changedValues(before, network, 5)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(changedValues(before, network, 0)).containsExactlyInAnyOrder(4, 5, 6, 7);
        assertThat(changedValues(before, network, 11)).containsExactlyInAnyOrder(4, 5, 6, 7);
        assertThat(changedValues(before, network, 6)).isEmpty();
        // Recent: the newest with weight 1, the one before with .8, both over √1.8.
        double newest = impliedGradient(before[3][1], network.items().values(3)[1]);
        double second = impliedGradient(before[5][1], network.items().values(5)[1]);
        assertThat(second / newest).isCloseTo(0.8, within(1e-3));
    }

    @Test
    void shouldTouchTheRowsOfTheExampleAndNoOthers() {
        DeepAssociationNetwork network = network(1e-3f, 0f);
        float[][] before = SmallModels.rows(network.items());

        learn(network, example());

        assertThat(network.items().changed().sorted()).containsExactly(0, 2, 3, 5, 7, 9, 10, 11);
        for (int j : new int[] {1, 4, 6, 8}) {
            assertThat(network.items().values(j)).containsExactly(before[j]);
        }
    }

    @Test
    void shouldAddWeightDecayToTheGradientBeforeTheRule() {
        float decay = 0.3f;
        DeepAssociationNetwork network = network(decay, 0f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        float[][] before = SmallModels.rows(network.items());

        learn(network, example());

        int bias = before[0].length - 1;
        Set<Integer> candidates = Set.of(POSITIVE, NEGATIVES[0], NEGATIVES[1], NEGATIVES[2]);
        for (int j : new int[] {7, 2, 9, 10, 3, 5}) {
            for (int d = 0; d < before[j].length; d++) {
                boolean touched = candidates.contains(j) || d < bias;
                double gradient = ReferenceNetwork.derivative(() -> loss(reference), reference.items[j], d)
                        + (touched ? decay * (double) before[j][d] : 0.0);
                assertThat(impliedGradient(before[j][d], network.items().values(j)[d]))
                        .as("item %s, value %s", j, d)
                        .isCloseTo(gradient, within(TOLERANCE));
                assertThat((double) network.items().state(j)[d])
                        .isCloseTo(SmallModels.ACCUMULATOR + gradient * gradient, within(TOLERANCE));
            }
        }
    }

    @Test
    void shouldLeaveCandidatesWithANegligibleGradientAlone() {
        DeepAssociationNetwork plain = network(0.01f, 0f);
        ReferenceNetwork reference = new ReferenceNetwork(plain);
        double[] scores = scores(reference);
        double[] probabilities = new double[NEGATIVES.length];
        for (int n = 0; n < NEGATIVES.length; n++) {
            double sum = 0.0;
            for (double score : scores) {
                sum += Math.exp(score - scores[n + 1]);
            }
            probabilities[n] = 1.0 / sum;
        }
        double limit = median(probabilities) * 1.001;
        DeepAssociationNetwork network = network(0.01f, (float) limit);
        float[][] before = SmallModels.rows(network.items());

        learn(network, example());

        Set<Integer> untouched = new HashSet<>();
        for (int n = 0; n < NEGATIVES.length; n++) {
            int item = NEGATIVES[n];
            boolean same = changedValues(before, network, item).isEmpty();
            assertThat(same).as("item %s with p = %s", item, probabilities[n]).isEqualTo(probabilities[n] < limit);
            if (same) {
                untouched.add(item);
            }
        }
        assertThat(untouched).as("two are below, one above").hasSize(2);
        for (int row : network.items().changed().sorted()) {
            assertThat(untouched).doesNotContain(row);
        }
    }

    @Test
    void shouldLearnExamplesOneAfterTheOther() {
        DeepAssociationNetwork once = network(1e-3f, 0f);
        double first = loss(new ReferenceNetwork(once));
        learn(once, example());
        double second = loss(new ReferenceNetwork(once));

        double mean = learn(network(1e-3f, 0f), example(), example());

        assertThat(second).isLessThan(first - 0.01);
        assertThat(mean).isCloseTo((first + second) / 2.0, within(1e-5));
    }

    @Test
    void shouldDescend() {
        DeepAssociationNetwork network = network(0f, 0f);
        AssociationLearner learner = new AssociationLearner(network);
        double first = learner.learn(new Example[] {example()}, 1, 0);
        double last = first;
        for (int batch = 1; batch < 30; batch++) {
            last = learner.learn(new Example[] {example()}, 1, batch);
        }

        assertThat(last).isLessThan(first / 10.0);
    }

    @Test
    void shouldNotMoveWithoutNegativesOrWithoutExamples() {
        DeepAssociationNetwork network = network(0f, 1e-4f);
        float[][] before = SmallModels.rows(network.items());

        double alone = learn(network, SmallModels.example(CONTEXT, POSITIVE, ITEMS));
        double nothing = new AssociationLearner(network).learn(new Example[0], 0, 0);

        assertThat(alone).isCloseTo(0.0, within(1e-6));
        assertThat(nothing).isZero();
        assertThat(SmallModels.rows(network.items())).isDeepEqualTo(before);
    }

    private static DeepAssociationNetwork network(float weightDecay, float negligible) {
        return SmallModels.network(
                SmallModels.association(NEGATIVES.length, weightDecay, negligible), SmallModels.HISTORIES, ITEMS);
    }

    private static Example example() {
        return SmallModels.example(CONTEXT, POSITIVE, ITEMS, NEGATIVES);
    }

    private static double learn(DeepAssociationNetwork network, Example... examples) {
        return new AssociationLearner(network).learn(examples, examples.length, 0);
    }

    private static double loss(ReferenceNetwork reference) {
        return ReferenceNetwork.softmaxLoss(scores(reference));
    }

    private static double[] scores(ReferenceNetwork reference) {
        double[] scores = new double[NEGATIVES.length + 1];
        scores[0] = reference.vectorScore(CONTEXT, POSITIVE);
        for (int n = 0; n < NEGATIVES.length; n++) {
            scores[n + 1] = reference.vectorScore(CONTEXT, NEGATIVES[n]);
        }
        return scores;
    }

    /** Adagrad's first step from accumulator A is Δ = −η g / √(A + g²); solved for g. */
    private static double impliedGradient(float before, float after) {
        double u = ((double) before - after) / SmallModels.RATE;
        return u * Math.sqrt(SmallModels.ACCUMULATOR / (1.0 - u * u));
    }

    private static Set<Integer> changedValues(float[][] before, DeepAssociationNetwork network, int item) {
        Set<Integer> changed = new HashSet<>();
        for (int d = 0; d < before[item].length; d++) {
            if (before[item][d] != network.items().values(item)[d]) {
                changed.add(d);
            }
        }
        return changed;
    }

    private static double median(double[] three) {
        return Math.max(Math.min(three[0], three[1]), Math.min(Math.max(three[0], three[1]), three[2]));
    }
}
