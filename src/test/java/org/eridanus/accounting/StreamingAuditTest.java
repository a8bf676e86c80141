package org.eridanus.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eridanus.accounting.TopicHistory.Fact;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class StreamingAuditTest {
    private static final long SEED = 7;
    private static final List<String> TOPICS = LedgerFeed.TOPICS;

    @Test
    void shouldBalanceHistoryThatAddsUpInEveryInterleaving() {
        TopicHistory history = TopicHistory.generate(SEED);
        Balance ledger = history.replay(0).balance();

        for (int interleaving = 0; interleaving < 200; interleaving++) {
            StreamingAudit audit = audit(history, interleaving);
            StreamingAudit.Account account = audit.account();

            assertThat(account.violations()).isEmpty();
            assertThat(account.balanced()).isTrue();
            assertThat(audit.progress().settled()).isTrue();
            assertThat(account.read()).isEqualTo(ledger.read());
            assertThat(account.enriched()).isEqualTo(ledger.enriched()).isPositive();
            assertThat(account.refused()).isEqualTo(ledger.deadLettered()).isPositive();
            assertThat(account.trained()).isEqualTo(ledger.trained());
            assertThat(account.evaluated()).isEqualTo(ledger.evaluated());
            assertThat(account.sampled())
                    .as("every user is followed")
                    .isEqualTo(ledger.covered() + ledger.forgotten())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @FieldSource("TOPICS")
    void shouldTurnRedWhenOneRecordIsLostDoubledOrOutOfOrder(String topic) {
        TopicHistory.mutate(SEED, topic, (what, history) -> {
            for (int interleaving = 0; interleaving < 5; interleaving++) {
                StreamingAudit.Account account = audit(history, interleaving).account();

                assertThat(account.balanced()).as(what).isFalse();
            }
        });
    }

    @Test
    void shouldTurnRedWhenOneEventStandsForAnother() {
        TopicHistory history = TopicHistory.generate(SEED);
        TopicHistory other = TopicHistory.generate(SEED + 1);
        List<Fact> lane = history.lanes(Topics.EVALUATIONS).get(0);
        Fact foreign = other.lanes(Topics.EVALUATIONS).get(0).get(lane.size() - 1);
        lane.set(lane.size() - 1, foreign);

        assertThat(audit(history, 0).account().violations())
                .contains("the " + history.replay(0).balance().enriched()
                        + " events that were enriched are not those evaluated");
    }

    @Test
    void shouldPassOverListsOfUsersWhoAreNotSampled() {
        TopicHistory history = TopicHistory.generate(SEED, false);
        List<Fact> lists = history.lanes(Topics.RECOMMENDATIONS).get(0);
        lists.remove(lists.size() - 1);

        StreamingAudit.Account account = audit(history, 0).account();

        assertThat(history.replay(0).balance().balanced())
                .as("the ledger sees it")
                .isFalse();
        assertThat(account.violations()).isEmpty();
        assertThat(account.sampled()).isZero();
        assertThat(account.lists()).isPositive();
    }

    private static StreamingAudit audit(TopicHistory history, long interleaving) {
        StreamingAudit audit = new StreamingAudit(TopicNames.PLAIN);
        history.replay(interleaving, record -> audit.take(record, 0));
        return audit;
    }
}
