package org.eridanus.serde;

import java.util.ArrayList;
import java.util.List;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.feature.UserHistory;
import org.eridanus.recommend.UserContext;

/**
 * The values of the user context store. Version 3:
 *
 * <pre>
 * version       byte       3
 * history       {@link UserHistoryFormat}, its version byte and all
 * times         for each item of it, ms by which it came before the one before it (the first: since 1970), signed
 * profile       list of (name text, values list of text), names ascending
 * flags         byte       1 the newest event follows, 2 it has a rating
 * user          text       only with flag 1, as what follows
 * item          text
 * type          text
 * rating        double     only with flag 2
 * timestamp     signed     event time, ms
 * </pre>
 *
 * <p>Version 2 has no times, and is read as if all items had been consumed at one moment.
 */
public final class UserContextFormat implements WireFormat<UserContext> {
    /** The version that is written. */
    public static final int VERSION = 3;

    private static final int UNTIMED = 2;

    private static final String WHAT = "user context";
    private static final int NEWEST = 1;
    private static final int RATING = 2;

    @Override
    public byte[] encode(UserContext context) {
        WireWriter out = new WireWriter(WHAT, 128 + UserHistoryFormat.expectedLength(context.history()));
        out.putByte(VERSION);
        UserHistoryFormat.write(out, context.history());
        long later = 0;
        for (long time : context.times()) {
            out.putSigned(later - time);
            later = time;
        }
        out.putNamedTexts(context.profile().values(), Limits.ATTRIBUTES, Limits.ATTRIBUTE_VALUES);
        Interaction newest = context.newest();
        if (newest == null) {
            out.putByte(0);
            return out.toBytes();
        }
        Double rating = newest.rating();
        out.putByte(rating == null ? NEWEST : NEWEST | RATING);
        out.putText(newest.user());
        out.putText(newest.item());
        out.putText(newest.type());
        if (rating != null) {
            out.putDouble(rating);
        }
        out.putSigned(newest.timestamp());
        return out.toBytes();
    }

    @Override
    public UserContext decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        boolean timed = in.version(WHAT, UNTIMED, VERSION) == VERSION;
        UserHistory history = UserHistoryFormat.read(in);
        List<Long> times = new ArrayList<>();
        long later = 0;
        for (int i = 0; i < history.newest().size(); i++) {
            later -= timed ? in.getSigned() : 0;
            times.add(later);
        }
        Attributes profile = in.getAttributes();
        Interaction newest = switch (in.getByte()) {
            case 0 -> null;
            case NEWEST -> new Interaction(in.getText(), in.getText(), in.getText(), null, in.getSigned());
            case NEWEST | RATING ->
                new Interaction(in.getText(), in.getText(), in.getText(), in.getDouble(), in.getSigned());
            default -> throw in.broken("unknown flags");
        };
        in.end();
        return new UserContext(history, times, profile, newest);
    }
}
