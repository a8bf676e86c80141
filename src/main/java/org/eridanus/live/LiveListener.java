package org.eridanus.live;

import java.util.List;
import org.eridanus.model.ModelRow;

/**
 * Is told of what passes by, on the reading thread: must not block.
 */
public interface LiveListener {
    /** Whether there is anybody to tell; without, lists are not read. */
    boolean listens();

    /** A second has passed. */
    void sampled(Sample sample);

    /**
     * Events have passed.
     *
     * @param events the newest of them, oldest first
     * @param more how many passed that are not among them
     */
    void passed(List<PassingEvent> events, long more);

    /** A version is served. Of several in quick succession the last. */
    void served(ModelRow.Marker marker);

    /** Whether lists of this user are of interest. */
    boolean watches(String user);

    /**
     * A list of such a user could be read. Of several in quick succession the last.
     *
     * @param json the record's value, as {@code topics/recommendations.schema.json} describes it; not copied
     * @param more how many earlier ones were passed over for it
     * @throws org.eridanus.serde.WireException if it is not what that says
     */
    void listed(String user, byte[] json, long more);

    /**
     * A record was passed over because it is not what its format says.
     *
     * @param topic the plain name of its topic
     */
    void unreadable(String topic);
}
