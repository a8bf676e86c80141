package org.eridanus.serde;

import java.io.IOException;

/** A file that is not as it was written; the message says what is wrong with it, as the end of a sentence. */
public final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what);
    }
}
