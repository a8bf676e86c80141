package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eridanus.config.Configuration;
import org.eridanus.feature.Sha256;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.DamagedException;
import org.eridanus.serde.Json;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.PartReader;
import org.eridanus.serde.PartWriter;
import org.eridanus.serde.WireException;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The last complete version of a model, as it stands in the topic {@code model}: the newest value of every row that came
 * before the last marker, and the marker.
 *
 * <p>Its digest is the SHA-256 over all rows in the order of their keys' bytes, unsigned, each as key length (four bytes,
 * the highest first), key, value length, value. The marker is no part of it: it also counts what was taken in since the
 * last change.
 *
 * <p>In a file: gzip of the text {@code eridanus-model 1}, the digest, the marker and the rows, each length in four bytes.
 */
final class ModelSnapshot {
    private static final byte[] MAGIC = "eridanus-model 1\n".getBytes(UTF_8);
    /** Characters of a digest in hexadecimal. */
    private static final int DIGEST = 64;

    private static final int MAX_KEY = 1 << 12;
    private static final int MAX_VALUE = 1 << 23;
    private static final int MAX_ROWS = 100_000_000;

    /** About what a row takes on the heap beside its bytes. */
    private static final int ROW_BYTES = 100;

    private final SortedMap<byte[], byte[]> rows;
    private final byte[] markerValue;
    private final ModelRow.Marker marker;

    private ModelSnapshot(SortedMap<byte[], byte[]> rows, byte[] markerValue) {
        this.rows = rows;
        this.markerValue = markerValue;
        this.marker = marker(markerValue);
    }

    private static ModelRow.Marker marker(byte[] value) {
        if (new ModelRowFormat(false).decode(value) instanceof ModelRow.Marker found) {
            return found;
        }
        throw new WireException("the record under the key " + ModelRow.Marker.KEY + " must be a marker");
    }

    /**
     * Reads the configured generation from the topic, from its start to where it ends now.
     *
     * @param check called often; throws if there is no point in going on
     * @throws CommandException if it holds no complete version
     */
    static ModelSnapshot read(Configuration configuration, Runnable check) {
        Collector collector = new Collector(configuration.pipeline().generation());
        try (TopicReader topic = new TopicReader(configuration, Topics.MODEL)) {
            topic.readToEnd(record -> collector.take(record.key(), record.value()), check);
        }
        return collector.snapshot();
    }

    /** The records of the topic, in their order: what is staged is taken over when a marker of the generation comes. */
    static final class Collector {
        private final Generation generation;
        private final SortedMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        private final SortedMap<byte[], byte @Nullable []> staged = new TreeMap<>(Arrays::compareUnsigned);
        private byte @Nullable [] marker;

        Collector(Generation generation) {
            this.generation = generation;
        }

        /** The last complete version so far. */
        ModelSnapshot snapshot() {
            byte[] last = marker;
            if (last == null) {
                throw new CommandException("the topic of the model must hold a complete version of generation "
                        + generation + ", and holds none; wait until its trainer has closed its first");
            }
            return new ModelSnapshot(rows, last);
        }

        void take(byte @Nullable [] key, byte @Nullable [] value) {
            if (key == null) {
                throw new CommandException(
                        "a record of the model's topic has no key; nothing but Eridanus may write to it");
            }
            Generation.Key named = Generation.parse(new String(key, UTF_8));
            if (!named.generation().equals(generation)
                    || named.own().equals(Generation.DEFINITION)
                    || named.own().equals(Generation.SERVED)) {
                return;
            }
            if (value == null || !named.own().equals(ModelRow.Marker.KEY)) {
                staged.put(named.own().getBytes(UTF_8), value);
                return;
            }
            staged.forEach((row, bytes) -> {
                if (bytes == null) {
                    rows.remove(row);
                } else {
                    rows.put(row, bytes);
                }
            });
            staged.clear();
            marker = value;
        }
    }

    /** The marker that closes the version. */
    ModelRow.Marker marker() {
        return marker;
    }

    /** The marker as it stands in the topic. */
    byte[] markerValue() {
        return markerValue.clone();
    }

    /** Values as they stand in the topic by the rows' own keys, in the order of the digest; not to be changed. */
    SortedMap<byte[], byte[]> rows() {
        return Collections.unmodifiableSortedMap(rows);
    }

    /** The digest, hexadecimal. */
    String digest() {
        MessageDigest digest = Sha256.digest();
        rows.forEach((key, value) -> {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).array());
            digest.update(key);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
            digest.update(value);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What there is to say of it. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", marker.version());
        facts.put("trainedThrough", marker.trainedThrough());
        facts.put("events", marker.events());
        facts.put("rows", rows.size());
        facts.put("sha256", digest());
        facts.put("preset", marker.preset());
        facts.put("settings", marker.hash());
        facts.put("kernel", marker.kernel());
        return facts;
    }

    /** The same as JSON. */
    JsonNode json() {
        return Json.mapper().valueToTree(facts());
    }

    /** Writes a file; one that exists is replaced when all is written. */
    void write(Path file) throws IOException {
        PartWriter.compressedFile(file, out -> {
            out.bytes(MAGIC);
            out.bytes(digest().getBytes(UTF_8));
            out.part(markerValue);
            out.four(rows.size());
            for (Map.Entry<byte[], byte[]> row : rows.entrySet()) {
                out.part(row.getKey());
                out.part(row.getValue());
            }
        });
    }

    /**
     * Reads a file.
     *
     * @throws CommandException if it is none, or not as it was written
     */
    static ModelSnapshot read(Path file) throws IOException {
        return read(file, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Reads a file that unpacks to at most so many bytes: a small one may hold far more than memory does. */
    static ModelSnapshot read(Path file, long most) throws IOException {
        try (PartReader in = new PartReader(new GZIPInputStream(Files.newInputStream(file)))) {
            if (!in.starts(MAGIC)) {
                throw damaged(file, "its head is another one");
            }
            String digest = new String(in.bytes(DIGEST), UTF_8);
            byte[] markerValue = in.part(MAX_VALUE);
            int count = in.count(MAX_ROWS);
            SortedMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
            long room = most;
            for (int i = 0; i < count; i++) {
                byte[] key = in.part(MAX_KEY);
                byte[] value = in.part(MAX_VALUE);
                room -= ROW_BYTES + key.length + value.length;
                if (room < 0) {
                    throw new CommandException(file + " must unpack to at most " + (most >> 20)
                            + " MiB, half of this program's memory, and holds more; if it comes from a source you trust,"
                            + " give more by ERIDANUS_JAVA_OPTS=-Xmx4g");
                }
                rows.put(key, value);
            }
            ModelSnapshot snapshot = new ModelSnapshot(rows, markerValue);
            if (!in.atEnd() || rows.size() != count || !snapshot.digest().equals(digest)) {
                throw damaged(file, "its digest is not that of its rows");
            }
            return snapshot;
        } catch (EOFException e) {
            throw damaged(file, "its compressed form is cut off");
        } catch (DamagedException | ZipException | WireException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    private static CommandException damaged(Path file, String why) {
        return new CommandException(file + " must be a model that was written by model export, undamaged, but " + why
                + "; export it again");
    }
}
