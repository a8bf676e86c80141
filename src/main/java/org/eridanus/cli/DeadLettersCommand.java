package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.eridanus.cli.DeadLetterTopic.Fate;
import org.eridanus.event.Rejection;
import org.eridanus.serde.Json;
import org.eridanus.stream.processor.DeadLetters;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus dead-letters}: what was refused, why, and once more into the topics when its cause is mended. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Show what was refused, and produce it again once its cause is mended.",
        subcommands = {DeadLettersCommand.ListLetters.class, DeadLettersCommand.Replay.class},
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration."})
final class DeadLettersCommand extends CommandGroup {
    /** The reason with a label, empty where there is none. */
    static Optional<Rejection.Reason> reason(String label) {
        return Arrays.stream(Rejection.Reason.values())
                .filter(reason -> reason.label().equals(label))
                .findAny();
    }

    /** Which dead letters are meant. */
    static final class ReasonOption {
        @Option(
                names = "--reason",
                paramLabel = "REASON",
                description = "Dead letters of this reason alone; may be given several times (default: all).")
        private List<String> labels = List.of();

        Set<Rejection.Reason> reasons(CommandSpec spec) {
            if (labels.isEmpty()) {
                return EnumSet.allOf(Rejection.Reason.class);
            }
            return labels.stream()
                    .map(label -> reason(label)
                            .orElseThrow(() -> new ParameterException(
                                    spec.commandLine(),
                                    "--reason must be one of "
                                            + Arrays.stream(Rejection.Reason.values())
                                                    .map(Rejection.Reason::label)
                                                    .collect(Collectors.joining(", "))
                                            + ", got '" + label + "'")))
                    .collect(Collectors.toSet());
        }
    }

    /** {@code dead-letters list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show the newest dead letters with where they came from and what to mend, and how many there"
                    + " are of each reason.",
            footer = {
                "",
                "Examples:",
                "  eridanus dead-letters list --config eridanus.yaml",
                "  eridanus dead-letters list --bootstrap localhost:9092 --reason key-mismatch --limit 100",
                "  eridanus dead-letters list --config eridanus.yaml --json | jq -r .value",
                "",
                "Exit code: 0 shown, 1 failed, 2 wrong usage or configuration."
            })
    static final class ListLetters implements Callable<Integer> {
        private static final int MOST = 100_000;

        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Mixin
        private final ReasonOption reason = new ReasonOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "Show the N newest (default: ${DEFAULT-VALUE}).")
        private int limit = 20;

        @Option(names = "--json", description = "One JSON object a line, with the whole key and value as text.")
        private boolean json;

        @Override
        public Integer call() {
            if (limit < 1 || limit > MOST) {
                throw new ParameterException(spec.commandLine(), "--limit must be 1 to " + MOST + ", got " + limit);
            }
            DeadLetterTopic topic = new DeadLetterTopic(config.load(), reason.reasons(spec));
            Screen screen = Screen.standard(System.getenv());
            Map<String, long[]> counts = new TreeMap<>();
            Deque<DeadLetterTopic.Letter> newest = new ArrayDeque<>();
            try (Stopping stopping = new Stopping()) {
                topic.read(
                        letter -> {
                            long[] count =
                                    counts.computeIfAbsent(letter.header(DeadLetters.REASON), label -> new long[2]);
                            count[0]++;
                            count[1] += letter.replayed() ? 1 : 0;
                            newest.add(letter);
                            if (newest.size() > limit) {
                                newest.remove();
                            }
                        },
                        stopping::check);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                newest.forEach(letter -> out.println(object(letter)));
                out.flush();
                return 0;
            }
            newest.forEach(letter -> lines(letter, screen.width()).forEach(out::println));
            if (counts.isEmpty()) {
                out.println("no dead letters");
            }
            counts.forEach((label, count) -> out.printf(
                    Locale.ROOT,
                    "%-14s %,d dead letters, %,d of them produced again%n",
                    plain(label),
                    count[0],
                    count[1]));
            out.flush();
            return 0;
        }

        /** A dead letter for people. */
        static List<String> lines(DeadLetterTopic.Letter letter, int width) {
            List<String> lines = new ArrayList<>();
            lines.add(Instant.ofEpochMilli(letter.record().timestamp()) + "  " + plain(letter.origin()) + "  "
                    + plain(letter.header(DeadLetters.REASON)) + fate(letter));
            String first = letter.header(DeadLetterTopic.ORIGIN);
            if (!first.isEmpty()) {
                lines.add("    refused " + (letter.attempts() + 1) + " times, first at " + plain(first));
            }
            lines.add("    " + plain(letter.header(DeadLetters.DETAIL)));
            lines.add("    " + plain(text(letter.record().key())) + " -> "
                    + plain(text(letter.record().value())));
            return lines.stream().map(line -> Screen.cut(line, width)).toList();
        }

