package org.eridanus.feature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which identifies settings and schemas, and finds damage in files. */
public final class Sha256 {
    private static final int IDENTITY_BYTES = 8;

    private Sha256() {}

    /** A digest that nothing has been added to. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first 64 bits of a text's digest (the text in UTF-8), as 16 hexadecimal digits. */
    public static String identity(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)), 0, IDENTITY_BYTES);
    }
}
