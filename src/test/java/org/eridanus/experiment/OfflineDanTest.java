package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.LeaveOneOut.Held;
import org.eridanus.evaluation.Protocol;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.PaperModels;
import org.junit.jupiter.api.Test;

class OfflineDanTest {
    private static final InteractionLog LOG = new InteractionLog(
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(30, 40, 300)), Integer.MAX_VALUE);

    /** Four layers, the last of one ReLU: five of the eight seeds start with a dead layer. */
    private static final ModelDefinition NARROW = PaperModels.withScaledWeights(PaperModels.mlp2(1, 4));

    private static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);

    @Test
    void shouldBeginADeadNetworkAnewAndSaySo() {
        Judge.HeldOut outcome =
                Judge.leaveOneOut(Methods.offline("narrow", NARROW, 1), LOG, Held.TEST, List.of(Protocol.FULL), SEEDS);

        assertThat(outcome.notes())
                .isNotEmpty()
                .allMatch(note -> note.matches("seed \\d: begun ([2-9]|1\\d|20) times, because all ReLUs .*"));
    }

    @Test
    void shouldEndWithANetworkThatTellsItemsApart() {
        LeaveOneOut split = new LeaveOneOut(LOG.sequences(), LOG.items(), Held.TEST);
        List<Integer> starts = new ArrayList<>();
        for (long seed : SEEDS) {
            OfflineDan network = new OfflineDan(
                    LOG, NARROW.with(NARROW.settings().toBuilder().seed(seed).build()), 1);
            Judge.fitted(network, LOG, split);
            float[] scores = new float[LOG.items()];
            network.score(1, scores);
            starts.add(network.starts());
            if (network.starts() < OfflineDan.MOST_STARTS) {
                assertThat(Arrays.equals(scores, filled(scores[0])))
                        .as("seed " + seed)
                        .isFalse();
            }
        }
        assertThat(starts).anyMatch(begun -> begun > 1 && begun < OfflineDan.MOST_STARTS);
    }

    private static float[] filled(float value) {
        float[] values = new float[LOG.items()];
        Arrays.fill(values, value);
        return values;
    }
}
