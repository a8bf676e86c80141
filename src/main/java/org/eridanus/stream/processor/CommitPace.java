package org.eridanus.stream.processor;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Has what a role writes committed soon where little comes in: readers see it only then, and by the commit interval alone
 * it would wait for half of that on average, in each role that it passes.
 *
 * <p>A commit is of all tasks of a stream thread, so its tasks share one pace: commits take
 * a quarter of the thread's time at most, however slow the broker. Where records come in faster than {@value #MOST_PER_SECOND} a second, nothing is asked for: there the
 * commit interval shares the price of a commit among more of them.
 *
 * <p>Threading: one for a topology. A {@link Part} is for the thread of its task.
 */
public final class CommitPace {
    /** Records a second and thread, above which the commit interval alone counts. */
    static final int MOST_PER_SECOND = 1_500;

    /** The next commit is asked for after so many times as long as the last one took, that one included. */
    static final int PERIOD = 4;

    /** The least time from one commit to the next that is asked for. */
    static final Duration LEAST_PERIOD = Duration.ofMillis(20);

    /** How often to look whether a commit is due. */
    static final Duration LOOK = Duration.ofMillis(10);

    private final ThreadLocal<Turn> turns = ThreadLocal.withInitial(Turn::new);

    /** What the tasks of a thread share; times are ms since the epoch. */
    private static final class Turn {
        long number;
        long askedAt;
        long commitMillis;
        long records;
        boolean committing;
    }

    /** The part of one task, to be made when that starts. It looks by itself, every {@link #LOOK}. */
    Part part(ProcessorContext<?, ?> context) {
        Part part = new Part(context, turns.get());
        context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, part::look);
        return part;
    }

    /** What one task tells, and asks for. */
    static final class Part {
        private static final long NOTHING = -1;

        private final ProcessorContext<?, ?> context;
        private final Turn turn;
        private long written = NOTHING;

        private Part(ProcessorContext<?, ?> context, Turn turn) {
            this.context = context;
            this.turn = turn;
        }

        /** A record came in. */
        void read() {
            turn.records++;
            if (turn.committing) {
                committed(context.currentSystemTimeMs());
            }
        }

        private void committed(long now) {
            turn.committing = false;
            turn.commitMillis = now - turn.askedAt;
        }

        /** Something was written that readers wait for. */
        void wrote() {
            written = turn.number;
        }

        /** Asks for a commit if one is due; from a punctuation alone, for Kafka Streams commits right after those. */
        void look(long now) {
            if (turn.committing) {
                committed(now);
            }
            if (written != turn.number) {
                // Nothing was written, or another task has had it committed.
                return;
            }
            long passed = now - turn.askedAt;
            if (passed >= 0 && passed < Math.max(LEAST_PERIOD.toMillis(), PERIOD * turn.commitMillis)) {
                return;
            }
            // A clock that was set back says nothing of how many they are.
            boolean many = passed >= 0 && turn.records * 1_000 > MOST_PER_SECOND * passed;
            turn.records = 0;
            turn.askedAt = now;
            turn.commitMillis = 0;
            if (!many) {
                turn.number++;
                turn.committing = true;
                context.commit();
            }
        }
    }
}
