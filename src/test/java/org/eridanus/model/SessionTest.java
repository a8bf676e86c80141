package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.junit.jupiter.api.Test;

/** Histories whose items count by how long before the newest they were consumed. */
class SessionTest {
    private static final int[][] NO_VALUES = new int[0][];
    private static final int[] HISTORY = {3, 1, 2, 0};

    private final JointFeatures.Side side = side(1_000);

    @Test
    void shouldHalveAnItemsWeightWithEachHalfLife() {
        float[] weights = new float[4];

        int counting = side.weigh(context(9_000, 8_000, 8_000, 7_000), weights);

        double norm = Math.sqrt(1 + .5 + .5 + .25);
        assertThat(counting).isEqualTo(4);
        assertThat(weights[0]).isCloseTo((float) (1 / norm), within(1e-6f));
        assertThat(weights[1]).isCloseTo((float) (.5 / norm), within(1e-6f));
        assertThat(weights[2]).isEqualTo(weights[1]);
        assertThat(weights[3]).isCloseTo((float) (.25 / norm), within(1e-6f));
    }

    @Test
    void shouldNotDependOnWhenItIsAsked() {
        float[] now = new float[4];
        float[] later = new float[4];

        side.weigh(context(9_000, 8_000, 8_000, 7_000), now);
        side.weigh(context(1_009_000, 1_008_000, 1_008_000, 1_007_000), later);

        assertThat(later).containsExactly(now);
    }

    @Test
    void shouldLeaveOutWhatIsLongAgo() {
        float[] weights = new float[4];

        int counting = side.weigh(context(1_000_000, 999_000, 0, 0), weights);

        assertThat(counting).isEqualTo(2);
        assertThat(side.weigh(context(1_000_000, 0, 999_000, 0), weights)).isEqualTo(3);
        assertThat(weights[1]).isZero();
    }

    @Test
    void shouldTakeWhatCameTooLateForOneMomentWithTheNewest() {
        float[] late = new float[4];
        float[] same = new float[4];
        float[] unknown = new float[4];

        side.weigh(context(5_000, 70_000, 5_000, 5_000), late);
        side.weigh(context(5_000, 5_000, 5_000, 5_000), same);
        side.weigh(new Context(HISTORY, 4, NO_VALUES), unknown);

        assertThat(late).containsExactly(same).containsExactly(.5f, .5f, .5f, .5f);
        assertThat(unknown).containsExactly(same);
    }

    @Test
    void shouldLetTheSessionDecideWhatIsRecommended() {
        DeepAssociationNetwork network = definition(1_000).network(true);
        for (int i = 0; i < 4; i++) {
            network.setCandidate(network.admitItem("i" + i), true);
        }
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        network.score(context(9_000, 8_000, 8_000, 7_000), scoring);
        float[] together = scoring.base().clone();

        network.score(context(9_000_000, 8_000, 8_000, 7_000), scoring);

        assertThat(scoring.base()).isNotEqualTo(together);
    }

    private static Context context(long... times) {
        return new Context(HISTORY, times, HISTORY.length, NO_VALUES);
    }

    private static JointFeatures.Side side(long halfLife) {
        JointFeatures.Side history =
                definition(halfLife).network(true).joints.features[0].soleHistory();
        assertThat(history).isNotNull();
        return history;
    }

    private static ModelDefinition definition(long halfLife) {
        return ModelDefinition.over(
                Presets.association(),
                new FeatureSchema(
                        List.of(Category.id("item", Owner.ITEM), Category.session("session", 4, halfLife)),
                        List.of(Combination.of("session", "item"))));
    }
}
