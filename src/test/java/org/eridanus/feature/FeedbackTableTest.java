package org.eridanus.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.eridanus.event.Interaction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeedbackTable.Row;
import org.eridanus.feature.FeedbackTable.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedbackTableTest {
    private static final Verdict LIKED = new Verdict(Feedback.POSITIVE, 2);
    private static final Verdict DISLIKED = new Verdict(Feedback.NEGATIVE, 1);
    private static final Verdict IGNORED = new Verdict(Feedback.IGNORED, 1);

    @Test
    void shouldTakeEverythingForPositiveByDefault() {
        assertThat(FeedbackTable.ALL_POSITIVE.of(interaction("rating", 1.0)))
                .isEqualTo(new Verdict(Feedback.POSITIVE, 1));
    }

    @Test
    void shouldLetTheFirstMatchingRowDecide() {
        var table = new FeedbackTable(
                List.of(
                        new Row("rating", 4.0, null, LIKED),
                        new Row("rating", null, 2.0, DISLIKED),
                        new Row("purchase", null, null, LIKED)),
                IGNORED);

        assertThat(table.of(interaction("rating", 4.0))).isEqualTo(LIKED);
        assertThat(table.of(interaction("rating", 3.9))).isEqualTo(IGNORED);
        assertThat(table.of(interaction("rating", 2.0))).isEqualTo(IGNORED);
        assertThat(table.of(interaction("rating", 1.9))).isEqualTo(DISLIKED);
        assertThat(table.of(interaction("rating", null))).isEqualTo(IGNORED);
        assertThat(table.of(interaction("purchase", null))).isEqualTo(LIKED);
        assertThat(table.of(interaction("view", null))).isEqualTo(IGNORED);
    }

    @Test
    void shouldMatchEveryTypeWhereNoneIsNamed() {
        var table = new FeedbackTable(List.of(new Row(null, 4.0, 6.0, LIKED)), IGNORED);

        assertThat(table.of(interaction("stars", 5.0))).isEqualTo(LIKED);
        assertThat(table.of(interaction("stars", 6.0))).isEqualTo(IGNORED);
    }

    @Test
    void shouldRefuseWeightsAndRangesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Verdict(Feedback.POSITIVE, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Verdict(Feedback.POSITIVE, Float.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Verdict(Feedback.POSITIVE, Float.POSITIVE_INFINITY));
        assertThatIllegalArgumentException().isThrownBy(() -> new Row("rating", 4.0, 4.0, LIKED));
    }

    private static Interaction interaction(String type, @Nullable Double rating) {
        return new Interaction("u", "i", type, rating, 0);
    }
}
