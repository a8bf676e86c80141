package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.DamagedException;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.PartReader;
import org.eridanus.serde.PartWriter;
import org.eridanus.serde.SequenceChunkFormat;
import org.eridanus.serde.WireException;
import org.eridanus.trainer.SequenceChunk;

/**
 * What a trainer is at the end of a version, and where the training log goes on: rows with the optimiser's state, the
 * marker with its counters, the users' sequences. A trainer that begins with it and takes the rest of the log comes to the
 * same bits as one that took the whole log.
 *
 * <p>In a file: gzip of the text {@code eridanus-trainer 1}, the log's next offset, the marker, the rows and the sequences
 * in the order of their keys (each length and count in four bytes), and the SHA-256 over all of that.
 *
 * @param nextOffset where the record after the version stands in the training log
 * @param marker the version's marker
 * @param rows every other row as a trainer stores it, by key
 * @param sequences the users' sequences as a trainer stores them, by key
 */
record TrainerSnapshot(
        long nextOffset, ModelRow.Marker marker, SortedMap<String, byte[]> rows, SortedMap<String, byte[]> sequences) {
    /** Rows as a trainer stores them, with the optimiser's state. */
    static final ModelRowFormat STORED = new ModelRowFormat(true);

    private static final SequenceChunkFormat CHUNKS = new SequenceChunkFormat();
    private static final byte[] MAGIC = "eridanus-trainer 1\n".getBytes(UTF_8);
    private static final int MAX_KEY = 1 << 12;
    private static final int MAX_VALUE = 1 << 23;
    private static final int MAX_ENTRIES = 100_000_000;

    /** About what an entry takes on the heap beside its bytes. */
    private static final int ENTRY_BYTES = 100;

    TrainerSnapshot {
        rows = Collections.unmodifiableSortedMap(rows);
        sequences = Collections.unmodifiableSortedMap(sequences);
    }

    List<ModelRow> decodedRows() {
        return rows.values().stream().map(STORED::decode).toList();
    }

    List<SequenceChunk> decodedSequences() {
        return sequences.values().stream().map(CHUNKS::decode).toList();
    }

    /** Writes a file; one that exists is replaced when all is written. */
    void write(Path file) throws IOException {
        PartWriter.compressedFile(file, out -> {
            out.bytes(MAGIC);
            out.eight(nextOffset);
            out.part(STORED.encode(marker));
            put(out, rows);
            put(out, sequences);
            out.checksum();
        });
    }

    private static void put(PartWriter out, SortedMap<String, byte[]> entries) throws IOException {
        out.four(entries.size());
        for (SortedMap.Entry<String, byte[]> entry : entries.entrySet()) {
            out.part(entry.getKey().getBytes(UTF_8));
            out.part(entry.getValue());
        }
    }

    /**
     * Reads a file.
     *
     * @throws CommandException if it is none, or not as it was written
     */
    static TrainerSnapshot read(Path file) throws IOException {
        return read(file, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Reads a file that unpacks to at most so many bytes: a small one may hold far more than memory does. */
    static TrainerSnapshot read(Path file, long most) throws IOException {
        Room room = new Room(file, most);
        try (PartReader in = new PartReader(new GZIPInputStream(Files.newInputStream(file)))) {
            if (!in.starts(MAGIC)) {
                throw damaged(file, "its head is another one");
            }
            long nextOffset = in.eight();
            if (!(STORED.decode(in.part(MAX_VALUE)) instanceof ModelRow.Marker marker)) {
                throw damaged(file, "it has no marker");
            }
            TrainerSnapshot snapshot = new TrainerSnapshot(nextOffset, marker, entries(in, room), entries(in, room));
            in.checksum();
            // What the checksum cannot know: that another version of Eridanus, or something else, wrote it.
            snapshot.rows.forEach((key, row) -> check(key, STORED.decode(row).key()));
            snapshot.sequences.forEach(
                    (key, chunk) -> check(key, CHUNKS.decode(chunk).key()));
            return snapshot;
        } catch (EOFException e) {
            throw damaged(file, "its compressed form is cut off");
        } catch (DamagedException | ZipException | WireException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    private static void check(String key, String own) {
        if (!key.equals(own)) {
            throw new WireException("it has what belongs under the key " + own + " under another one");
        }
    }

    private static SortedMap<String, byte[]> entries(PartReader in, Room room) throws IOException {
        int count = in.count(MAX_ENTRIES);
        SortedMap<String, byte[]> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] key = in.part(MAX_KEY);
            byte[] value = in.part(MAX_VALUE);
            room.take(ENTRY_BYTES + key.length + value.length);
            if (entries.put(new String(key, UTF_8), value) != null) {
                throw new WireException("it has a key twice");
            }
        }
        return entries;
    }

    private static CommandException damaged(Path file, String why) {
        return new CommandException(file + " must be a snapshot that was written by model snapshot, undamaged, but "
                + why + "; take another one");
    }

    /** Memory that is left to what a file unpacks to. */
    private static final class Room {
        private final Path file;
        private final long most;
        private long left;

        Room(Path file, long most) {
            this.file = file;
            this.most = most;
            this.left = most;
        }

        void take(long bytes) {
            left -= bytes;
            if (left < 0) {
                throw new CommandException(file + " must unpack to at most " + (most >> 20)
                        + " MiB, half of this program's memory, and holds more; if it comes from a source you trust,"
                        + " give more by ERIDANUS_JAVA_OPTS=-Xmx4g");
            }
        }
    }
}
