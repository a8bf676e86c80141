package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.config.Configuration;
import org.eridanus.event.Rejection;
import org.eridanus.feature.Sha256;
import org.eridanus.serde.Json;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.testing.FuzzTarget;
import org.eridanus.topic.Topics;

/** Readers of the files that commands are given. */
public final class CliFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL = Map.of(
            "event-file-csv", bytes -> events(EventFile.Format.CSV, bytes),
            "event-file-jsonl", bytes -> events(EventFile.Format.JSONL, bytes),
            "dead-letter-headers", CliFuzzTargets::deadLetter,
            "model-snapshot", CliFuzzTargets::snapshot,
            "recommendation-text", CliFuzzTargets::recommendation,
            "trainer-snapshot", CliFuzzTargets::trainerSnapshot);

    private static final DeadLetterTopic DEAD_LETTERS = new DeadLetterTopic(
            Configuration.parse("fuzz.yaml", "kafka: {bootstrap-servers: \"127.0.0.1:1\"}", Map.of()),
            Set.of(Rejection.Reason.values()));

    private CliFuzzTargets() {}

    /** Accepted if any record is. */
    private static boolean events(EventFile.Format format, byte[] bytes) {
        boolean accepted = false;
        for (EventFile.Kind kind : EventFile.Kind.values()) {
            try (EventFile file = EventFile.of(kind, format, new ByteArrayInputStream(bytes))) {
                for (Optional<EventFile.Entry> entry = file.next(); entry.isPresent(); entry = file.next()) {
                    accepted |= entry.get().rejection() == null;
                }
            } catch (CommandException | IOException refused) {
                // The rest of the file cannot be read; opening one by name makes the latter a CommandException, too.
            }
        }
        return accepted;
    }

    /** What a snapshot holds when it is unpacked. */
    private static boolean snapshot(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("eridanus-fuzz", ".snapshot");
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(bytes);
            }
            ModelSnapshot.read(file);
            return true;
        } catch (CommandException refused) {
            return false;
        } finally {
            Files.delete(file);
        }
    }

    /** What a trainer's snapshot holds when it is unpacked, without its checksum. */
    private static boolean trainerSnapshot(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("eridanus-fuzz", ".snapshot");
        Path again = Files.createTempFile("eridanus-fuzz", ".snapshot");
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(bytes);
                out.write(Sha256.digest().digest(bytes));
            }
            TrainerSnapshot read = TrainerSnapshot.read(file);
            read.write(again);
            TrainerSnapshot same = TrainerSnapshot.read(again);
            if (!same.marker().equals(read.marker())
                    || !same.rows().keySet().equals(read.rows().keySet())
                    || !same.sequences().keySet().equals(read.sequences().keySet())) {
                throw new AssertionError("what is read must be written as the same");
            }
            return true;
        } catch (CommandException refused) {
            return false;
        } finally {
            Files.delete(file);
            Files.delete(again);
        }
    }

    /** A list as people are shown it, by consume; accepted if it has an item. */
    private static boolean recommendation(byte[] bytes) {
        JsonNode list;
        try {
            list = Json.mapper().readTree(bytes);
        } catch (IOException refused) {
            return false;
        }
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Screen screen = new Screen(new PrintStream(shown, false, UTF_8), false, UTF_8, 80);
        ConsumeCommand.lines(list, Map.of(), screen.width()).forEach(screen::line);
        if (shown.toString(UTF_8)
                .chars()
                .anyMatch(unit -> Character.isISOControl(unit) && unit != '\n' && unit != '\t')) {
            throw new AssertionError("a list must not move a terminal's cursor: " + shown.toString(UTF_8));
        }
        return !list.path("items").isEmpty();
    }

    /** Headers as lines of a name, a colon and a value; accepted if the record would be produced again. */
    private static boolean deadLetter(byte[] bytes) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("dead-letters", 0, 0, "u".getBytes(UTF_8), "{}".getBytes(UTF_8));
        int from = 0;
        for (int to = 0; to <= bytes.length; to++) {
            if (to == bytes.length || bytes[to] == '\n') {
                int colon = from;
                while (colon < to && bytes[colon] != ':') {
                    colon++;
                }
                String name = new String(bytes, from, colon - from, UTF_8);
                record.headers().add(name, colon == to ? null : Arrays.copyOfRange(bytes, colon + 1, to));
                from = to + 1;
            }
        }
        Optional<DeadLetterTopic.Letter> read = DEAD_LETTERS.letter(record);
        read.ifPresent(letter -> DeadLettersCommand.ListLetters.lines(letter, 100).stream()
                .filter(line -> line.chars().anyMatch(Character::isISOControl))
                .forEach(line -> {
                    throw new AssertionError("a header must not move a terminal's cursor: " + line);
                }));
        if (read.isEmpty() || read.get().reason().isEmpty() || read.get().fate() != DeadLetterTopic.Fate.PRODUCED) {
            return false;
        }
        ProducerRecord<byte[], byte[]> again =
                DeadLetterTopic.again(read.get(), read.get().header(DeadLetters.TOPIC));
        int attempts = read.get().attempts();
        String next =
                new String(again.headers().lastHeader(DeadLetterTopic.ATTEMPTS).value(), UTF_8);
        if (!Topics.INPUT.contains(again.topic())
                || attempts < 0
                || attempts >= DeadLetterTopic.MOST_ATTEMPTS
                || !next.equals(Integer.toString(attempts + 1))
                || again.headers().lastHeader(DeadLetters.REASON) != null) {
            throw new AssertionError(
                    "a record must go to an input with one attempt more, and with no reason: " + again);
        }
        return true;
    }
}
