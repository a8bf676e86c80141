package org.eridanus.feature;

import java.util.List;
import org.eridanus.event.Interaction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.jspecify.annotations.Nullable;

/**
 * What an interaction says of its user's taste, by type and rating: the first row that matches decides, and
 * where none does {@code otherwise}.
 *
 * @param rows tried in this order
 * @param otherwise the verdict on everything else
 */
public record FeedbackTable(List<Row> rows, Verdict otherwise) {
    /** Everything is positive with weight 1, as in the paper: the default. */
    public static final FeedbackTable ALL_POSITIVE = new FeedbackTable(List.of(), new Verdict(Feedback.POSITIVE, 1));

    /**
     * The outcome.
     *
     * @param feedback what the interaction says
     * @param weight how much it counts, positive and finite
     */
    public record Verdict(Feedback feedback, float weight) {
        public Verdict {
            if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight of feedback must be positive and finite, got " + weight
                        + ": use IGNORED to count nothing");
            }
        }
    }

    /**
     * One row of the table.
     *
     * @param type the type it is about, null for every type
     * @param from lowest rating it is about, inclusive, null where the rating does not matter
     * @param below the rating from which on it no longer applies, exclusive, null for no upper end
     * @param verdict what it says
     */
    public record Row(
            @Nullable String type,
            @Nullable Double from,
            @Nullable Double below,
            Verdict verdict) {
        public Row {
            if (from != null && below != null && !(from < below)) {
                throw new IllegalArgumentException(
                        "a row of the feedback table needs from < below, got " + from + " and " + below);
            }
        }

        boolean matches(Interaction interaction) {
            if (type != null && !type.equals(interaction.type())) {
                return false;
            }
            Double rating = interaction.rating();
            if (from == null && below == null) {
                return true;
            }
            return rating != null && (from == null || rating >= from) && (below == null || rating < below);
        }
    }

    public FeedbackTable {
        rows = List.copyOf(rows);
    }

    /** The verdict on an interaction. */
    public Verdict of(Interaction interaction) {
        for (Row row : rows) {
            if (row.matches(interaction)) {
                return row.verdict();
            }
        }
        return otherwise;
    }
}
