package org.eridanus.topic;

import java.util.List;
import java.util.Set;

/**
 * The names of all topics. Each has a file {@code topics/<name>.yaml}, which says what it carries and how it is
 * configured; user-facing ones have a JSON Schema beside it.
 */
public final class Topics {
    /** What users did; key user id, JSON. */
    public static final String INTERACTIONS = "interactions";
    /** What is known of users; key user id, JSON, a tombstone forgets. */
    public static final String USERS = "users";
    /** What may be recommended; key item id, JSON, a tombstone removes. */
    public static final String ITEMS = "items";
    /** Questions for recommendations; key user id, JSON. */
    public static final String RECOMMENDATION_REQUESTS = "recommendation-requests";
    /** An operator's commands; JSON. */
    public static final String MODEL_CONTROL = "model-control";
    /** The accepted items, as the features role joins with them; key item id, binary. */
    public static final String CATALOGUE = "catalogue";
    /** Interactions with their features; key user id, binary. */
    public static final String ENRICHED_INTERACTIONS = "enriched-interactions";
    /** Everything that influences learning, in one order; binary. */
    public static final String TRAINING_LOG = "training-log";
    /** The model's rows, and a marker for each version; key row id, binary. */
    public static final String MODEL = "model";
    /** Users' current recommendations; key user id, JSON. */
    public static final String RECOMMENDATIONS = "recommendations";
    /** How well each event was foreseen; key user id, JSON. */
    public static final String EVALUATIONS = "evaluations";
    /** What was refused, as it came; original key and bytes. */
    public static final String DEAD_LETTERS = "dead-letters";

    /** Every topic, in the order in which data passes through. */
    public static final List<String> ALL = List.of(
            INTERACTIONS,
            USERS,
            ITEMS,
            RECOMMENDATION_REQUESTS,
            MODEL_CONTROL,
            CATALOGUE,
            ENRICHED_INTERACTIONS,
            TRAINING_LOG,
            MODEL,
            RECOMMENDATIONS,
            EVALUATIONS,
            DEAD_LETTERS);

    /** The topics that people and systems outside write to. */
    public static final Set<String> INPUT = Set.of(INTERACTIONS, USERS, ITEMS, RECOMMENDATION_REQUESTS, MODEL_CONTROL);

    /** The topics that people and systems outside write to or read: plain JSON, with a schema. */
    public static final Set<String> USER_FACING =
            Set.of(INTERACTIONS, USERS, ITEMS, RECOMMENDATION_REQUESTS, MODEL_CONTROL, RECOMMENDATIONS, EVALUATIONS);

    private Topics() {}
}
