package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.eridanus.accounting.Progress;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long MS = 1_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void shouldShowShareRateAndAccuracyEveryFiveSecondsOutsideATerminal() {
        ProgressLine line = new ProgressLine(screen(false, 80), 10_000, 0);

        for (int ms = 1; ms <= 10_000; ms++) {
            line.update(ms / 2, progress(.2234, .0911, .1), ms * MS);
        }

        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        " 25%  500 events/s  HR@10: Eridanus 0.223, popularity 0.091, rules 0.100",
                        " 50%  500 events/s  HR@10: Eridanus 0.223, popularity 0.091, rules 0.100");
    }

    @Test
    void shouldShowFourTimesASecondOnATerminalWithoutWrapping() {
        ProgressLine line = new ProgressLine(screen(true, 40), 10_000, 0);

        for (int ms = 1; ms <= 1_000; ms++) {
            line.update(ms, progress(Double.NaN, Double.NaN, Double.NaN), ms * MS);
        }

        String[] shown = bytes.toString(UTF_8).split("\r");
        assertThat(shown).hasSize(1 + 4);
        assertThat(shown[4])
                .startsWith(" 10%  1,000 events/s")
                .endsWith("...\u001b[K")
                .hasSize(39 + 3);
    }

    @Test
    void shouldDrawABarWhereThereIsRoom() {
        ProgressLine line = new ProgressLine(screen(true, 120), 10_000, 0);

        line.update(5_000, progress(.2, .1, .1), 250 * MS);

        assertThat(bytes.toString(UTF_8)).startsWith("\r[##########          ]  50%  20,000 events/s");
    }

    private Screen screen(boolean terminal, int width) {
        return new Screen(new PrintStream(bytes, false, UTF_8), terminal, UTF_8, width);
    }

    private static Progress progress(double model, double popularity, double rules) {
        return new Progress(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, model, popularity, rules);
    }
}
