package org.eridanus.serde;

import java.util.List;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Limits;
import org.eridanus.recommend.ServedList;

/**
 * The values of the served list store. Version 1:
 *
 * <pre>
 * version          byte       1
 * partition        var int    cause
 * offset           var long   cause
 * trained through  signed     offset, -1 for nothing
 * items            list of text, the best first
 * </pre>
 */
public final class ServedListFormat implements WireFormat<ServedList> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "served list";

    @Override
    public byte[] encode(ServedList list) {
        WireWriter out = new WireWriter(WHAT, 32 + 12 * list.items().size());
        out.putByte(VERSION);
        out.putVarInt(list.cause().partition());
        out.putVarLong(list.cause().offset());
        out.putSigned(list.trainedThrough());
        out.putTexts(list.items(), Limits.K);
        return out.toBytes();
    }

    @Override
    public ServedList decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        Coordinate cause = new Coordinate(in.getVarInt(), in.getVarLong());
        long trainedThrough = in.getSigned();
        List<String> items = in.getTexts(Limits.K);
        in.end();
        return new ServedList(items, cause, trainedThrough);
    }
}
