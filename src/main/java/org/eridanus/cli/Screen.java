package org.eridanus.cli;

import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes for people: lines, and on a terminal one status line at the bottom that is written over again
 * and again. What the output cannot show is replaced, and so is what would move a terminal's cursor, since texts may come
 * from outside; a status line never wraps.
 *
 * <p>Threading: for one thread.
 */
final class Screen {
    private static final int DEFAULT_WIDTH = 80;
    private static final int NARROWEST = 20;
    private static final char MIDDLE_DOT = '\u00b7';

    /** Control characters, but for those that lay out a text. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\n\t]]");

    private final PrintStream out;
    private final boolean terminal;
    private final boolean plain;
    private final int width;
    private boolean status;

    /**
     * A screen.
     *
     * @param terminal whether a line can be written over
     * @param charset what {@code out} writes in
     * @param width characters in a line, at least 20
     */
    Screen(PrintStream out, boolean terminal, Charset charset, int width) {
        this.out = out;
        this.terminal = terminal;
        this.plain = !charset.canEncode() || !charset.newEncoder().canEncode(MIDDLE_DOT);
        this.width = Math.max(NARROWEST, width);
    }

    /** Standard output: a terminal if there is a console, as wide as {@code COLUMNS} says. */
    static Screen standard(Map<String, String> environment) {
        return new Screen(System.out, isTerminal(), standardCharset(), columns(environment.get("COLUMNS")));
    }

    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there may be a console that is no terminal, and a method that tells.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static Charset standardCharset() {
        // The property is JDK 19's; before, standard output writes in the default charset.
        String name = System.getProperty("stdout.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    private static int columns(@Nullable String columns) {
        return columns != null && columns.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(columns) : DEFAULT_WIDTH;
    }

    /** A screen that shows nothing. */
    static Screen none() {
        return new Screen(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                false,
                StandardCharsets.UTF_8,
                DEFAULT_WIDTH);
    }

    /** Whether a line can be written over. */
    boolean terminal() {
        return terminal;
    }

    /** Characters in a line. */
    int width() {
        return width;
    }

    /** Writes a line, above the status line if there is one. */
    void line(String text) {
        clear();
        out.println(shown(text));
        out.flush();
    }

    /** Writes the status line over the last one; on anything but a terminal, a line as any other. */
    void status(String text) {
        if (!terminal) {
            line(text);
            return;
        }
        out.print("\r" + cut(shown(text), width - 1) + "\u001b[K");
        out.flush();
        status = true;
    }

    /** Takes the status line away. */
    void clear() {
        if (status) {
            out.print("\r\u001b[K");
            out.flush();
            status = false;
        }
    }

    /** A text of at most so many characters; a longer one is cut and ends in dots. */
    static String cut(String text, int length) {
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        int end = text.offsetByCodePoints(0, Math.max(0, length - 3));
        return text.substring(0, end) + "...".substring(0, Math.min(3, length));
    }

    private String shown(String text) {
        String still = CONTROL.matcher(text).replaceAll(String.valueOf(MIDDLE_DOT));
        return plain ? still.replace(MIDDLE_DOT, '*') : still;
    }
}
