package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.LeaveOneOut.Held;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.Protocol;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final InteractionLog SYNTHETIC = new InteractionLog(
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(40, 80, 800)), Integer.MAX_VALUE);

    private static InteractionLog log(List<String> items, String... events) {
        List<Interaction> interactions = new ArrayList<>();
        for (String event : events) {
            interactions.add(
                    new Interaction(event.substring(0, 1), event.substring(1), "view", null, interactions.size()));
        }
        return new InteractionLog(
                new Dataset(
                        "small",
                        List.of(),
                        items.stream()
                                .map(id -> new Item(id, id, Attributes.NONE))
                                .toList(),
                        interactions),
                Integer.MAX_VALUE);
    }

    /** Notes what it is shown and asked, in order, and scores nothing. */
    private static final class Spy implements ItemScorer {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void observe(int user, int item) {
            calls.add(user + ":" + item);
        }

        @Override
        public void fit() {
            calls.add("fit");
        }

        @Override
        public void score(int user, float[] scores) {
            calls.add(user + "?");
            Arrays.fill(scores, 0f);
        }
    }

    private static Method method(ItemScorer scorer) {
        return new Method("spy", true, true, Map.of(), (log, seed) -> scorer);
    }

    @Test
    void shouldRankBeforeItShowsTheEvent() {
        Spy spy = new Spy();

        Judge.prequential(method(spy), log(List.of("x", "y"), "ux", "vy", "uy"), 1);

        assertThat(spy.calls).containsExactly("0?", "0:0", "1?", "1:1", "0?", "0:1");
    }

    @Test
    void shouldHideWhatIsHeldOut() {
        Spy spy = new Spy();

        Judge.leaveOneOut(
                method(spy),
                log(List.of("x", "y", "z"), "ux", "vy", "uy", "vx", "uz"),
                Held.VALIDATION,
                List.of(Protocol.FULL),
                List.of(1L));

        // v has two events only: nothing to learn from before its validation item, so all are shown and none is ranked.
        assertThat(spy.calls).containsExactly("0:0", "1:1", "1:0", "fit", "0?");
    }

    @Test
    void shouldRankAmongAllThatTheUserHasNotConsumed() {
        // Popularity ranks: ux: 1 of x, y, z tied; vx: x leads; uy: y, z tied; vz: y leads, so z is second.
        InteractionLog log = log(List.of("x", "y", "z"), "ux", "vx", "uy", "vz");
        Method popularity = Methods.named(List.of("popularity")).get(0);
        double[] mrr = new double[2_000];
        for (int seed = 0; seed < mrr.length; seed++) {
            mrr[seed] =
                    Judge.prequential(popularity, log, seed).accuracy().all().mean(Metric.MRR, 10);
        }

        // A uniform share of ties: (1 + 1/2 + 1/3) / 3 for the first, 1, (1 + 1/2) / 2, and 1/2.
        double expected = ((1.0 + 1.0 / 2.0 + 1.0 / 3.0) / 3.0 + 1.0 + 3.0 / 4.0 + 1.0 / 2.0) / 4.0;
        assertThat(Arrays.stream(mrr).average().orElseThrow()).isCloseTo(expected, within(0.01));
    }

    @Test
    void shouldNotRankAnItemThatIsNoCandidateYetAndCountIt() {
        Judge.Prequential seenSoFar = Judge.prequential(
                Methods.named(List.of("popularity")).get(0), log(List.of(), "ux", "vx", "uy", "vy", "vz"), 1);
        Judge.Prequential listed =
                Judge.prequential(Methods.named(List.of("popularity")).get(0), log(List.of("x"), "ux", "vx", "uy"), 1);

        assertThat(seenSoFar.unranked()).isEqualTo(3);
        assertThat(seenSoFar.accuracy().all().rankings()).isEqualTo(2);
        assertThat(listed.unranked()).isEqualTo(1);
    }

    @Test
    void shouldRunEveryMethodByEveryProtocol() {
        for (Method method : Methods.all(SYNTHETIC)) {
            Map<Protocol, ?> results = Judge.leaveOneOut(
                            method, SYNTHETIC, Held.TEST, List.of(Protocol.values()), List.of(1L))
                    .scores();
            assertThat(results).as(method.name()).hasSize(3);
        }
        for (Method method : Methods.online(SYNTHETIC)) {
            assertThat(Judge.prequential(method, SYNTHETIC, 1).accuracy().all().rankings())
                    .as(method.name())
                    .isEqualTo(SYNTHETIC.size());
        }
    }

    @Test
    void shouldGiveTheSameFiguresAgain() {
        for (String name : List.of("dan-online", "bpr-mf", "ials")) {
            Method method = Methods.named(List.of(name)).get(0);
            double[] first = hits(method);
            assertThat(hits(method)).as(name).isEqualTo(first);
        }
    }

    private static double[] hits(Method method) {
        return Judge.leaveOneOut(method, SYNTHETIC, Held.TEST, List.of(Protocol.FULL), List.of(7L))
                .scores()
                .values()
                .iterator()
                .next()
                .get(0)
                .sums(Metric.NDCG, 10);
    }
}
