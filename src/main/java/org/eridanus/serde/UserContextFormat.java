package org.eridanus.serde;

import java.util.List;
import java.util.TreeMap;
import org.eridanus.event.Limits;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.UserHistory;
import org.eridanus.recommend.UserContext;

/**
 * The values of the user context store. Version 1:
 *
 * <pre>
 * version       byte       1
 * history       {@link UserHistoryFormat}, its version byte and all
 * categories    list of (name text, values list of text), names ascending
 * </pre>
 */
public final class UserContextFormat implements WireFormat<UserContext> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "user context";

    @Override
    public byte[] encode(UserContext context) {
        WireWriter out = new WireWriter(WHAT, 64 + UserHistoryFormat.expectedLength(context.history()));
        out.putByte(VERSION);
        UserHistoryFormat.write(out, context.history());
        out.putNamedTexts(context.categories(), FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES);
        return out.toBytes();
    }

    @Override
    public UserContext decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        UserHistory history = UserHistoryFormat.read(in);
        TreeMap<String, List<String>> categories =
                new TreeMap<>(in.getNamedTexts(FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES));
        in.end();
        return new UserContext(history, categories);
    }
}
