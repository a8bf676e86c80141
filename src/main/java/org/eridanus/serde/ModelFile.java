package org.eridanus.serde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eridanus.event.Limits;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.jspecify.annotations.Nullable;

/**
 * A whole model as one file, for people: to keep, compare and move. It holds what scores are made of, with the settings and
 * the schema that made it, and not the optimiser's state: training goes on from the trainer's stores. Version 1:
 *
 * <pre>
 * magic         8 bytes    ERIDANUS
 * version       byte       1
 * definition    length int, JSON in UTF-8: settings and schema
 * rows          length int, row of {@link ModelRowFormat}, one after the other; a length of 0 ends them
 * checksum      32 bytes   SHA-256 of everything before
 * </pre>
 */
public final class ModelFile {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final byte[] MAGIC = "ERIDANUS".getBytes(StandardCharsets.US_ASCII);
    private static final ModelRowFormat ROWS = new ModelRowFormat(false);
    private static final int MAX_ROW = 4 * ModelRowFormat.MAX_DENSE * 3;

    private ModelFile() {}

    /**
     * A model that was read from a file.
     *
     * @param definition what it is
     * @param network the network, for scoring
     */
    public record Stored(ModelDefinition definition, DeepAssociationNetwork network) {}

    /**
     * Writes a model; a file that exists is replaced when all is written.
     *
     * @param definition what the network was made of
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(Path file, ModelDefinition definition, DeepAssociationNetwork network) {
        try {
            PartWriter.file(file, out -> {
                out.bytes(MAGIC);
                out.one(VERSION);
                out.part(ModelDefinitionJson.write(definition));
                network.writeAllRows(row -> put(out, ROWS.encode(row)));
                out.four(0);
                out.checksum();
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model file " + file, e);
        }
    }

    private static void put(PartWriter out, byte[] bytes) {
        try {
            out.part(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a model.
     *
     * @throws WireException if it is no model file, of another version, damaged or cut off
     * @throws UncheckedIOException if it cannot be read
     */
    public static Stored read(Path file) {
        return read(file, null);
    }

    /**
     * Reads a model that has to be of a definition.
     *
     * @throws WireException if it is of another one, with everything that differs, or cannot be read
     */
    public static Stored read(Path file, @Nullable ModelDefinition expected) {
        try (PartReader in = new PartReader(Files.newInputStream(file))) {
            Stored stored = read(file, in, expected);
            in.checksum();
            return stored;
        } catch (IllegalArgumentException e) {
            throw new WireException("the model file " + file + " holds a definition that contradicts itself: "
                    + e.getMessage() + "; take another copy");
        } catch (DamagedException e) {
            throw new WireException(
                    "the model file " + file + " is damaged: " + e.getMessage() + "; take another copy");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model file " + file, e);
        }
    }

    private static Stored read(Path file, PartReader in, @Nullable ModelDefinition expected) throws IOException {
        if (!in.starts(MAGIC)) {
            throw new WireException(file + " is no model file: it does not start with ERIDANUS");
        }
        int version = in.one();
        if (version != VERSION) {
            throw new WireException("the model file " + file + " is of version " + version + ", version " + VERSION
                    + " expected: it was written by another version of Eridanus");
        }
        ModelDefinition definition = ModelDefinitionJson.read(in.part(Limits.RECORD_BYTES));
        if (expected != null) {
            List<String> differences = definition.differences(expected, "the file", "this model");
            if (!differences.isEmpty()) {
                throw new WireException("the model file " + file + " was made for another model: "
                        + String.join("; ", differences) + "; use the settings and the schema of the file");
            }
        }
        DeepAssociationNetwork network = definition.network(false);
        for (byte[] bytes = in.part(MAX_ROW); bytes.length > 0; bytes = in.part(MAX_ROW)) {
            ModelRow row = ROWS.decode(bytes);
            if (!network.fits(row)) {
                throw new WireException("the model file " + file + " holds the row " + row.key()
                        + ", which does not fit its own definition: it is damaged; take another copy");
            }
            network.load(row);
        }
        network.candidates();
        return new Stored(definition, network);
    }
}
