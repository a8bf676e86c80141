package org.eridanus.serde;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Validated;
import org.eridanus.model.ModelDefinition;
import org.eridanus.testing.FuzzTarget;

/** Parsers of records, rows and model files. */
public final class SerdeFuzzTargets {
    private static final long NOW = 1_767_225_600_123L;

    /** Every binary form. */
    static final List<Wire> FORMATS = List.of(
            new Wire("enriched-interaction", true, new EnrichedInteractionFormat()),
            new Wire("training-record", true, new TrainingRecordFormat()),
            new Wire("model-row", false, new ModelRowFormat(false)),
            new Wire("model-row-with-state", true, new ModelRowFormat(true)),
            new Wire("catalogue-item", true, new CatalogueItemFormat()),
            new Wire("user-profile", true, new UserProfileFormat()),
            new Wire("user-history", true, new UserHistoryFormat()),
            new Wire("user-context", true, new UserContextFormat()),
            new Wire("served-list", true, new ServedListFormat()),
            new Wire("pending-refresh", true, new PendingRefreshFormat()),
            new Wire("sequence-chunk", true, new SequenceChunkFormat()));

    /** By name. */
    public static final Map<String, FuzzTarget> ALL = all();

    private SerdeFuzzTargets() {}

    private static Map<String, FuzzTarget> all() {
        Map<String, FuzzTarget> all = new TreeMap<>();
        all.put("event", SerdeFuzzTargets::event);
        all.put("model-definition", SerdeFuzzTargets::modelDefinition);
        all.put("model-file", SerdeFuzzTargets::modelFile);
        FORMATS.forEach(wire -> all.put(wire.name, wire));
        return all;
    }

    /** A key, a line feed and a value, which every reader of a user-facing topic reads. */
    private static boolean event(byte[] bytes) {
        int line = 0;
        while (line < bytes.length && bytes[line] != '\n') {
            line++;
        }
        byte[] key = line == 0 ? null : Arrays.copyOf(bytes, line);
        byte[] value = line == bytes.length ? null : Arrays.copyOfRange(bytes, line + 1, bytes.length);
        boolean accepted = false;
        for (Validated<?> read : List.of(
                EventReader.interaction(key, value, NOW),
                EventReader.userProfile(key, value),
                EventReader.item(key, value),
                EventReader.request(key, value),
                EventReader.command(value),
                EventReader.tombstone(key, "user"))) {
            accepted |= read instanceof Validated.Valid<?>;
        }
        return accepted;
    }

    /** The definition of a model; what is accepted has one form, which reads as the same. */
    private static boolean modelDefinition(byte[] bytes) {
        ModelDefinition read;
        try {
            read = ModelDefinitionJson.read(bytes);
        } catch (WireException refused) {
            return false;
        }
        byte[] once = ModelDefinitionJson.write(read);
        if (!Arrays.equals(once, ModelDefinitionJson.write(ModelDefinitionJson.read(once)))) {
            throw new AssertionError("a definition must read as it was written: " + read);
        }
        return true;
    }

    /** A model file without its checksum. */
    private static boolean modelFile(byte[] bytes) throws IOException, GeneralSecurityException {
        Path file = Files.createTempFile("eridanus-fuzz", ".model");
        try {
            byte[] checksum = MessageDigest.getInstance("SHA-256").digest(bytes);
            byte[] whole = Arrays.copyOf(bytes, bytes.length + checksum.length);
            System.arraycopy(checksum, 0, whole, bytes.length, checksum.length);
            Files.write(file, whole);
            ModelFile.read(file);
            return true;
        } catch (WireException refused) {
            return false;
        } finally {
            Files.delete(file);
        }
    }

    /**
     * A binary form.
     *
     * @param name of the target
     * @param exact whether what is accepted is the one encoding of its value in its version; without, something is left out of
     *     it
     * @param format the form
     */
    record Wire(String name, boolean exact, WireFormat<?> format) implements FuzzTarget {
        @Override
        public boolean accepts(byte[] bytes) {
            return again(format, bytes);
        }

        private <T> boolean again(WireFormat<T> same, byte[] bytes) {
            T value;
            try {
                value = same.decode(bytes);
            } catch (WireException refused) {
                return false;
            }
            byte[] once = same.encode(value);
            boolean written = exact && bytes[0] == once[0];
            if (!Arrays.equals(written ? bytes : same.encode(same.decode(once)), once)) {
                throw new AssertionError("a value must have one encoding: " + value);
            }
            return true;
        }

        @Override
        public String toString() {
            return "wire " + name;
        }
    }
}