        private static String fate(DeadLetterTopic.Letter letter) {
            return switch (letter.fate()) {
                case PRODUCED -> letter.done() ? ", produced again" : "";
                case FOREIGN -> ", of another topic";
                case GIVEN_UP -> ", given up";
            };
        }

        private static String object(DeadLetterTopic.Letter letter) {
            ObjectNode object = Json.mapper().createObjectNode();
            object.put("origin", letter.origin());
            object.put("time", letter.record().timestamp());
            object.put("reason", letter.header(DeadLetters.REASON));
            object.put("detail", letter.header(DeadLetters.DETAIL));
            object.put("replayed", letter.replayed());
            object.put("givenUp", letter.fate() == Fate.GIVEN_UP);
            object.put("attempts", letter.attempts());
            object.put("key", text(letter.record().key()));
            object.put("value", text(letter.record().value()));
            return object.toString();
        }

        private static @Nullable String text(byte @Nullable [] bytes) {
            return bytes == null ? null : new String(bytes, UTF_8);
        }

        /** Text without what would move a terminal's cursor. */
        private static String plain(@Nullable String text) {
            return text == null ? "(none)" : text.replaceAll("\\p{Cc}", "\u00B7");
        }
    }

    /** {@code dead-letters replay}. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Produce dead letters again to the topics they came from, each once however often this is"
                    + " called. One that is refused again is a new dead letter, whose headers keep where it stood first"
                    + " and how often it was tried; after " + DeadLetterTopic.MOST_ATTEMPTS + " times it is given up.",
            footer = {
                "",
                "Examples:",
                "  eridanus dead-letters replay --reason in-the-future --config eridanus.yaml --dry-run",
                "  eridanus dead-letters replay --reason in-the-future --config eridanus.yaml",
                "",
                "Exit code: 0 done, 1 failed, or some were given up or came from a topic that is none of ours, 2 wrong"
                        + " usage or configuration."
            })
    static final class Replay implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Mixin
        private final ReasonOption reason = new ReasonOption();

        @Option(names = "--dry-run", description = "Tell what would be produced, and produce nothing.")
        private boolean dryRun;

        @Override
        public Integer call() {
            DeadLetterTopic topic = new DeadLetterTopic(config.load(), reason.reasons(spec));
            PrintWriter out = spec.commandLine().getOut();
            try (Stopping stopping = new Stopping()) {
                if (dryRun) {
                    DeadLetterTopic.Outcome outcome = topic.foresee(stopping::check);
                    tell(outcome, "would be produced", "would be given up", out);
                    out.println(outcome.total(Fate.PRODUCED) == 0 ? "nothing waits" : "nothing was produced");
                    out.flush();
                    return 0;
                }
                DeadLetterTopic.Outcome outcome = topic.replay(stopping::check);
                tell(outcome, "produced again", "given up", out);
                out.printf(Locale.ROOT, "%,d dead letters produced again%n", outcome.total(Fate.PRODUCED));
                out.flush();
                return outcome.total(Fate.FOREIGN) + outcome.total(Fate.GIVEN_UP) > 0 ? 1 : 0;
            }
        }

        private static void tell(DeadLetterTopic.Outcome outcome, String produced, String givenUp, PrintWriter out) {
            outcome.of(Fate.PRODUCED)
                    .forEach((reason, count) ->
                            out.printf(Locale.ROOT, "%-14s %,d %s%n", reason.label(), count, produced));
            outcome.of(Fate.GIVEN_UP)
                    .forEach((reason, count) -> out.printf(
                            Locale.ROOT,
                            "%-14s %,d %s, refused after each of %d attempts; mend what list --json shows, and produce"
                                    + " it yourself%n",
                            reason.label(),
                            count,
                            givenUp,
                            DeadLetterTopic.MOST_ATTEMPTS));
            outcome.of(Fate.FOREIGN)
                    .forEach((reason, count) -> out.printf(
                            Locale.ROOT,
                            "%-14s %,d passed over, because the topic that their headers name is none that events are"
                                    + " produced to%n",
                            reason.label(),
                            count));
        }
    }
}
