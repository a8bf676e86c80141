package org.eridanus.topic;

/** Names of the topics. */
public final class Topics {
    public static final String INTERACTIONS = "interactions";
    public static final String USERS = "users";
    public static final String ITEMS = "items";
    public static final String MODEL_CONTROL = "model-control";
    public static final String ENRICHED_INTERACTIONS = "enriched-interactions";
    public static final String TRAINING_LOG = "training-log";
    public static final String CATALOGUE = "catalogue";
    public static final String DEAD_LETTERS = "dead-letters";

    private Topics() {}
}
