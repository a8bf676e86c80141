package org.eridanus.stream;

/** The names of the scorer's nodes and stores. Stores give their names to changelog topics. */
public final class ScorerNames {
    // The model, in every instance.
    public static final String MODEL_SOURCE = "model-source";
    public static final String LOAD_MODEL = "load-model";

    // Events.
    public static final String ENRICHED_INTERACTIONS_SOURCE = "enriched-interactions-source";
    public static final String TRACK_SERVED = "track-served";
    public static final String KEEP_CONTEXT = "keep-context";
    public static final String REFRESH_RECOMMENDATIONS = "refresh-recommendations";

    // Requests, in the same sub-topology.
    public static final String REQUESTS_SOURCE = "recommendation-requests-source";
    public static final String VALIDATE_REQUESTS = "validate-requests";
    public static final String ANSWER_REQUESTS = "answer-requests";
    public static final String REQUESTS_DEAD_LETTERS_SINK = "requests-dead-letters-sink";

    public static final String RECOMMENDATIONS_SINK = "recommendations-sink";

    /** Stays empty: the model is kept where all threads read it. */
    public static final String MODEL_STORE = "model-store";
    /** Users' histories, seen-sets and categories. */
    public static final String USER_CONTEXT_STORE = "user-context-store";
    /** The list that each user's newest event led to. */
    public static final String SERVED_LIST_STORE = "served-list-store";
    /** Users whose list is older than their newest event. */
    public static final String PENDING_REFRESH_STORE = "pending-refresh-store";

    private ScorerNames() {}
}
