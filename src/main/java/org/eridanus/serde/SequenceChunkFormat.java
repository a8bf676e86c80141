package org.eridanus.serde;

import org.eridanus.trainer.SequenceChunk;

/**
 * The values of the trainer's sequence store. Version 1:
 *
 * <pre>
 * version       byte       1
 * user          text
 * chunk         varint
 * position      varint     of the first event in the user's whole sequence
 * events        list of (item index varint, distance to the previous event's number varint), ascending
 * </pre>
 */
public final class SequenceChunkFormat implements WireFormat<SequenceChunk> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "sequence chunk";
    private static final int MAX_EVENTS = 4_096;

    @Override
    public byte[] encode(SequenceChunk chunk) {
        WireWriter out = new WireWriter(WHAT, 32 + 6 * chunk.items().length);
        out.putByte(VERSION);
        out.putText(chunk.user());
        out.putVarInt(chunk.chunk());
        out.putVarInt(chunk.position());
        out.putCount(chunk.items().length, MAX_EVENTS);
        long previous = -1;
        for (int i = 0; i < chunk.items().length; i++) {
            long event = chunk.events()[i];
            if (event <= previous) {
                throw new WireException(
                        WHAT + ": events in ascending order expected, got " + event + " after " + previous);
            }
            out.putVarInt(chunk.items()[i]);
            out.putVarLong(i == 0 ? event : event - previous);
            previous = event;
        }
        return out.toBytes();
    }

    @Override
    public SequenceChunk decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        String user = in.getText();
        int chunk = in.getVarInt();
        int position = in.getVarInt();
        int[] items = new int[in.getCount(MAX_EVENTS, 2)];
        long[] events = new long[items.length];
        long previous = 0;
        for (int i = 0; i < items.length; i++) {
            items[i] = in.getVarInt();
            long distance = in.getVarLong();
            if ((i > 0 && distance == 0) || distance > Long.MAX_VALUE - previous) {
                throw in.broken(
                        "events in ascending order expected, got a distance of " + distance + " after " + previous);
            }
            previous += distance;
            events[i] = previous;
        }
        in.end();
        return new SequenceChunk(user, chunk, position, items, events);
    }
}
