package org.eridanus.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.eridanus.testing.FuzzTarget;

/** Readers of the files that commands are given. */
public final class CliFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL = Map.of(
            "event-file-csv", bytes -> events(EventFile.Format.CSV, bytes),
            "event-file-jsonl", bytes -> events(EventFile.Format.JSONL, bytes),
            "model-snapshot", CliFuzzTargets::snapshot);

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
}
