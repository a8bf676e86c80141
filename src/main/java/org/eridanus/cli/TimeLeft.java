package org.eridanus.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.eridanus.experiment.Progress;

/**
 * Shows each part of an experiment when it is done, and how long the rest will take if it goes on as fast as so far. Parts
 * that an earlier run had done do not count for that.
 *
 * <p>Threading: called by one thread at a time.
 */
final class TimeLeft implements Progress {
    private final Screen screen;
    private final Clock clock;
    private final long began;
    private int before = -1;

    /** Starts to count the time. */
    TimeLeft(Screen screen, Clock clock) {
        this.screen = screen;
        this.clock = clock;
        this.began = clock.millis();
    }

    @Override
    public void done(int done, int total, String what) {
        before = before < 0 ? done - 1 : before;
        long left = (clock.millis() - began) * (total - done) / (done - before);
        screen.status(done + " of " + total + " done, " + text(Duration.ofMillis(left)) + " left: " + what);
    }

    private static String text(Duration left) {
        if (left.compareTo(Duration.ofMinutes(2)) < 0) {
            return "about " + left.toSeconds() + " s";
        }
        return left.compareTo(Duration.ofHours(2)) < 0
                ? "about " + left.toMinutes() + " min"
                : String.format(Locale.ROOT, "about %.1f h", left.toMinutes() / 60.0);
    }
}
