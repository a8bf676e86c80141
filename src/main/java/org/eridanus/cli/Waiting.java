package org.eridanus.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what other threads or processes do, by looking again and again.
 *
 * @param pause how long between two looks
 * @param check called before each pause; throws if there is no point in going on
 */
record Waiting(Duration pause, Runnable check) {
    /**
     * Waits until a condition holds.
     *
     * @return false if time was up before
     */
    boolean until(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            check.run();
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        return true;
    }

    /**
     * Waits until a condition holds, without which nothing can go on.
     *
     * @param rule what the condition is, of several things: {@code items must be taken in}
     * @throws CommandException if time was up before
     */
    void require(BooleanSupplier condition, Duration patience, String rule) {
        if (!until(condition, patience)) {
            throw new CommandException(
                    rule + " within " + patience.toSeconds() + " s, and were not; look into the log");
        }
    }

    /**
     * Waits until a condition holds, whose absence shows in the account that is judged at the end.
     *
     * @param rule what the condition is, of one thing: {@code every event must be processed}
     * @param screen is told if time was up before
     */
    void orTell(BooleanSupplier condition, Duration patience, String rule, Screen screen) {
        if (!until(condition, patience)) {
            screen.line(rule + " within " + patience.toSeconds() + " s, and was not");
        }
    }
}
