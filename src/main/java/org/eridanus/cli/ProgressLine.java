package org.eridanus.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import org.eridanus.accounting.Progress;

/**
 * How far a replay has come, on one line: four times a second on a terminal, every five seconds anywhere else.
 *
 * <p>Threading: for one thread.
 */
final class ProgressLine {
    private static final Duration ON_TERMINAL = Duration.ofMillis(250);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);
    private static final Duration RATE_OVER = Duration.ofSeconds(2);
    private static final int BAR = 20;

    private final Screen screen;
    private final long total;
    private final long every;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long shownNanos;

    private record Sample(long nanos, long done) {}

    /**
     * A line that has shown nothing yet.
     *
     * @param total events of the whole replay
     * @param now {@link System#nanoTime}
     */
    ProgressLine(Screen screen, long total, long now) {
        this.screen = screen;
        this.total = total;
        this.every = (screen.terminal() ? ON_TERMINAL : ELSEWHERE).toNanos();
        this.shownNanos = now;
        samples.add(new Sample(now, 0));
    }

    /**
     * Shows where the replay is, if it is time to.
     *
     * @param done events that are done
     * @param now {@link System#nanoTime}
     */
    void update(long done, Progress progress, long now) {
        if (now - shownNanos < every) {
            return;
        }
        shownNanos = now;
        while (samples.size() > 1 && now - samples.getFirst().nanos > RATE_OVER.toNanos()) {
            samples.removeFirst();
        }
        Sample since = samples.getFirst();
        double rate = (done - since.done) * 1e9 / Math.max(1, now - since.nanos);
        samples.add(new Sample(now, done));
        screen.status(text(done, rate, progress));
    }

    private String text(long done, double rate, Progress progress) {
        double share = total == 0 ? 1 : Math.min(1, (double) done / total);
        String bar = screen.terminal() && screen.width() > 100 ? bar(share) + " " : "";
        return String.format(
                Locale.ROOT,
                "%s%3d%%  %,d events/s  HR@10: Eridanus %s, popularity %s, rules %s",
                bar,
                (int) (100 * share),
                Math.round(rate),
                accuracy(progress.model()),
                accuracy(progress.popularity()),
                accuracy(progress.sequentialRules()));
    }

    private static String bar(double share) {
        int full = (int) (BAR * share);
        return "[" + "#".repeat(full) + " ".repeat(BAR - full) + "]";
    }

    private static String accuracy(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
