package org.eridanus.trainer;

import org.eridanus.model.ModelRow;

/** Where a version goes: the store that a trainer is rebuilt from, and the topic that scorers read. */
public interface VersionWriter {
    /** A row that changed, or the marker that ends the version. Its arrays are live: encode it at once. */
    void row(ModelRow row);

    /** A row that is for the trainer's store alone; who keeps none needs it not. */
    default void kept(ModelRow row) {}

    /** A row for the trainer's store alone that is no more, by its key. */
    default void dropped(String key) {}

    /** A row that is no more, by its key. */
    void removed(String key);

    /** A stretch of a user's sequence that changed; without events where it is deleted. */
    void sequence(SequenceChunk chunk);
}
