package org.eridanus.stream;

/**
 * The names of all nodes and stores of the topologies. Stores give their names to changelog topics, so that a
 * renamed store starts empty; nodes give theirs to metrics.
 */
public final class Names {
    // Features: interactions.
    public static final String INTERACTIONS_SOURCE = "interactions-source";
    public static final String VALIDATE_INTERACTIONS = "validate-interactions";
    public static final String JOIN_PROFILE = "join-profile";
    public static final String JOIN_ITEM = "join-item";
    public static final String KEEP_HISTORY = "keep-history";
    public static final String EVICT_USERS = "evict-users";
    public static final String FORM_COMBINATIONS = "form-combinations";
    public static final String LOG_INTERACTIONS = "log-interactions";
    public static final String ENRICHED_INTERACTIONS_SINK = "enriched-interactions-sink";
    public static final String INTERACTIONS_LOG_SINK = "interactions-log-sink";
    public static final String INTERACTIONS_DEAD_LETTERS_SINK = "interactions-dead-letters-sink";

    // Features: users, in the same sub-topology.
    public static final String USERS_SOURCE = "users-source";
    public static final String VALIDATE_USERS = "validate-users";
    public static final String KEEP_PROFILES = "keep-profiles";

    // Features: items.
    public static final String ITEMS_SOURCE = "items-source";
    public static final String VALIDATE_ITEMS = "validate-items";
    public static final String ANNOUNCE_ITEMS = "announce-items";
    public static final String LOG_ITEMS = "log-items";
    public static final String CATALOGUE_SINK = "catalogue-sink";
    public static final String ITEMS_LOG_SINK = "items-log-sink";
    public static final String ITEMS_DEAD_LETTERS_SINK = "items-dead-letters-sink";

    // Features: the catalogue, in every instance.
    public static final String CATALOGUE_SOURCE = "catalogue-source";
    public static final String KEEP_CATALOGUE = "keep-catalogue";

    // Features: control.
    public static final String CONTROL_SOURCE = "model-control-source";
    public static final String VALIDATE_CONTROL = "validate-control";
    public static final String FORWARD_CONTROL = "forward-control";
    public static final String LOG_CONTROL = "log-control";
    public static final String CONTROL_LOG_SINK = "control-log-sink";
    public static final String CONTROL_DEAD_LETTERS_SINK = "control-dead-letters-sink";

    // Features: stores.
    public static final String PROFILE_STORE = "profile-store";
    public static final String HISTORY_STORE = "history-store";
    public static final String RECENCY_STORE = "recency-store";
    public static final String CATALOGUE_STORE = "catalogue-store";
    public static final String CONFIGURATION_STORE = "configuration-store";

    private Names() {}

    /** The topic that a store of a role comes back from, as Kafka Streams names it. */
    public static String changelog(String applicationId, String store) {
        return applicationId + "-" + store + "-changelog";
    }
}
