package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTableTest {
    private static final ModelSettings ADAGRAD = Presets.association();
    private static final ModelSettings ADAM = Presets.paper();

    @Test
    void shouldAdmitRowsOnFirstUseInOrder() {
        EmbeddingTable table = new EmbeddingTable("item", 8, true, ADAGRAD, true);

        assertThat(table.indexOf("a")).isEqualTo(-1);
        assertThat(table.admit("a")).isZero();
        assertThat(table.admit("b")).isEqualTo(1);
        assertThat(table.admit("a")).isZero();
        assertThat(table.indexOf("b")).isEqualTo(1);
        assertThat(table.id(1)).isEqualTo("b");
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.changed().sorted()).containsExactly(0, 1);
    }

    @Test
    void shouldStartARowFromSeedTableAndIdAlone() {
        EmbeddingTable one = new EmbeddingTable("item", 8, true, ADAGRAD, true);
        EmbeddingTable other = new EmbeddingTable("item", 8, true, ADAGRAD, false);
        EmbeddingTable user = new EmbeddingTable("user", 8, true, ADAGRAD, true);
        one.admit("a");
        one.admit("b");
        other.admit("b");
        user.admit("b");

        assertThat(one.values(1)).containsExactly(other.values(0));
        assertThat(one.values(1)).isNotEqualTo(one.values(0));
        assertThat(one.values(1)).isNotEqualTo(user.values(0));
    }

    @Test
    void shouldStartVectorsNormalAndTheBiasAtZero() {
        EmbeddingTable table = new EmbeddingTable("item", 32, true, ADAGRAD, true);
        double squares = 0.0;
        double sum = 0.0;
        int n = 2_000 * 32;
        for (int i = 0; i < 2_000; i++) {
            float[] row = table.values(table.admit("i" + i));
            assertThat(row).hasSize(33);
            assertThat(row[32]).isZero();
            for (int d = 0; d < 32; d++) {
                sum += row[d];
                squares += row[d] * row[d];
            }
        }

        double variance = Math.pow(ADAGRAD.initialDeviation(), 2);
        assertThat(sum / n).isCloseTo(0.0, within(5 * Math.sqrt(variance / n)));
        assertThat(squares / n).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / n)));
    }

    @Test
    void shouldStartTheOptimisersStateAsItAsks() {
        EmbeddingTable adagrad = new EmbeddingTable("item", 8, true, ADAGRAD, true);
        EmbeddingTable adam = new EmbeddingTable("user", 8, false, ADAM, true);
        EmbeddingTable serving = new EmbeddingTable("item", 8, true, ADAGRAD, false);

        // One accumulator a value, the bias included, from its initial value; two moments a value from zero.
        assertThat(adagrad.state(adagrad.admit("a")))
                .hasSize(9)
                .containsOnly(ADAGRAD.optimiser().initialAccumulator());
        assertThat(adam.state(adam.admit("a"))).hasSize(2 * 8).containsOnly(0f);
        assertThat(serving.admit("a")).isZero();
    }

    @Test
    void shouldRefuseRowsBeyondItsBound() {
        EmbeddingTable table = new EmbeddingTable("user", 4, false, withRows(3), true);
        for (int i = 0; i < 3; i++) {
            assertThat(table.admit("u" + i)).isEqualTo(i);
        }

        assertThat(table.admit("u3")).isEqualTo(-1);
        assertThat(table.admit("u1")).isEqualTo(1);
        assertThat(table.indexOf("u3")).isEqualTo(-1);

        table.remove("u1");
        assertThat(table.admit("u3")).as("a removed row makes room").isEqualTo(1);
        assertThat(table.admit("u4")).isEqualTo(-1);
    }

    @Test
    void shouldGrowBeyondItsFirstCapacity() {
        EmbeddingTable table = new EmbeddingTable("user", 4, false, ADAM, true);
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.admit("u" + i)).isEqualTo(i);
        }
        EmbeddingTable alone = new EmbeddingTable("user", 4, false, ADAM, true);

        assertThat(table.values(777)).containsExactly(alone.values(alone.admit("u777")));
        assertThat(table.state(999)).hasSize(8);
    }

    @Test
    void shouldTakeRowsThatWereReadInAnyOrder() {
        EmbeddingTable table = new EmbeddingTable("item", 4, false, ADAGRAD, true);
        float[] values = {1f, 2f, 3f, 4f};
        float[] state = {5f, 6f, 7f, 8f};

        table.put(200, "late", values, state);
        table.put(3, "early", values.clone(), state.clone());

        assertThat(table.size()).isEqualTo(201);
        assertThat(table.values(table.indexOf("late"))).containsExactly(values);
        assertThat(table.state(200)).containsExactly(state);
        assertThat(table.record(200)).containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
        assertThat(table.holds(3)).isTrue();
        assertThat(table.holds(4)).isFalse();
        assertThat(table.changed().count()).as("what was read did not change").isZero();
    }

    @Test
    void shouldForgetARemovedRow() {
        EmbeddingTable table = new EmbeddingTable("user", 4, false, ADAGRAD, true);
        float first = table.values(table.admit("a"))[0];
        table.record(0)[0] = 9f;

        table.remove("a");
        table.remove("never");

        assertThat(table.indexOf("a")).isEqualTo(-1);
        assertThat(table.holds(0)).isFalse();
        assertThat(table.takeRemoved()).containsExactly("a");
        assertThat(table.takeRemoved()).isEmpty();
        assertThat(table.values(table.admit("a"))[0]).as("starts anew").isEqualTo(first);
    }

    @Test
    void shouldAdmitAsATableRestoredFromItsRowsDoes() {
        EmbeddingTable table = new EmbeddingTable("user", 4, false, ADAGRAD, true);
        for (int i = 0; i < 6; i++) {
            table.admit("u" + i);
        }
        table.remove("u5");
        table.remove("u2");
        EmbeddingTable restored = new EmbeddingTable("user", 4, false, ADAGRAD, true);
        for (int i : new int[] {4, 0, 3, 1}) {
            restored.put(i, table.id(i), table.values(i), table.state(i));
        }

        List<Integer> indices = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (String id : List.of("new", "u5", "newer")) {
            indices.add(table.admit(id));
            others.add(restored.admit(id));
        }

        assertThat(indices).containsExactly(2, 5, 6);
        assertThat(others).isEqualTo(indices);
    }

    private static ModelSettings withRows(int maxRows) {
        return ADAGRAD.toBuilder()
                .preset("bounded")
                .dimension(4)
                .maxRows(maxRows)
                .build();
    }

    @Test
    void shouldCopyARowThatIsPutOverTheOneThatIsThere() {
        EmbeddingTable served = new EmbeddingTable("item", 2, true, ADAGRAD, false);
        EmbeddingTable learned = new EmbeddingTable("item", 2, true, ADAGRAD, true);
        float[] first = {1f, 2f, 3f};
        float[] second = {4f, 5f, 6f};

        for (EmbeddingTable table : List.of(served, learned)) {
            table.put(0, "a", first, new float[] {7f, 8f, 9f});
            float[] record = table.record(0);
            table.put(0, "a", second, new float[] {10f, 11f, 12f});
            assertThat(table.values(0)).containsExactly(4f, 5f, 6f);
            assertThat(table.record(0)).isSameAs(record);
            assertThat(table.rows()).isEqualTo(1);
        }

        assertThat(first).containsExactly(1f, 2f, 3f);
        assertThat(second).containsExactly(4f, 5f, 6f);
        assertThat(served.state(0)).isEmpty();
        assertThat(learned.state(0)).containsExactly(10f, 11f, 12f);
    }
}
