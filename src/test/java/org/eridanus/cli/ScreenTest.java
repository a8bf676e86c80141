package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void shouldWriteTheStatusOverTheLastOneOnATerminal() {
        Screen screen = screen(true, UTF_8, 30);

        screen.status("10%");
        screen.status("20%");
        screen.line("done");
        screen.clear();

        assertThat(written(UTF_8)).isEqualTo("\r10%\u001b[K\r20%\u001b[K\r\u001b[Kdone" + System.lineSeparator());
    }

    @Test
    void shouldNotLetTheStatusWrap() {
        Screen screen = screen(true, UTF_8, 20);

        screen.status("0123456789".repeat(3));

        assertThat(written(UTF_8)).isEqualTo("\r0123456789012345...\u001b[K");
    }

    @Test
    void shouldWritePlainLinesElsewhere() {
        Screen screen = screen(false, UTF_8, 20);

        screen.status("0123456789".repeat(3));
        screen.clear();

        assertThat(written(UTF_8)).isEqualTo("0123456789".repeat(3) + System.lineSeparator());
    }

    @Test
    void shouldReplaceTheDotThatTheOutputCannotShow() {
        screen(false, US_ASCII, 80).line("recent·item +2.1");

        assertThat(written(US_ASCII)).startsWith("recent*item +2.1");
    }

    @Test
    void shouldReplaceWhatWouldMoveTheCursor() {
        Screen screen = screen(true, UTF_8, 80);

        screen.line("The\u001b[2J\u009b1;1HFilm\r\b\u007f\tof\nthe year");
        screen.status("50% \u001b]0;title\u0007");

        assertThat(written(UTF_8))
                .isEqualTo("The·[2J·1;1HFilm···\tof\nthe year" + System.lineSeparator() + "\r50% ·]0;title·\u001b[K");
    }

    @Test
    void shouldCutByCharactersAndNotWithinOne() {
        assertThat(Screen.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Screen.cut("abcdef", 5)).isEqualTo("ab...");
        assertThat(Screen.cut("🎬🎬🎬🎬🎬", 4)).isEqualTo("🎬...");
        assertThat(Screen.cut("abcdef", 2)).isEqualTo("..");
    }

    private Screen screen(boolean terminal, Charset charset, int width) {
        return new Screen(new PrintStream(bytes, false, charset), terminal, charset, width);
    }

    private String written(Charset charset) {
        return bytes.toString(charset);
    }
}
