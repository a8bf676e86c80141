package org.eridanus.stream;

import java.util.List;

/** The names of the trainer's nodes and stores. Stores give their names to changelog topics. */
public final class TrainerNames {
    public static final String TRAINING_LOG_SOURCE = "training-log-source";
    public static final String TEST_THEN_LEARN = "test-then-learn";
    public static final String EVALUATIONS_SINK = "evaluations-sink";
    public static final String MODEL_SINK = "model-sink";

    /** Model rows with the optimiser's state, and the marker of the last version. */
    public static final String MODEL_ROWS_STORE = "model-rows-store";
    /** Users' sequences, in chunks. */
    public static final String SEQUENCES_STORE = "sequences-store";
    /** The training records since the last version, in a ring of fixed size. */
    public static final String PENDING_RECORDS_STORE = "pending-records-store";

    /** All stores. */
    public static final List<String> STORES = List.of(MODEL_ROWS_STORE, SEQUENCES_STORE, PENDING_RECORDS_STORE);

    private TrainerNames() {}
}
