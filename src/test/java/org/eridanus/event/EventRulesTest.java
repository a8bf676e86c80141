package org.eridanus.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Rejection.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {
    private static final long NOW = 1_772_366_400_000L;

    @Test
    void shouldAcceptAnInteraction() {
        var read = EventRules.interaction("u", "u", "i", "rating", 4.5, 881_250_949_000L, NOW);

        assertThat(read).isEqualTo(Validated.valid(new Interaction("u", "i", "rating", 4.5, 881_250_949_000L)));
    }

    @Test
    void shouldFillInTypeAndTime() {
        assertThat(EventRules.interaction("u", "u", "i", null, 3.0, null, NOW))
                .isEqualTo(Validated.valid(new Interaction("u", "i", "rating", 3.0, NOW)));
        assertThat(EventRules.interaction("u", "u", "i", null, null, 0L, NOW))
                .isEqualTo(Validated.valid(new Interaction("u", "i", "view", null, 0)));
    }

    @Test
    void shouldAcceptIdsOfAnyScriptUpToTheLimit() {
        String longest = "🎬".repeat(Limits.ID);

        assertThat(EventRules.key(longest, "item")).isEqualTo(Validated.valid(longest));
        assertThat(rejected(EventRules.key(longest + "x", "item")).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void shouldNameTheRuleTheValueAndTheRemedy() {
        assertThat(rejected(EventRules.interaction("anna", "berta", "i", null, null, null, NOW)))
                .isEqualTo(new Rejection(
                        Reason.KEY_MISMATCH,
                        "user must be the record's key 'anna', got 'berta': produce the record under its user"));
        assertThat(rejected(EventRules.interaction(null, "u", "i", null, null, null, NOW)))
                .isEqualTo(new Rejection(
                        Reason.MISSING_KEY,
                        "the record's key must be the id of the user, got none: produce it with a key"));
        assertThat(rejected(EventRules.interaction("u", "u", null, null, null, null, NOW)))
                .isEqualTo(new Rejection(Reason.MISSING_FIELD, "item must have 1..128 characters, got none"));
        assertThat(rejected(EventRules.interaction("u", "u", "", null, null, null, NOW)))
                .isEqualTo(new Rejection(Reason.MISSING_FIELD, "item must have 1..128 characters, got an empty text"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1_000_000.1, -1e7})
    void shouldRejectRatingsThatAreNoFiniteNumbersWithinTheLimit(double rating) {
        var rejection = rejected(EventRules.interaction("u", "u", "i", null, rating, null, NOW));

        assertThat(rejection.reason()).isEqualTo(Reason.INVALID_FIELD);
        assertThat(rejection.detail()).contains("rating", String.valueOf(rating));
    }

    @Test
    void shouldRefuseTheFarFutureAndNothingOfThePast() {
        long latest = NOW + Limits.AHEAD.toMillis();

        assertThat(EventRules.interaction("u", "u", "i", null, null, latest, NOW))
                .isInstanceOf(Validated.Valid.class);
        assertThat(rejected(EventRules.interaction("u", "u", "i", null, null, latest + 1, NOW))
                        .reason())
                .isEqualTo(Reason.IN_THE_FUTURE);
        assertThat(rejected(EventRules.interaction("u", "u", "i", null, null, Long.MAX_VALUE, NOW))
                        .reason())
                .isEqualTo(Reason.IN_THE_FUTURE);
        assertThat(rejected(EventRules.interaction("u", "u", "i", null, null, -1L, NOW))
                        .reason())
                .isEqualTo(Reason.INVALID_FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u0000", "tab\t", "del\u007f", "c1\u0085", "\ud83c alone", "\udfac"})
    void shouldRejectControlCharactersAndHalvesOfSurrogatePairs(String id) {
        var rejection = rejected(EventRules.interaction("u", "u", id, null, null, null, NOW));

        assertThat(rejection.reason()).isEqualTo(Reason.INVALID_FIELD);
        assertThat(rejection.detail()).contains("\\u").doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void shouldShortenWhatItQuotes() {
        var rejection = rejected(EventRules.key("x".repeat(100_000), "user"));

        assertThat(rejection.detail()).hasSizeLessThan(200).contains("(100000 characters)");
    }

    @Test
    void shouldAcceptProfilesAndItemsWithinLimits() {
        Map<String, List<String>> attributes = Map.of("age", List.of("24"));

        assertThat(EventRules.userProfile("u", null, attributes))
                .isEqualTo(Validated.valid(new UserProfile("u", new Attributes(attributes))));
        assertThat(EventRules.item("i", "i", null, Map.of()))
                .isEqualTo(Validated.valid(new Item("i", "i", Attributes.NONE)));
    }

    @Test
    void shouldRejectAttributesBeyondTheLimits() {
        Map<String, List<String>> many = new TreeMap<>();
        for (int i = 0; i <= Limits.ATTRIBUTES; i++) {
            many.put("a" + i, List.of("x"));
        }
        List<String> values = Collections.nCopies(Limits.ATTRIBUTE_VALUES + 1, "x");

        assertThat(rejected(EventRules.userProfile("u", null, many)).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventRules.userProfile("u", null, Map.of("a", values)))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventRules.item("i", null, null, Map.of("n".repeat(65), List.of("x"))))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventRules.item("i", null, null, Map.of("a", List.of("x".repeat(257)))))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventRules.item("i", null, "t".repeat(513), Map.of()))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventRules.item("i", null, null, Map.of("", List.of("x"))))
                        .reason())
                .isEqualTo(Reason.MISSING_FIELD);
        assertThat(rejected(EventRules.item("i", "j", null, Map.of())).reason()).isEqualTo(Reason.KEY_MISMATCH);
    }

    @Test
    void shouldAcceptRequestsWithinLimits() {
        assertThat(EventRules.request("u", null, null, List.of()))
                .isEqualTo(Validated.valid(new RecommendationRequest("u", Limits.DEFAULT_K, java.util.Set.of())));
        assertThat(EventRules.request("u", "u", 100L, List.of("a", "a")))
                .isEqualTo(Validated.valid(new RecommendationRequest("u", 100, java.util.Set.of("a"))));
    }

    @Test
    void shouldRejectRequestsBeyondLimits() {
        assertThat(rejected(EventRules.request("u", null, 0L, List.of())).detail())
                .isEqualTo("k must be 1..100, got 0");
        assertThat(rejected(EventRules.request("u", null, 4_294_967_301L, List.of()))
                        .reason())
                .isEqualTo(Reason.INVALID_FIELD);
        assertThat(rejected(EventRules.request("u", "v", null, List.of())).reason())
                .isEqualTo(Reason.KEY_MISMATCH);
        assertThat(rejected(EventRules.request("u", null, null, Collections.nCopies(1_001, "a")))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void shouldKnowItsCommands() {
        assertThat(EventRules.command("freeze", null))
                .isEqualTo(Validated.valid(new ControlCommand(ControlCommand.Action.FREEZE, "")));
        assertThat(EventRules.command("resume", "done"))
                .isEqualTo(Validated.valid(new ControlCommand(ControlCommand.Action.RESUME, "done")));
        assertThat(rejected(EventRules.command("stop", null)).detail())
                .isEqualTo("action must be freeze or resume, got 'stop'");
        assertThat(rejected(EventRules.command(null, null)).reason()).isEqualTo(Reason.MISSING_FIELD);
        assertThat(rejected(EventRules.command("freeze", "x".repeat(513))).reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    private static Rejection rejected(Validated<?> read) {
        assertThat(read).isInstanceOf(Validated.Rejected.class);
        return ((Validated.Rejected<?>) read).rejection();
    }
}
