package org.eridanus.serde;

import java.util.List;
import org.eridanus.event.Limits;
import org.eridanus.feature.UserHistory;

/**
 * The values of the history store. Version 1:
 *
 * <pre>
 * version       byte       1
 * consumed      var int    positive events ever
 * dropped       var long   items that the seen-set had no room for
 * newest        list of text, the newest first
 * seen          list of long ({@link org.eridanus.feature.StableHash}), the oldest first
 * </pre>
 */
public final class UserHistoryFormat implements WireFormat<UserHistory> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "user history";

    @Override
    public byte[] encode(UserHistory history) {
        WireWriter out = new WireWriter(WHAT, expectedLength(history));
        write(out, history);
        return out.toBytes();
    }

    @Override
    public UserHistory decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        UserHistory history = read(in);
        in.end();
        return history;
    }

    /** About how many bytes a history takes. */
    static int expectedLength(UserHistory history) {
        return 32 + 12 * history.newest().size() + 8 * history.seenCount();
    }

    /** Writes a history, version byte and all, into a larger value. */
    static void write(WireWriter out, UserHistory history) {
        out.putByte(VERSION);
        out.putVarInt(history.consumed());
        out.putVarLong(history.dropped());
        out.putTexts(history.newest(), Limits.HISTORY);
        out.putCount(history.seenCount(), Limits.SEEN);
        for (int i = 0; i < history.seenCount(); i++) {
            out.putLong(history.seenHash(i));
        }
    }

    /** Reads a history out of a larger value. */
    static UserHistory read(WireReader in) {
        in.version(WHAT, VERSION);
        int consumed = in.getVarInt();
        long dropped = in.getVarLong();
        List<String> newest = in.getTexts(Limits.HISTORY);
        long[] seen = new long[in.getCount(Limits.SEEN, Long.BYTES)];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = in.getLong();
        }
        try {
            return UserHistory.of(newest, seen, consumed, dropped);
        } catch (IllegalArgumentException e) {
            throw in.broken(String.valueOf(e.getMessage()));
        }
    }
}
