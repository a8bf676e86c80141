package org.eridanus.serde;

import java.util.SortedMap;
import java.util.TreeMap;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.ModelRow;

/**
 * The values of {@code model}, and, with the optimiser's state, of the trainer's store. Version 1:
 *
 * <pre>
 * version       byte       1
 * type          byte       1 embedding, 2 pairs, 3 dense, 4 marker, 5 description, 6 accuracy, 7 seen
 *
 * embedding     table text, id text, index varint, candidate byte, occurrences varint, popularity double,
 *               values floats, state floats (empty in the topic)
 * pairs         id text, index varint, occurrences varint, added varint,
 *               successors list of (distance to the previous index varint, count varint), ascending
 * dense         mixing floats, mixing state floats, tower floats, first moments floats, second moments floats,
 *               steps varint (the states empty in the topic)
 * description   id text, index varint, values list of (list of row varints); written by models that combine categories
 *               of the item beside its id
 * marker        version, records, events, window start, positives, batches varints,
 *               trained through list of (partition varint, offset varint), ascending, newest record time varint,
 *               rows, pair rows varints, frozen byte, preset, hash, kernel texts
 * accuracy      events, hits varints, before list of varints; in the trainer's store alone
 * seen          id text, index varint, record varint; in the trainer's store alone, where it evicts items
 * </pre>
 *
 * <p>Version 2, of items that users have started with and of markers of models that any user has, goes on with:
 *
 * <pre>
 * embedding     start popularity double
 * marker        starts varint
 * </pre>
 */
public final class ModelRowFormat implements WireFormat<ModelRow> {
    /** The version that is written where it holds everything. */
    public static final int VERSION = 1;

    /** The version with what users start with. */
    public static final int VERSION_WITH_STARTS = 2;

    /** Most values of one row. */
    public static final int MAX_VALUES = 1 << 16;

    /** Most dense parameters. */
    public static final int MAX_DENSE = 1 << 18;

    /** Most successors of a pair row. */
    public static final int MAX_SUCCESSORS = 4_096;

    /** Most active values of one category of an item. */
    public static final int MAX_ACTIVE = 1_024;

    /** Most source partitions. */
    public static final int MAX_PARTITIONS = 4_096;

    /** Most blocks of ranked events in a row. */
    public static final int MAX_BLOCKS = 1_024;

    private static final String WHAT = "model row";
    private static final int EMBEDDING = 1;
    private static final int PAIRS = 2;
    private static final int DENSE = 3;
    private static final int MARKER = 4;
    private static final int DESCRIPTION = 5;
    private static final int ACCURACY = 6;
    private static final int SEEN = 7;
    private static final float[] NONE = new float[0];

    private final boolean withState;

    /**
     * A format.
     *
     * @param withState whether to write the optimiser's state
     */
    public ModelRowFormat(boolean withState) {
        this.withState = withState;
    }

