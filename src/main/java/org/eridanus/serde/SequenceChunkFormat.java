package org.eridanus.serde;

import java.util.Arrays;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.trainer.SequenceChunk;

/**
 * The values of the trainer's sequence store. Version 3, of models that read items and histories alone, from events that
 * all count fully:
 *
 * <pre>
 * version       byte       3
 * user          text
 * chunk         varint
 * position      varint     of the first event in the user's whole sequence
 * events        list of (item index varint, distance to the previous event's number varint, ms since the previous event
 *               signed), ascending; of the first, number and time themselves
 * </pre>
 *
 * <p>Version 4, of all others, goes on with, for each event:
 *
 * <pre>
 * weight        float
 * values        list of (list of row varints), the active rows of each category; empty where they are those of the event
 *               before
 * </pre>
 *
 * <p>Versions 1 and 2 are the same without times, and are read as if all events had happened at one moment.
 */
public final class SequenceChunkFormat implements WireFormat<SequenceChunk> {
    /** The version that is written where it holds everything. */
    public static final int VERSION = 3;

    /** The version with categories and weights. */
    public static final int VERSION_WITH_VALUES = 4;

    /** Versions without times: as {@link #VERSION} and {@link #VERSION_WITH_VALUES}. */
    private static final int UNTIMED = 1;

    private static final int UNTIMED_WITH_VALUES = 2;

    private static final String WHAT = "sequence chunk";
    private static final int MAX_EVENTS = 4_096;

    @Override
    public byte[] encode(SequenceChunk chunk) {
        WireWriter out = new WireWriter(WHAT, 32 + 9 * chunk.items().length);
        boolean plain = isPlain(chunk);
        out.putByte(plain ? VERSION : VERSION_WITH_VALUES);
        out.putText(chunk.user());
        out.putVarInt(chunk.chunk());
        out.putVarInt(chunk.position());
        out.putCount(chunk.items().length, MAX_EVENTS);
        long previous = -1;
        long before = 0;
        for (int i = 0; i < chunk.items().length; i++) {
            long event = chunk.events()[i];
            if (event <= previous) {
                throw new WireException(
                        WHAT + ": events in ascending order expected, got " + event + " after " + previous);
            }
            out.putVarInt(chunk.items()[i]);
            out.putVarLong(i == 0 ? event : event - previous);
            out.putSigned(chunk.times()[i] - before);
            previous = event;
            before = chunk.times()[i];
        }
        if (!plain) {
            putValues(chunk, out);
        }
        return out.toBytes();
    }

    private static boolean isPlain(SequenceChunk chunk) {
        for (int i = 0; i < chunk.items().length; i++) {
            if (chunk.weights()[i] != 1f || chunk.values()[i].length > 0) {
                return false;
            }
        }
        return true;
    }

    private static void putValues(SequenceChunk chunk, WireWriter out) {
        for (int i = 0; i < chunk.items().length; i++) {
            out.putFloat(chunk.weights()[i]);
            int[][] values = chunk.values()[i];
            boolean repeated = i > 0 && Arrays.deepEquals(values, chunk.values()[i - 1]);
            out.putCount(repeated ? 0 : values.length, FeatureSchema.MAX_SIZE);
            for (int c = 0; c < (repeated ? 0 : values.length); c++) {
                out.putCount(values[c].length, ModelRowFormat.MAX_ACTIVE);
                for (int row : values[c]) {
                    out.putVarInt(row);
                }
            }
        }
    }

    private static SequenceChunk withValues(
            WireReader in, String user, int chunk, int position, int[] items, long[] events, long[] times) {
        int[][][] values = new int[items.length][][];
        float[] weights = new float[items.length];
        for (int i = 0; i < items.length; i++) {
            weights[i] = in.getFloat();
            if (!(weights[i] > 0f && weights[i] < Float.POSITIVE_INFINITY)) {
                throw in.broken("a weight that is positive and finite expected, got " + weights[i]);
            }
            int[][] active = new int[in.getCount(FeatureSchema.MAX_SIZE, 1)][];
            for (int c = 0; c < active.length; c++) {
                active[c] = new int[in.getCount(ModelRowFormat.MAX_ACTIVE, 1)];
                for (int k = 0; k < active[c].length; k++) {
                    active[c][k] = in.getVarInt();
                }
            }
            if (i > 0 && active.length > 0 && Arrays.deepEquals(active, values[i - 1])) {
                throw in.broken("values that differ from those before, or none, expected, got the same again");
            }
            values[i] = i > 0 && active.length == 0 ? values[i - 1] : active;
        }
        SequenceChunk read = new SequenceChunk(user, chunk, position, items, events, times, values, weights);
        if (isPlain(read)) {
            throw in.broken("categories or weights expected in a version that has room for them, got none");
        }
        return read;
    }

    @Override
    public SequenceChunk decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        int version = in.version(WHAT, UNTIMED, VERSION_WITH_VALUES);
        boolean timed = version == VERSION || version == VERSION_WITH_VALUES;
        String user = in.getText();
        int chunk = in.getVarInt();
        int position = in.getVarInt();
        int[] items = new int[in.getCount(MAX_EVENTS, 2)];
        long[] events = new long[items.length];
        long[] times = new long[items.length];
        long previous = 0;
        long before = 0;
        for (int i = 0; i < items.length; i++) {
            items[i] = in.getVarInt();
            long distance = in.getVarLong();
            if ((i > 0 && distance == 0) || distance > Long.MAX_VALUE - previous) {
                throw in.broken(
                        "events in ascending order expected, got a distance of " + distance + " after " + previous);
            }
            previous += distance;
            events[i] = previous;
            before += timed ? in.getSigned() : 0;
            times[i] = before;
        }
        SequenceChunk read = version == VERSION || version == UNTIMED
                ? SequenceChunk.plain(user, chunk, position, items, events, times)
                : withValues(in, user, chunk, position, items, events, times);
        in.end();
        return read;
    }
}
