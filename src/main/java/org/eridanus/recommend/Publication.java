package org.eridanus.recommend;

import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;

/** What became of a version when its marker arrived, or when its generation was chosen; sealed, because there is no more. */
public sealed interface Publication {
    /**
     * The version is served from now on.
     *
     * @param marker its marker
     * @param unfit rows that were left out because their shape is not that of the configured network
     * @param startedOver whether it replaced everything before, because its number did not follow on it
     */
    record Served(ModelRow.Marker marker, int unfit, boolean startedOver) implements Publication {}

    /**
     * The version is complete, and of a generation that is not served: it is kept in case that one is chosen.
     *
     * @param generation which one
     * @param marker its marker
     */
    record Kept(Generation generation, ModelRow.Marker marker) implements Publication {}

    /**
     * The version was trained with other settings; its rows were dropped, and what was served before still is.
     *
     * @param reason the rule, what was found and the remedy
     */
    record Refused(String reason) implements Publication {}
}
