package org.eridanus.serde;

import org.eridanus.event.Limits;
import org.eridanus.event.UserProfile;

/**
 * The values of the profile store. Version 1:
 *
 * <pre>
 * version       byte       1
 * id            text
 * attributes    list of (name text, values list of text), names ascending
 * </pre>
 */
public final class UserProfileFormat implements WireFormat<UserProfile> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "user profile";

    @Override
    public byte[] encode(UserProfile profile) {
        WireWriter out = new WireWriter(WHAT, 128);
        out.putByte(VERSION);
        out.putText(profile.id());
        out.putNamedTexts(profile.attributes().values(), Limits.ATTRIBUTES, Limits.ATTRIBUTE_VALUES);
        return out.toBytes();
    }

    @Override
    public UserProfile decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        UserProfile profile = new UserProfile(in.getText(), in.getAttributes());
        in.end();
        return profile;
    }
}
