package org.eridanus.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.TreeMap;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EventHead;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final long SEED = 7;

    @Test
    void shouldBalanceHistoryThatAddsUpInEveryInterleaving() {
        TopicHistory history = TopicHistory.generate(SEED);
        Balance expected = history.replay(0).balance();

        for (int interleaving = 0; interleaving < 200; interleaving++) {
            Ledger ledger = history.replay(interleaving);

            assertThat(ledger.balance()).isEqualTo(expected);
            assertThat(ledger.settled()).isTrue();
        }
        assertThat(expected.violations()).isEmpty();
        assertThat(expected.balanced()).isTrue();
        assertThat(expected.read()).isEqualTo(expected.enriched() + expected.deadLettered());
        assertThat(expected.deadLettered()).isPositive();
        assertThat(expected.trained()).isEqualTo(expected.enriched());
        assertThat(expected.evaluated()).isEqualTo(expected.enriched());
        assertThat(expected.covered() + expected.forgotten()).isEqualTo(expected.enriched());
        assertThat(expected.forgotten()).isPositive();
        assertThat(expected.coalesced()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Topics.INTERACTIONS,
                Topics.ENRICHED_INTERACTIONS,
                Topics.DEAD_LETTERS,
                Topics.TRAINING_LOG,
                Topics.MODEL,
                Topics.EVALUATIONS,
                Topics.RECOMMENDATIONS
            })
    void shouldTurnRedWhenOneRecordIsLostDoubledOrOutOfOrder(String topic) {
        TopicHistory.mutate(SEED, topic, (what, history) -> {
            for (int interleaving = 0; interleaving < 5; interleaving++) {
                Balance balance = history.replay(interleaving).balance();

                assertThat(balance.balanced()).as(what).isFalse();
                assertThat(balance.violations()).isNotEmpty();
            }
        });
    }

    @Test
    void shouldRefuseMoreEventsThanItHasMemoryFor() {
        Ledger ledger = new Ledger(2);
        ledger.interaction(new Coordinate(0, 0));
        ledger.interaction(new Coordinate(1, 0));

        assertThatThrownBy(() -> ledger.interaction(new Coordinate(0, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "an account that names each event must have at most 2 of them, and there are more; replay fewer,"
                                + " or let prove soak account for them by sums");
    }

    @Test
    void shouldNameWhatIsMissingAndWhere() {
        Ledger ledger = new Ledger();

        ledger.interaction(new Coordinate(3, 1807));

        assertThat(ledger.settled()).isFalse();
        assertThat(ledger.balance().violations()).singleElement().satisfies(violation -> {
            assertThat(violation.kind()).isEqualTo(Violation.Kind.MISSING);
            assertThat(violation.coordinate()).isEqualTo(new Coordinate(3, 1807));
            assertThat(violation.toString())
                    .isEqualTo("missing in enriched-interactions and dead-letters, 3:1807: is in interactions and did"
                            + " not arrive");
        });
    }

    @Test
    void shouldRefuseInteractionThatIsBothEnrichedAndDeadLettered() {
        Ledger ledger = new Ledger();
        Coordinate coordinate = new Coordinate(0, 5);

        ledger.interaction(coordinate);
        ledger.enriched(0, event(coordinate, "u", "i"), 0);
        ledger.deadLetter(0, Topics.INTERACTIONS, coordinate, "malformed");

        assertThat(ledger.balance().violations()).anySatisfy(violation -> {
            assertThat(violation.kind()).isEqualTo(Violation.Kind.DOUBLED);
            assertThat(violation.detail()).isEqualTo("is here and in dead-letters");
        });
    }

    @Test
    void shouldKeepDeadLettersOfOtherTopicsApart() {
        Ledger ledger = new Ledger();

        ledger.deadLetter(0, Topics.ITEMS, new Coordinate(0, 1), "malformed");
        ledger.deadLetter(0, Topics.ITEMS, new Coordinate(0, 2), "empty");
        ledger.deadLetter(0, Topics.USERS, new Coordinate(0, 1), "empty");

        assertThat(ledger.balance().balanced()).isTrue();
        assertThat(ledger.deadLetters()).isEqualTo(3);
        assertThat(ledger.deadLettered()).isZero();
        assertThat(ledger.refusals()).containsEntry("malformed", 1L).containsEntry("empty", 2L);
    }

    @Test
    void shouldBoundTheListOfViolationsAndCountThemAll() {
        Ledger ledger = new Ledger();

        for (int i = 0; i < 1_000; i++) {
            ledger.interaction(new Coordinate(0, i));
        }

        assertThat(ledger.balance().violationCount()).isEqualTo(1_000);
        assertThat(ledger.balance().violations()).hasSize(ViolationLog.KEPT);
    }

    @Test
    void shouldNoticeVersionThatCountsOtherEventsThanTheLogHolds() {
        Ledger ledger = new Ledger();
        ledger.logged(new Coordinate(0, 4), true);
        ledger.loggedOther();
        ledger.logged(new Coordinate(1, 9), true);

        ledger.marker(marker(1, 2, 1, 4));
        ledger.marker(marker(2, 3, 2, 4));

        assertThat(ledger.balance().violations())
                .anySatisfy(violation -> assertThat(violation.detail())
                        .isEqualTo(
                                "version 2 counts 2 events through {0=4} in the first 3 records of training-log, which have 2"
                                        + " through {0=4, 1=9}"));
    }

    @Test
    void shouldNameEventsThatNoVersionHasLearnedFrom() {
        Ledger ledger = new Ledger();
        ledger.logged(new Coordinate(0, 4), true);
        ledger.marker(marker(1, 1, 1, 4));

        ledger.logged(new Coordinate(0, 6), true);

        assertThat(ledger.settled()).isFalse();
        assertThat(ledger.trained()).isEqualTo(1);
        assertThat(ledger.balance().violations()).anySatisfy(violation -> {
            assertThat(violation.topic()).isEqualTo(Topics.MODEL);
            assertThat(violation.coordinate()).isEqualTo(new Coordinate(0, 6));
        });
    }

    @Test
    void shouldNotCountAsTrainedWhatAFrozenTrainerOnlyTested() {
        Ledger ledger = new Ledger();
        ledger.logged(new Coordinate(0, 4), true);
        ledger.marker(marker(1, 1, 1, 1, 4, false));
        ledger.loggedOther();
        ledger.logged(new Coordinate(0, 5), true);
        ledger.logged(new Coordinate(0, 6), false);
        ledger.logged(new Coordinate(0, 7), true);

        ledger.marker(marker(2, 5, 4, 1, 7, true));

        assertThat(ledger.trained()).as("the first, and one that says nothing").isEqualTo(2);
        assertThat(ledger.balance().trained()).isEqualTo(2);
        assertThat(ledger.balance().violations())
                .filteredOn(violation -> violation.topic().equals(Topics.MODEL))
                .singleElement()
                .hasToString(
                        "miscounted in model: 2 positive events were tested and not learned from: learning was frozen,"
                                + " or there was no room for their items");

        ledger.loggedOther();
        ledger.logged(new Coordinate(0, 8), true);
        ledger.marker(marker(3, 7, 5, 2, 8, false));

        assertThat(ledger.trained()).as("what was passed over stays so").isEqualTo(3);
        assertThat(ledger.balance().count(Violation.Kind.MISCOUNTED)).isEqualTo(1);
    }

    @Test
    void shouldSettleThoughAFrozenTrainerLearnsNothing() {
        Ledger ledger = new Ledger();
        Coordinate coordinate = new Coordinate(0, 1);
        ledger.interaction(coordinate);
        ledger.enriched(0, event(coordinate, "u", "i"), 0);
        ledger.logged(coordinate, true);
        ledger.evaluated(0, new Evaluation("u", "i", coordinate, 0, Evaluation.Outcome.NOT_SAMPLED, 0, 0, 0, 0, 0));
        ledger.recommended(list("u", 1, false, 1, "i"), 1);

        ledger.marker(marker(1, 1, 1, 0, 1, true));

        assertThat(ledger.settled()).as("nothing is under way").isTrue();
        assertThat(ledger.trained()).isZero();
        assertThat(ledger.balance().balanced()).isFalse();
    }

    @Test
    void shouldCountAsTrainedWhatHasNothingToLearnFrom() {
        Ledger ledger = new Ledger();
        ledger.logged(new Coordinate(0, 4), true);
        ledger.logged(new Coordinate(0, 5), false);

        ledger.marker(marker(1, 2, 2, 1, 5, false));

        assertThat(ledger.trained()).isEqualTo(2);
        assertThat(ledger.balance().count(Violation.Kind.MISCOUNTED)).isZero();
    }

    @Test
    void shouldNoticeVersionThatHasLearnedFromMoreThanTheLogHolds() {
        Ledger ledger = new Ledger();
        ledger.logged(new Coordinate(0, 4), true);

        ledger.marker(marker(1, 1, 1, 2, 4, false));

        assertThat(ledger.balance().violations())
                .anySatisfy(violation -> assertThat(violation.detail())
                        .isEqualTo(
                                "version 1 has learned from 2 positive events, and the first 1 records of training-log have"
                                        + " 1"));
        assertThat(ledger.trained()).isEqualTo(1);
    }

    @Test
    void shouldCompareEventsOnlyWithListsThatCouldForeseeThem() {
        Ledger ledger = new Ledger();

        // No list yet.
        ledger.enriched(0, event(new Coordinate(0, 1), "u", "a"), 0);
        ledger.recommended(list("u", 1, false, -1, "b", "c"), 40);
        // Foreseen by the list of event 1.
        ledger.enriched(0, event(new Coordinate(0, 2), "u", "c"), 0);
        ledger.recommended(list("u", 2, false, 3, "d"), 40);
        // The model of the list of event 2 had learned from event 3 already.
        ledger.enriched(0, event(new Coordinate(0, 3), "u", "d"), 0);
        ledger.recommended(list("u", 3, false, 3, "x"), 40);
        // An answer to a request is the last list then, and does not have the item.
        ledger.recommended(list("u", 77, true, 3, "y"), 40);
        ledger.enriched(0, event(new Coordinate(0, 4), "u", "x"), 0);
        // Not foreseeable.
        ledger.enriched(0, new EventHead(new Coordinate(0, 5), "u", "x", Feedback.POSITIVE, true, true), 0);
        ledger.enriched(0, new EventHead(new Coordinate(0, 6), "u", "n", Feedback.POSITIVE, false, false), 0);
        ledger.enriched(0, new EventHead(new Coordinate(0, 7), "u", "m", Feedback.NEGATIVE, true, false), 0);
        ledger.recommended(list("u", 7, false, 6, "z"), 90);

        assertThat(ledger.served()).isEqualTo(new ServedAccuracy(1.0 / 2, 2, 1, 1, 3));
        assertThat(ledger.served().excluded()).isEqualTo(5);
        assertThat(ledger.requested()).isEqualTo(1);
        assertThat(ledger.covered()).isEqualTo(7);
        assertThat(ledger.latency().quantile(.5)).isEqualTo(90);
        assertThat(ledger.latency().quantile(3.0 / 7)).isEqualTo(40);
    }

    @Test
    void shouldTellLatencyWithAndWithoutTheWarmUp() {
        Ledger ledger = new Ledger();
        long warm = 1_000 + Ledger.WARM_UP.toMillis();

        ledger.enriched(0, event(new Coordinate(0, 0), "u", "a"), 1_000);
        ledger.recommended(list("u", 0, false, -1, "b"), 1_900);
        ledger.enriched(0, event(new Coordinate(0, 1), "u", "b"), warm - 1);
        ledger.recommended(list("u", 1, false, -1, "c"), warm + 499);
        ledger.enriched(0, event(new Coordinate(0, 2), "u", "c"), warm);
        ledger.recommended(list("u", 2, false, -1, "d"), warm + 40);

        assertThat(ledger.latency().count()).isEqualTo(3);
        assertThat(ledger.latency().quantile(1)).isEqualTo(900);
        assertThat(ledger.warmLatency().count()).isEqualTo(1);
        assertThat(ledger.warmLatency().quantile(1)).isEqualTo(40);
    }

    @Test
    void shouldCoverUsersWhoseEventsCameThroughSeveralPartitions() {
        Ledger ledger = new Ledger();

        ledger.enriched(1, event(new Coordinate(0, 5), "u", "a"), 0);
        ledger.enriched(1, event(new Coordinate(1, 2), "u", "b"), 0);
        ledger.recommended(
                new UserList("u", new Coordinate(1, 2), false, PartitionOffsets.NONE, HashedItems.of(List.of())), 1);

        assertThat(ledger.covered()).isEqualTo(2);
    }

    @Test
    void shouldNotAskForListsOfForgottenUsers() {
        Ledger ledger = new Ledger();
        Coordinate coordinate = new Coordinate(0, 1);
        ledger.interaction(coordinate);
        ledger.enriched(0, event(coordinate, "u", "i"), 0);
        ledger.logged(coordinate, true);
        ledger.marker(marker(1, 1, 1, 1));
        ledger.evaluated(0, new Evaluation("u", "i", coordinate, 0, Evaluation.Outcome.NOT_POSITIVE, 0, 0, 0, 0, 0));

        ledger.forgotten("u");
        assertThat(ledger.settled())
                .as("what came before the tombstone is not known yet")
                .isFalse();
        ledger.cleared("u");

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.balance().balanced()).isTrue();
        assertThat(ledger.balance().forgotten()).isEqualTo(1);
        assertThat(ledger.balance().covered()).isZero();
    }

    @Test
    void shouldPairTombstonesWhicheverTopicIsAhead() {
        Ledger listsAhead = new Ledger();
        listsAhead.recommended(list("u", 1, false, -1, "a"), 1);
        listsAhead.forgotten("u");
        listsAhead.recommended(list("u", 4, false, -1, "b"), 1);
        for (int offset : new int[] {1, 2}) {
            listsAhead.enriched(0, event(new Coordinate(0, offset), "u", "i"), 0);
        }
        listsAhead.cleared("u");
        for (int offset : new int[] {3, 4}) {
            listsAhead.enriched(0, event(new Coordinate(0, offset), "u", "i"), 0);
        }
        Ledger eventsAhead = new Ledger();
        for (int offset : new int[] {1, 2}) {
            eventsAhead.enriched(0, event(new Coordinate(0, offset), "u", "i"), 0);
        }
        eventsAhead.cleared("u");
        for (int offset : new int[] {3, 4}) {
            eventsAhead.enriched(0, event(new Coordinate(0, offset), "u", "i"), 0);
        }
        eventsAhead.recommended(list("u", 1, false, -1, "a"), 1);
        eventsAhead.forgotten("u");
        eventsAhead.recommended(list("u", 4, false, -1, "b"), 1);

        for (Ledger ledger : List.of(listsAhead, eventsAhead)) {
            assertThat(ledger.balance().covered())
                    .as("1, and 3 and 4 of the user who came back")
                    .isEqualTo(3);
            assertThat(ledger.balance().forgotten()).as("2").isEqualTo(1);
            assertThat(ledger.balance().violations().stream()
                            .filter(violation -> violation.topic().equals(Topics.RECOMMENDATIONS)))
                    .isEmpty();
        }
    }

    @Test
    void shouldMissATombstoneThatOneTopicLacks() {
        Ledger missing = new Ledger();
        missing.cleared("u");
        Ledger unexpected = new Ledger();
        unexpected.forgotten("u");

        assertThat(missing.balance().violations())
                .extracting(Violation::kind, Violation::detail)
                .containsExactly(tuple(Violation.Kind.MISSING, "no tombstone of u, which enriched-interactions has"));
        assertThat(unexpected.balance().violations())
                .extracting(Violation::kind, Violation::detail)
                .containsExactly(
                        tuple(Violation.Kind.UNEXPECTED, "a tombstone of u that enriched-interactions does not have"));
    }

    @Test
    void shouldAccountForAMillionUsers() {
        Ledger ledger = new Ledger();
        int users = 1_000_000;

        for (int i = 0; i < users; i++) {
            Coordinate coordinate = new Coordinate(i & 3, i >> 2);
            String user = "u" + i;
            ledger.interaction(coordinate);
            ledger.enriched(coordinate.partition(), event(coordinate, user, "i"), 0);
            ledger.logged(coordinate, true);
            ledger.evaluated(
                    coordinate.partition(),
                    new Evaluation(user, "i", coordinate, i, Evaluation.Outcome.NOT_SAMPLED, 0, 0, 0, 0, 0));
            ledger.recommended(
                    new UserList(user, coordinate, false, PartitionOffsets.NONE, HashedItems.of(List.of("a", "b"))), 9);
            if ((i + 1) % 10_000 == 0) {
                TreeMap<Integer, Long> through = new TreeMap<>();
                for (int partition = 0; partition < 4; partition++) {
                    through.put(partition, (long) i >> 2);
                }
                ledger.marker(new ModelRow.Marker(
                        i + 1, i + 1, i + 1, 0, i + 1, 1, 1, through, 0, 30, 2, false, "online", "abc", "java"));
            }
        }

        assertThat(ledger.settled()).isTrue();
        assertThat(ledger.balance().violations()).isEmpty();
        assertThat(ledger.balance().covered()).isEqualTo(users);
    }

    @Test
    void shouldCountAnUnreadableRecordAsViolation() {
        Ledger ledger = new Ledger();

        ledger.unreadable(Topics.MODEL, 0, 12, "version 9 found");

        assertThat(ledger.balance().violations())
                .singleElement()
                .hasToString("unreadable in model: partition 0, offset 12: version 9 found");
    }

    private static EventHead event(Coordinate coordinate, String user, String item) {
        return new EventHead(coordinate, user, item, Feedback.POSITIVE, true, false);
    }

    private static UserList list(String user, long cause, boolean request, long trainedThrough, String... items) {
        return new UserList(
                user,
                new Coordinate(0, cause),
                request,
                trainedThrough < 0 ? PartitionOffsets.NONE : PartitionOffsets.NONE.with(0, trainedThrough),
                HashedItems.of(List.of(items)));
    }

    private static ModelRow.Marker marker(long version, long records, long events, long through) {
        return marker(version, records, events, events, through, false);
    }

    private static ModelRow.Marker marker(
            long version, long records, long events, long positives, long through, boolean frozen) {
        TreeMap<Integer, Long> trainedThrough = new TreeMap<>();
        trainedThrough.put(0, through);
        return new ModelRow.Marker(
                version,
                records,
                events,
                0,
                positives,
                1,
                1,
                trainedThrough,
                0,
                30,
                2,
                frozen,
                "online",
                "abc",
                "java");
    }
}
