package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowSetTest {
    @Test
    void shouldHoldEachRowOnceInOrderOfInsertion() {
        SplittableRandom random = new SplittableRandom(3);
        RowSet rows = new RowSet();
        Set<Integer> expected = new LinkedHashSet<>();
        for (int i = 0; i < 5_000; i++) {
            int row = random.nextInt(3_000);
            rows.add(row);
            expected.add(row);
        }

        assertThat(rows.count()).isEqualTo(expected.size());
        int i = 0;
        for (int row : expected) {
            assertThat(rows.get(i++)).isEqualTo(row);
        }
        assertThat(rows.sorted())
                .containsExactly(
                        new TreeSet<>(expected).stream().mapToInt(r -> r).toArray());
    }

    @Test
    void shouldGiveItsRowsInOrderWhereThatCostsNoMoreThanThereAreRows() {
        RowSet dense = new RowSet();
        for (int row : new int[] {130, 2, 70, 1, 65}) {
            dense.add(row);
        }
        RowSet sparse = new RowSet();
        for (int row : new int[] {100_000, 9}) {
            sparse.add(row);
        }
        int[] out = new int[5];

        assertThat(dense.inOrder(out)).isEqualTo(5);
        assertThat(out).containsExactly(1, 2, 65, 70, 130);
        assertThat(sparse.inOrder(out)).isEqualTo(2);
        assertThat(out).startsWith(100_000, 9);
    }

    @Test
    void shouldForgetItsRowsWhenCleared() {
        RowSet rows = new RowSet();
        for (int row : new int[] {9, 100_000, 3}) {
            rows.add(row);
        }

        rows.clear();
        rows.add(3);
        rows.add(7);

        assertThat(rows.count()).isEqualTo(2);
        assertThat(rows.sorted()).containsExactly(3, 7);
    }

    @Test
    void shouldSortACopy() {
        RowSet rows = new RowSet();
        Collections.nCopies(2, 5).forEach(rows::add);
        rows.add(1);

        assertThat(rows.sorted()).containsExactly(1, 5);
        assertThat(rows.get(0)).isEqualTo(5);
    }
}