    @Override
    public byte[] encode(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            return encode(embedding);
        }
        if (row instanceof ModelRow.Pairs pairs) {
            return encode(pairs);
        }
        if (row instanceof ModelRow.Dense dense) {
            return encode(dense);
        }
        if (row instanceof ModelRow.Description description) {
            return encode(description);
        }
        if (row instanceof ModelRow.Accuracy accuracy) {
            return encode(accuracy);
        }
        if (row instanceof ModelRow.Seen seen) {
            return encode(seen);
        }
        return encode((ModelRow.Marker) row);
    }

    private byte[] encode(ModelRow.Embedding row) {
        boolean started = row.startPopularity() != Double.NEGATIVE_INFINITY;
        WireWriter out = start(
                started ? VERSION_WITH_STARTS : VERSION,
                EMBEDDING,
                64 + 4 * (row.values().length + row.state().length));
        out.putText(row.table());
        out.putText(row.id());
        out.putVarInt(row.index());
        out.putByte(row.candidate() ? 1 : 0);
        out.putVarInt(row.occurrences());
        out.putDouble(row.popularity());
        out.putFloats(row.values(), MAX_VALUES);
        out.putFloats(withState ? row.state() : NONE, MAX_VALUES);
        if (started) {
            out.putDouble(row.startPopularity());
        }
        return out.toBytes();
    }

    private byte[] encode(ModelRow.Pairs row) {
        WireWriter out = start(PAIRS, 32 + 6 * row.successors().length);
        out.putText(row.id());
        out.putVarInt(row.index());
        out.putVarInt(row.occurrences());
        out.putVarLong(row.added());
        out.putCount(row.successors().length, MAX_SUCCESSORS);
        int previous = -1;
        for (int i = 0; i < row.successors().length; i++) {
            int successor = row.successors()[i];
            if (successor <= previous) {
                throw new WireException(
                        WHAT + ": successors in ascending order expected, got " + successor + " after " + previous);
            }
            out.putVarInt(i == 0 ? successor : successor - previous);
            out.putVarInt(row.counts()[i]);
            previous = successor;
        }
        return out.toBytes();
    }

    private byte[] encode(ModelRow.Dense row) {
        WireWriter out = start(DENSE, 64 + 12 * row.tower().length);
        out.putFloats(row.mixing(), MAX_DENSE);
        out.putFloats(withState ? row.mixingState() : NONE, MAX_DENSE);
        out.putFloats(row.tower(), MAX_DENSE);
        out.putFloats(withState ? row.firstMoments() : NONE, MAX_DENSE);
        out.putFloats(withState ? row.secondMoments() : NONE, MAX_DENSE);
        out.putVarLong(row.steps());
        return out.toBytes();
    }

    private static byte[] encode(ModelRow.Description row) {
        WireWriter out = start(DESCRIPTION, 64);
        out.putText(row.id());
        out.putVarInt(row.index());
        out.putCount(row.values().length, FeatureSchema.MAX_SIZE);
        for (int[] active : row.values()) {
            out.putCount(active.length, MAX_ACTIVE);
            for (int value : active) {
                out.putVarInt(value);
            }
        }
        return out.toBytes();
    }

    private static ModelRow description(WireReader in) {
        String id = in.getText();
        int index = in.getVarInt();
        int[][] values = new int[in.getCount(FeatureSchema.MAX_SIZE, 1)][];
        for (int c = 0; c < values.length; c++) {
            values[c] = new int[in.getCount(MAX_ACTIVE, 1)];
            for (int i = 0; i < values[c].length; i++) {
                values[c][i] = in.getVarInt();
            }
        }
        return new ModelRow.Description(id, index, values);
    }

    private static byte[] encode(ModelRow.Marker marker) {
        boolean started = marker.starts() > 0;
        WireWriter out = start(started ? VERSION_WITH_STARTS : VERSION, MARKER, 128);
        out.putVarLong(marker.version());
        out.putVarLong(marker.records());
        out.putVarLong(marker.events());
        out.putVarLong(marker.windowStart());
        out.putVarLong(marker.positives());
        out.putVarLong(marker.batches());
        out.putCount(marker.trainedThrough().size(), MAX_PARTITIONS);
        marker.trainedThrough().forEach((partition, offset) -> {
            out.putVarInt(partition);
            out.putVarLong(offset);
        });
        out.putVarLong(marker.newestRecordTime());
        out.putVarInt(marker.rows());
        out.putVarInt(marker.pairRows());
        out.putByte(marker.frozen() ? 1 : 0);
        out.putText(marker.preset());
        out.putText(marker.hash());
        out.putText(marker.kernel());
        if (started) {
            out.putVarLong(marker.starts());
        }
        return out.toBytes();
    }

    private static byte[] encode(ModelRow.Accuracy row) {
        WireWriter out = start(ACCURACY, 64);
        out.putVarInt(row.events());
        out.putVarInt(row.hits());
        out.putVarInt(row.before().length);
        for (int hits : row.before()) {
            out.putVarInt(hits);
        }
        return out.toBytes();
    }

    private static byte[] encode(ModelRow.Seen row) {
        WireWriter out = start(SEEN, 32);
        out.putText(row.id());
        out.putVarInt(row.index());
        out.putVarLong(row.record());
        return out.toBytes();
    }

    private static ModelRow accuracy(WireReader in) {
        int events = in.getVarInt();
        int hits = in.getVarInt();
        int[] before = new int[in.getCount(MAX_BLOCKS, 1)];
        for (int i = 0; i < before.length; i++) {
            before[i] = in.getVarInt();
        }
        return new ModelRow.Accuracy(events, hits, before);
    }

    private static WireWriter start(int type, int length) {
        return start(VERSION, type, length);
    }

    private static WireWriter start(int version, int type, int length) {
        WireWriter out = new WireWriter(WHAT, length);
        out.putByte(version);
        out.putByte(type);
        return out;
    }

    @Override
    public ModelRow decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        boolean started = in.version(WHAT, VERSION, VERSION_WITH_STARTS) == VERSION_WITH_STARTS;
        int type = in.getByte();
        if (started && type != EMBEDDING && type != MARKER) {
            throw in.broken("type " + EMBEDDING + " or " + MARKER + " expected in version " + VERSION_WITH_STARTS
                    + ", got " + type);
        }
        ModelRow row = switch (type) {
            case EMBEDDING -> embedding(in, started);
            case PAIRS -> pairs(in);
            case DENSE ->
                new ModelRow.Dense(
                        in.getFloats(MAX_DENSE),
                        in.getFloats(MAX_DENSE),
                        in.getFloats(MAX_DENSE),
                        in.getFloats(MAX_DENSE),
                        in.getFloats(MAX_DENSE),
                        in.getVarLong());
            case MARKER -> marker(in, started);
            case DESCRIPTION -> description(in);
            case ACCURACY -> accuracy(in);
            case SEEN -> new ModelRow.Seen(in.getText(), in.getVarInt(), in.getVarLong());
            default -> throw in.broken("type 1..7 expected, got " + type);
        };
        in.end();
        return row;
    }

    private static ModelRow embedding(WireReader in, boolean started) {
        String table = in.getText();
        String id = in.getText();
        int index = in.getVarInt();
        boolean candidate = flag(in);
        int occurrences = in.getVarInt();
        double popularity = in.getDouble();
        float[] values = in.getFloats(MAX_VALUES);
        float[] state = in.getFloats(MAX_VALUES);
        double startPopularity = started ? in.getDouble() : Double.NEGATIVE_INFINITY;
        if (started && startPopularity == Double.NEGATIVE_INFINITY) {
            throw in.broken("an item that users start with expected in version " + VERSION_WITH_STARTS);
        }
        return new ModelRow.Embedding(
                table, id, index, candidate, occurrences, popularity, startPopularity, values, state);
    }

    private static ModelRow pairs(WireReader in) {
        String id = in.getText();
        int index = in.getVarInt();
        int occurrences = in.getVarInt();
        long added = in.getVarLong();
        int[] successors = new int[in.getCount(MAX_SUCCESSORS, 2)];
        int[] counts = new int[successors.length];
        int previous = 0;
        for (int i = 0; i < successors.length; i++) {
            int distance = in.getVarInt();
            if ((i > 0 && distance == 0) || distance > Integer.MAX_VALUE - previous) {
                throw in.broken(
                        "successors in ascending order expected, got a distance of " + distance + " after " + previous);
            }
            previous += distance;
            successors[i] = previous;
            counts[i] = in.getVarInt();
        }
        return new ModelRow.Pairs(id, index, occurrences, added, successors, counts);
    }

    private static ModelRow marker(WireReader in, boolean started) {
        long version = in.getVarLong();
        long records = in.getVarLong();
        long events = in.getVarLong();
        long windowStart = in.getVarLong();
        long positives = in.getVarLong();
        long batches = in.getVarLong();
        SortedMap<Integer, Long> trainedThrough = new TreeMap<>();
        int partitions = in.getCount(MAX_PARTITIONS, 2);
        for (int i = 0; i < partitions; i++) {
            int partition = in.getVarInt();
            if (i > 0 && partition <= trainedThrough.lastKey()) {
                throw in.broken("partitions in ascending order expected, got " + partition + " after "
                        + trainedThrough.lastKey());
            }
            trainedThrough.put(partition, in.getVarLong());
        }
        long newestRecordTime = in.getVarLong();
        int rows = in.getVarInt();
        int pairRows = in.getVarInt();
        boolean frozen = flag(in);
        String preset = in.getText();
        String hash = in.getText();
        String kernel = in.getText();
        long starts = started ? in.getVarLong() : 0;
        if (started && starts == 0) {
            throw in.broken("users' first events expected in version " + VERSION_WITH_STARTS + ", got none");
        }
        return new ModelRow.Marker(
                version,
                records,
                events,
                windowStart,
                positives,
                starts,
                batches,
                trainedThrough,
                newestRecordTime,
                rows,
                pairRows,
                frozen,
                preset,
                hash,
                kernel);
    }

    private static boolean flag(WireReader in) {
        int value = in.getByte();
        if (value > 1) {
            throw in.broken("a flag of 0 or 1 expected, got " + value);
        }
        return value == 1;
    }
}
