package org.eridanus.stream;

/**
 * A store holds what it cannot have been given: its file or its changelog is damaged, or another version has written it.
 * The message names the store, and the key where it is known; where it is not, it is the key of the record at work.
 */
public final class StoreException extends RuntimeException {
    /** Goes after the message. */
    static final String REMEDY = "; run the version that wrote it, or start without the state folder, so that the store"
            + " comes back from its changelog; where that is damaged, a tombstone under the key drops this entry of the"
            + " features or the scorer role, and another generation of the model is trained from the log: eridanus"
            + " retrain";

    private static final long serialVersionUID = 1L;

    /** An entry under a key that is known. */
    public StoreException(String store, Object key, RuntimeException cause) {
        super("entry '" + key + "' of " + store + " cannot be read: " + cause, cause);
    }

    /** An entry under the key of the record at work. */
    StoreException(String store, RuntimeException cause) {
        super("an entry of " + store + " cannot be read: " + cause, cause);
    }
}
