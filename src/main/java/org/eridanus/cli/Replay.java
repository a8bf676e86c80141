package org.eridanus.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eridanus.accounting.Progress;
import org.eridanus.event.Interaction;

/**
 * Publishes interactions in their order, at a given rate or as fast as the pipeline takes them, and waits until each is
 * done: tested on, and covered by a list. At most so many are under way at a time, because a queue in front of the
 * pipeline would be all that latency showed.
 *
 * <p>Threading: for one thread.
 */
final class Replay {
    /** How many interactions are under way at most. */
    static final int WINDOW = 2_000;

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final long PAUSE = Duration.ofMillis(1).toNanos();

    private final EventPublisher publisher;
    private final Supplier<Progress> progress;
    private final Runnable check;
    private final double rate;
    private final Screen screen;
    private final long doneBefore;
    private final long began = System.nanoTime();
    private final Standstill standstill = new Standstill();
    private long published;
    private long done;

    /**
     * A replay that begins now.
     *
     * @param progress where the pipeline is
     * @param check throws if there is no point in going on
     * @param rate events a second, 0 for no limit
     */
    Replay(EventPublisher publisher, Supplier<Progress> progress, Runnable check, double rate, Screen screen) {
        this.publisher = publisher;
        this.progress = progress;
        this.check = check;
        this.rate = rate;
        this.screen = screen;
        this.doneBefore = progress.get().done();
    }

    /**
     * Replays everything.
     *
     * @return the time from the first event to when the last one was done
     * @throws CommandException if no event gets done for a minute
     */
    Duration run(List<Interaction> interactions) {
        ProgressLine line = new ProgressLine(screen, interactions.size(), began);
        for (Interaction interaction : interactions) {
            long due = rate == 0 ? began : began + (long) (published * 1e9 / rate);
            while (look(line) && (published - done >= WINDOW || System.nanoTime() < due)) {
                LockSupport.parkNanos(Math.min(PAUSE, Math.max(rate == 0 ? PAUSE : 1, due - System.nanoTime())));
            }
            publisher.publish(interaction);
            published++;
        }
        publisher.flush();
        while (look(line) && done < published) {
            LockSupport.parkNanos(PAUSE);
        }
        screen.clear();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Takes a look at the pipeline; always true. */
    private boolean look(ProgressLine line) {
        check.run();
        Progress now = progress.get();
        done = now.done() - doneBefore;
        if (standstill.look(done, done != published).compareTo(STALL) > 0) {
            throw new CommandException(
                    "an event must be done within " + STALL.toSeconds() + " s, and none was: " + now.describe());
        }
        line.update(done, now, System.nanoTime());
        return true;
    }
}
