package org.eridanus.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffsetSetTest {
    private static final long FAR = 5_000_000_000L;

    @Test
    void shouldTakeEachOffsetOnce() {
        OffsetSet set = new OffsetSet();

        assertThat(set.add(0)).isTrue();
        assertThat(set.add(65_535)).isTrue();
        assertThat(set.add(65_536)).isTrue();
        assertThat(set.add(FAR)).isTrue();
        assertThat(set.add(0)).isFalse();
        assertThat(set.add(65_536)).isFalse();
        assertThat(set.add(FAR)).isFalse();
    }

    @Test
    void shouldFindWhatIsHereAndNotThere() {
        OffsetSet here = of(FAR, 70_000, 1, 64, 65);
        List<Long> outside = new ArrayList<>();

        here.forEachOutside(outside::add, of(64, 2), null, of(70_000));

        assertThat(outside).containsExactly(1L, 65L, FAR);
    }

    @Test
    void shouldFindWhatIsHereAndThere() {
        List<Long> both = new ArrayList<>();

        of(FAR, 70_000, 1, 64).forEachIn(of(1, 2, FAR), both::add);

        assertThat(both).containsExactly(1L, FAR);
    }

    @Test
    void shouldFindGapsUpToTheLargest() {
        List<Long> gaps = new ArrayList<>();

        of(0, 2, 3, 6).forEachGap(gaps::add);
        new OffsetSet().forEachGap(gaps::add);

        assertThat(gaps).containsExactly(1L, 4L, 5L);
    }

    private static OffsetSet of(long... offsets) {
        OffsetSet set = new OffsetSet();
        for (long offset : offsets) {
            set.add(offset);
        }
        return set;
    }
}
