package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MixingLearnerTest {
    private static final int ITEMS = 12;
    private static final int POSITIVE = 7;
    private static final int[] NEGATIVES = {2, 9, 10};
    private static final Context CONTEXT = SmallModels.context(new int[] {3, 5, 0});

    private final DeepAssociationNetwork network = network(SmallModels.PAIRS);
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final MixingLearner learner = new MixingLearner(network, SmallModels.PAIRS);

    @Test
    void shouldStepAlongTheGradientOfScaleAndCountWeight() {
        network.score(CONTEXT, scoring);
        double[] mixing = ReferenceNetwork.doubles(network.mixing());
        double byScale = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 0);
        double byWeight = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 1);

        double loss = learner.step(scoring, example(), 0);

        // Adagrad from accumulator 0: the accumulator holds g², and the first step is η against its sign.
        assertThat(loss).isCloseTo(loss(mixing), within(1e-5));
        assertThat(Math.abs(byScale)).isGreaterThan(0.05);
        assertThat(Math.abs(byWeight)).isGreaterThan(0.05);
        assertThat(Math.sqrt(learner.state[0])).isCloseTo(Math.abs(byScale), within(1e-5));
        assertThat(Math.sqrt(learner.state[1])).isCloseTo(Math.abs(byWeight), within(1e-5));
        assertThat((double) network.mixing()[0]).isCloseTo(1.0 - 0.05 * Math.signum(byScale), within(1e-6));
        assertThat((double) network.mixing()[1]).isCloseTo(0.5 - 0.05 * Math.signum(byWeight), within(1e-6));
    }

    @Test
    void shouldAccumulateSquaredGradients() {
        network.score(CONTEXT, scoring);
        learner.step(scoring, example(), 0);
        double first = learner.state[0];
        double[] mixing = ReferenceNetwork.doubles(network.mixing());
        network.score(CONTEXT, scoring);
        double gradient = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 0);

        learner.step(scoring, example(), 1);

        assertThat((double) learner.state[0]).isCloseTo(first + gradient * gradient, within(1e-5));
        assertThat((double) network.mixing()[0])
                .isCloseTo(mixing[0] - 0.05 * gradient / Math.sqrt(first + gradient * gradient), within(1e-6));
    }

    @Test
    void shouldMoveNoEmbeddingRow() {
        float[][] before = SmallModels.rows(network.items());
        network.score(CONTEXT, scoring);

        learner.step(scoring, example(), 0);

        assertThat(SmallModels.rows(network.items())).isDeepEqualTo(before);
        assertThat(network.items().changed().count()).isZero();
    }

    @Test
    void shouldNotMoveWithoutCounts() {
        DeepAssociationNetwork vectors = network(null);
        IncrementalLearner incremental = new IncrementalLearner(vectors);
        vectors.score(CONTEXT, scoring);

        double loss = incremental.observe(scoring, example(), 0, new int[0], 0);

        assertThat(loss).isPositive();
        assertThat(vectors.mixing()).containsExactly(1f, 0f);
    }

    @Test
    void shouldStandStillWhereThereIsNothingToContrast() {
        network.score(CONTEXT, scoring);

        double loss = learner.step(scoring, SmallModels.example(CONTEXT, POSITIVE, ITEMS), 0);

        assertThat(loss).isCloseTo(0.0, within(1e-6));
        assertThat(network.mixing()).containsExactly(1f, 0.5f);
    }

    private static DeepAssociationNetwork network(ModelSettings.@Nullable Pairs pairs) {
        DeepAssociationNetwork network = SmallModels.network(
                SmallModels.association(NEGATIVES.length, 0f, 0f, pairs, null), SmallModels.HISTORIES, ITEMS);
        PairCounts counts = network.pairs();
        if (counts != null) {
            for (int[] event : List.of(new int[] {3, 7}, new int[] {3, 9}, new int[] {5, 9}, new int[] {0, 2})) {
                counts.add(SmallModels.context(new int[] {event[0]}), event[1]);
            }
        }
        return network;
    }

    private static Example example() {
        return SmallModels.example(CONTEXT, POSITIVE, ITEMS, NEGATIVES);
    }

    /** Cross-entropy of the softmax over a · vector + w₁ φ, by the scoring's vector scores and pair features. */
    private double loss(double[] mixing) {
        double[] scores = new double[NEGATIVES.length + 1];
        scores[0] = mixing[0] * scoring.vector[POSITIVE] + mixing[1] * scoring.phi[POSITIVE];
        for (int n = 0; n < NEGATIVES.length; n++) {
            scores[n + 1] = mixing[0] * scoring.vector[NEGATIVES[n]] + mixing[1] * scoring.phi[NEGATIVES[n]];
        }
        return ReferenceNetwork.softmaxLoss(scores);
    }
}
