package org.eridanus.serde;

import org.eridanus.event.Coordinate;
import org.eridanus.recommend.PendingRefresh;

/**
 * The values of the pending refresh store. Version 1:
 *
 * <pre>
 * version       byte       1
 * partition     var int    cause
 * offset        var long   cause
 * recordTime    signed     ms
 * </pre>
 */
public final class PendingRefreshFormat implements WireFormat<PendingRefresh> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "pending refresh";

    @Override
    public byte[] encode(PendingRefresh refresh) {
        WireWriter out = new WireWriter(WHAT, 32);
        out.putByte(VERSION);
        out.putVarInt(refresh.cause().partition());
        out.putVarLong(refresh.cause().offset());
        out.putSigned(refresh.recordTime());
        return out.toBytes();
    }

    @Override
    public PendingRefresh decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        PendingRefresh refresh = new PendingRefresh(new Coordinate(in.getVarInt(), in.getVarLong()), in.getSigned());
        in.end();
        return refresh;
    }
}
