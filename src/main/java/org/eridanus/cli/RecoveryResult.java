package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;
import org.jspecify.annotations.Nullable;

/**
 * What came of a proof of recovery.
 *
 * @param preset the model's
 * @param seed of events and moments
 * @param events interactions published
 * @param kills each time the pipeline was killed
 * @param brokerRestarts seconds from the stop of the broker to the next event that every role had processed
 * @param balance what became of every event
 * @param served the model in its topic
 * @param retrained the model of a trainer that nobody disturbed, from the same log
 * @param exitCode what the pipeline ended with when it was told to stop at last; empty if it did not
 * @param stopSeconds how long that took
 */
record RecoveryResult(
        String preset,
        long seed,
        int events,
        List<Kill> kills,
        List<Double> brokerRestarts,
        Balance balance,
        ModelSnapshot served,
        ModelSnapshot retrained,
        OptionalInt exitCode,
        double stopSeconds)
        implements ProofResult {
    /**
     * One time that the pipeline was killed.
     *
     * @param moment when
     * @param events that were done by then
     * @param openTransactions of the pipeline, as the broker saw them afterwards; negative if it did not say
     * @param recoverySeconds to when every role had processed something again; NaN if it was killed again before
     */
    record Kill(Moment moment, long events, int openTransactions, double recoverySeconds) {}

    /** When the pipeline is killed. */
    enum Moment {
        /** While it works on events. */
        AT_WORK,
        /** After it was started and before any role has its tasks. */
        WITHOUT_TASKS,
        /** After a role has got its tasks and before every role has processed something. */
        STARTING,
        /** While it works, and the broker is stopped at the same time. */
        WITH_BROKER,
        /** While it works, and its state folder is lost with it. */
        WITH_STATE;

        /** The spelling in reports, e.g. {@code at-work}. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    RecoveryResult {
        kills = List.copyOf(kills);
        brokerRestarts = List.copyOf(brokerRestarts);
    }

    /** Whether nothing was lost, doubled, changed in order or miscounted, and the model is that of the log. */
    @Override
    public boolean proved() {
        return balance.balanced()
                && balance.read() == events
                && balance.trained() == balance.enriched()
                && digestEqual()
                && exitCode.equals(OptionalInt.of(0));
    }

    boolean digestEqual() {
        return served.digest().equals(retrained.digest()) && served.marker().equals(retrained.marker());
    }

    /** Where the two models come apart first. */
    Optional<String> difference() {
        return ModelDifference.between(served, retrained)
                .or(() -> served.marker().equals(retrained.marker())
                        ? Optional.empty()
                        : Optional.of("the markers differ: " + served.marker() + " served, " + retrained.marker()
                                + " by replay"));
    }

    /** Records that should be there and are not. */
    long lost() {
        return balance.count(Violation.Kind.MISSING) + Math.max(0, events - balance.read());
    }

    /** Records that are there twice. */
    long duplicated() {
        return balance.count(Violation.Kind.DOUBLED) + Math.max(0, balance.read() - events);
    }

    /** Seconds from a kill to when every role had processed something again, ascending. */
    List<Double> recoverySeconds() {
        return kills.stream()
                .map(Kill::recoverySeconds)
                .filter(Double::isFinite)
                .sorted()
                .toList();
    }

    /** A quantile of ascending values, the lower one of two; NaN of none. */
    static double quantile(List<Double> ascending, double share) {
        return ascending.isEmpty() ? Double.NaN : ascending.get((int) (share * (ascending.size() - 1)));
    }

    long killsAt(Moment moment) {
        return kills.stream().filter(kill -> kill.moment() == moment).count();
    }

    /** Kills that left a transaction open. */
    long killsInTransaction() {
        return kills.stream().filter(kill -> kill.openTransactions() > 0).count();
    }

    /** The result for programs. */
    @Override
    public ObjectNode json() {
        return RecoveryReport.json(this);
    }

    /** The result for people. */
    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<Double> recovery = recoverySeconds();
        lines.add(text(
                "killed %d times (%d at work, %d before it had a task, %d while starting, %d with the broker, %d with its state folder), %d times within a transaction;"
                        + " broker stopped and started %d times",
                kills.size(),
                killsAt(Moment.AT_WORK),
                killsAt(Moment.WITHOUT_TASKS),
                killsAt(Moment.STARTING),
                killsAt(Moment.WITH_BROKER),
                killsAt(Moment.WITH_STATE),
                killsInTransaction(),
                brokerRestarts.size()));
        lines.add(text(
                "recovery, from the kill until every role has processed an event again: median %.1f s, longest %.1f s",
                quantile(recovery, .5), quantile(recovery, 1)));
        lines.add(text(
                "%,d interactions: %,d enriched, %,d refused, %,d learned from, %,d evaluated, %,d covered by a list",
                balance.read(),
                balance.enriched(),
                balance.deadLettered(),
                balance.trained(),
                balance.evaluated(),
                balance.covered()));
        lines.addAll(ProofResult.wrong(balance, lost(), duplicated()));
        @Nullable String difference = difference().orElse(null);
        lines.add(
                difference == null
                        ? "the model of version " + served.marker().version() + " is byte by byte that of a replay: "
                                + served.digest()
                        : "the model is not that of a replay: " + difference);
        lines.add(
                exitCode.isPresent()
                        ? text(
                                "told to stop, it ended after %.1f s with exit code %d",
                                stopSeconds, exitCode.getAsInt())
                        : text("told to stop, it went on for %.1f s and was killed", stopSeconds));
        lines.add(proved() ? "proved" : "NOT proved");
        return lines;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
