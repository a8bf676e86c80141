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
 * events        list of (item index varint, distance to the previous event's number varint)
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
        long previous = 0;
        for (int i = 0; i < chunk.items().length; i++) {
            out.putVarInt(chunk.items()[i]);
            out.putVarLong(chunk.events()[i] - previous);
            previous = chunk.events()[i];
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
            previous += in.getVarLong();
            events[i] = previous;
        }
        in.end();
        return new SequenceChunk(user, chunk, position, items, events);
    }
}
