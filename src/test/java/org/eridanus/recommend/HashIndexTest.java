package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    @Test
    void shouldBeAMapWhateverIsPutAndRemoved() {
        HashIndex index = new HashIndex();
        Map<Long, Integer> expected = new HashMap<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            // Few low bits, so that slots are shared and what lies behind a hole has to move.
            long hash = (long) random.nextInt(100) << 32 | random.nextInt(8);
            if (random.nextInt(3) == 0) {
                index.remove(hash);
                expected.remove(hash);
            } else {
                index.put(hash, i);
                expected.put(hash, i);
            }
            assertThat(index.get(hash)).isEqualTo(expected.getOrDefault(hash, -1));
        }
        for (long high = 0; high < 100; high++) {
            for (int low = 0; low < 8; low++) {
                long hash = high << 32 | low;
                assertThat(index.get(hash)).isEqualTo(expected.getOrDefault(hash, -1));
            }
        }
    }
}
