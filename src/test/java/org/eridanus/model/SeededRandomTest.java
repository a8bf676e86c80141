package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    @Test
    void shouldKnowTheReferenceBeforeComparingWithIt() {
        // The first outputs of SplitMix64 with state 1234567, as published with the algorithm's reference in C.
        SplittableRandom reference = new SplittableRandom(1_234_567);

        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("9817491932198370423");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("4593380528125082431");
        assertThat(Long.toUnsignedString(reference.nextLong())).isEqualTo("16408922859458223821");
    }

    @Test
    void shouldBeTheReferenceStreamOfItsState() {
        for (long[] key : new long[][] {{42, 7, 0}, {42, 7, 1}, {-1, Long.MIN_VALUE, Long.MAX_VALUE}, {0, 0, 0}}) {
            long state = mix(mix(mix(key[0]) ^ key[1]) + key[2] * GOLDEN_GAMMA);
            SplittableRandom reference = new SplittableRandom(state);
            SeededRandom random = SeededRandom.of(key[0], key[1], key[2]);

            for (int i = 0; i < 1_000; i++) {
                assertThat(random.nextLong()).isEqualTo(reference.nextLong());
            }
        }
    }

    @Test
    void shouldDifferBySeedPurposeAndCounter() {
        Set<Long> firsts = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            for (long purpose = 0; purpose < 10; purpose++) {
                for (long counter = 0; counter < 100; counter++) {
                    firsts.add(SeededRandom.of(seed, purpose, counter).nextLong());
                }
            }
        }

        assertThat(firsts).hasSize(10 * 10 * 100);
    }

    @Test
    void shouldNotRepeatOneCountersStreamWithinAnothers() {
        Set<Long> seen = new HashSet<>();
        for (long counter = 0; counter < 100; counter++) {
            SeededRandom random = SeededRandom.of(42, 1, counter);
            for (int i = 0; i < 100; i++) {
                seen.add(random.nextLong());
            }
        }

        assertThat(seen).hasSize(100 * 100);
    }

    @Test
    void shouldStayBelowItsBoundAndReachEveryValue() {
        SeededRandom random = SeededRandom.of(1, 2, 3);
        for (int bound : new int[] {1, 2, 3, 7, 1_000, Integer.MAX_VALUE}) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
            }
        }
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }

        // 10 000 expected of each, standard deviation √(70 000 · 1/7 · 6/7) = 92.6; five of them.
        for (int count : counts) {
            assertThat(count).isCloseTo(10_000, within(463));
        }
    }

    @Test
    void shouldDrawUniformNumbersFromTheUnitInterval() {
        SeededRandom random = SeededRandom.of(1, 2, 4);
        int n = 100_000;
        double sum = 0.0;
        double squares = 0.0;
        for (int i = 0; i < n; i++) {
            double x = random.nextDouble();
            assertThat(x).isGreaterThanOrEqualTo(0.0).isLessThan(1.0);
            sum += x;
            squares += x * x;
        }

        // Mean 1/2 with deviation √(1/12/n), second moment 1/3 with deviation √(4/45/n); five of them.
        assertThat(sum / n).isCloseTo(1.0 / 2.0, within(5 * Math.sqrt(1.0 / 12.0 / n)));
        assertThat(squares / n).isCloseTo(1.0 / 3.0, within(5 * Math.sqrt(4.0 / 45.0 / n)));
    }

    @Test
    void shouldDrawNormalNumbers() {
        SeededRandom random = SeededRandom.of(1, 2, 5);
        int n = 200_000;
        double[] moments = new double[5];
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            for (int k = 1; k < 5; k++) {
                moments[k] += Math.pow(x, k) / n;
            }
        }

        // E xᵏ = 0, 1, 0, 3; its variance over n draws is (E x²ᵏ − (E xᵏ)²) / n with E x² … E x⁸ = 1, 3, 15, 105.
        assertThat(moments[1]).isCloseTo(0.0, within(5 * Math.sqrt(1.0 / n)));
        assertThat(moments[2]).isCloseTo(1.0, within(5 * Math.sqrt((3.0 - 1.0) / n)));
        assertThat(moments[3]).isCloseTo(0.0, within(5 * Math.sqrt(15.0 / n)));
        assertThat(moments[4]).isCloseTo(3.0, within(5 * Math.sqrt((105.0 - 9.0) / n)));
    }

    @Test
    void shouldHashNamesApart() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            hashes.add(SeededRandom.hash("i" + i));
            hashes.add(SeededRandom.hash(i + "i"));
        }

        assertThat(hashes).hasSize(200_000);
        assertThat(SeededRandom.hash("映画")).isNotEqualTo(SeededRandom.hash("画映"));
        // FNV-1a of no input is its offset basis, here mixed.
        assertThat(SeededRandom.hash("")).isEqualTo(mix(0xCBF29CE484222325L));
    }

    /** The output function of SplitMix64, by the JDK: a stream's first output is the mix of its state plus gamma. */
    private static long mix(long z) {
        return new SplittableRandom(z - GOLDEN_GAMMA).nextLong();
    }
}
