package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTextTest {
    @Test
    void shouldTellWhatCameOfIt() {
        List<String> lines = SummaryText.lines(Summaries.balanced());

        assertThat(String.join("\n", lines)).isEqualTo("""
                Prequential accuracy: each event ranked against the catalogue, then learned from
                                         Eridanus  popularity      rules     events
                  HR@10 all                0.2234      0.1734     0.1234    100,000
                  NDCG@10 all              0.1117      0.0867     0.0617    100,000
                  HR@10 last half          0.2334      0.1834     0.1334     50,000
                  NDCG@10 last half        0.1117      0.0867     0.0617     50,000
                  HR@10 cold users              -           -          -          0
                  NDCG@10 cold users            -           -          -          0

                Served HR@10  0.1987 over 90,000 events;
                              not counted: 943 without list, 9,000 known to their list, 57 other
                Throughput    100,000 events in 20.5 s: 4,878 events/s; 98,766 lists
                Latency       p50 61 ms, p99 148 ms from event to readable list
                              p50 52 ms, p99 97 ms without the first 10 s
                Freshness     p50 180 ms, p99 - ms from event to a served model that knows it
                              p50 170 ms, p99 390 ms without the first 10 s
                Rows written  71.3 embedding rows and 1.50 pair-count rows an event
                Model         version 812, preset online (584534b12a4202c7)
                Peak memory   934 MB
                First list    9.5 s after the start
                Accounting    balanced
                  100,002 read = 100,000 enriched + 2 refused;
                  100,000 trained on, 100,000 evaluated,
                  100,000 covered by a list (1,234 together with a later one)""");
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void shouldShowTheFirstViolationsAndCountTheOthers() {
        List<String> lines = SummaryText.accounting(Summaries.unbalanced().balance());

        assertThat(lines).first().asString().contains("NOT BALANCED");
        assertThat(lines)
                .contains("  missing in training-log, 3:1807: is in enriched-interactions and did not arrive")
                .last()
                .isEqualTo("  and 2 more");
    }
}
