package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.Evaluation.Outcome;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Rejection;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineMetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int SCRAPE_LIMIT = 60_000;

    private final PipelineMetrics metrics = new PipelineMetrics(Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void shouldCountInputByTopicAndReason() {
        metrics.features().accepted(Topics.INTERACTIONS);
        metrics.features().accepted(Topics.INTERACTIONS);
        metrics.features().rejected(Topics.ITEMS, Rejection.Reason.KEY_MISMATCH);
        metrics.scorer().rejected(Topics.RECOMMENDATION_REQUESTS, Rejection.Reason.EMPTY);

        Map<String, Double> scraped = scrape();

        assertThat(scraped)
                .containsEntry("eridanus_input_accepted_records_total{topic=\"interactions\"}", 2.0)
                .containsEntry("eridanus_input_accepted_records_total{topic=\"users\"}", 0.0)
                .containsEntry("eridanus_input_rejected_records_total{reason=\"key-mismatch\",topic=\"items\"}", 1.0)
                .containsEntry("eridanus_input_rejected_records_total{reason=\"malformed\",topic=\"items\"}", 0.0)
                .containsEntry(
                        "eridanus_input_rejected_records_total{reason=\"empty\",topic=\"recommendation-requests\"}",
                        1.0);
    }

    @Test
    void shouldShowAccuracyOfModelBesideControlLines() {
        metrics.trainer().evaluated(ranked(3, 2, 40, 11));
        metrics.trainer().evaluated(ranked(30, 12, 1, 1));
        metrics.trainer().evaluated(evaluation(Outcome.REPEAT, 30, 0, 0, 0));

        Map<String, Double> scraped = scrape();

        assertThat(scraped)
                .containsEntry("eridanus_evaluation_events_total{outcome=\"ranked\"}", 2.0)
                .containsEntry("eridanus_evaluation_events_total{outcome=\"repeat\"}", 1.0)
                .containsEntry("eridanus_evaluation_candidates{}", 100.0)
                .containsEntry("eridanus_prequential_events_total{line=\"model\",users=\"cold\"}", 1.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"model\",users=\"cold\"}", 1.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"model\",users=\"warm\"}", 0.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"popularity\",users=\"warm\"}", 1.0)
                .containsEntry("eridanus_prequential_hr10{line=\"sequential-rules\",users=\"cold\"}", 0.0)
                .containsEntry("eridanus_prequential_mrr{line=\"popularity\",users=\"warm\"}", 1.0);
        assertThat(scraped.get("eridanus_prequential_ndcg_total{line=\"model\",users=\"cold\"}"))
                .isEqualTo(Math.log(2) / Math.log(3), within(1e-9));
        assertThat(scraped.get("eridanus_prequential_hr10{line=\"model\",users=\"all\"}"))
                .isEqualTo(0.5, within(1e-3));
    }

    @Test
    void shouldShowTraining() {
        metrics.trainer().learned(16, 2.5, 3_000_000);
        metrics.trainer().learned(16, 2.5, 1_000_000);
        metrics.trainer().published(marker(7, NOW.toEpochMilli() - 1_500, 40, 3, false));
        metrics.trainer().published(marker(8, NOW.toEpochMilli() - 250, 10, 1, true));
        metrics.trainer().dropped(5);
        metrics.trainer().refusedItems(2);

        assertThat(scrape())
                .containsEntry("eridanus_training_events_total{}", 32.0)
                .containsEntry("eridanus_training_batch_time_seconds_count{}", 2.0)
                .containsEntry("eridanus_training_batch_time_seconds_sum{}", 0.004)
                .hasEntrySatisfying(
                        "eridanus_training_loss{}", loss -> assertThat(loss).isEqualTo(2.5, within(1e-9)))
                .containsEntry("eridanus_training_versions_total{}", 2.0)
                .containsEntry("eridanus_training_version{}", 8.0)
                .containsEntry("eridanus_training_rows_total{kind=\"embedding\"}", 50.0)
                .containsEntry("eridanus_training_rows_total{kind=\"pairs\"}", 4.0)
                .containsEntry("eridanus_training_lag_seconds{}", 0.25)
                .containsEntry("eridanus_training_frozen{}", 1.0)
                .containsEntry("eridanus_training_settings{hash=\"abc\",kernel=\"Haswell\",preset=\"online\"}", 1.0)
                .containsEntry("eridanus_training_dropped_events_total{}", 5.0)
                .containsEntry("eridanus_training_refused_items_total{}", 2.0);
    }

    @Test
    void shouldShowServing() {
        metrics.scorer().scored(150_000);
        metrics.scorer().scored(3_000_000);
        metrics.scorer().freshness(320);
        metrics.scorer().recommended(ScorerMonitor.Cause.EVENT);
        metrics.scorer().fallback(Fallback.NO_HISTORY);
        metrics.scorer().coalesced(3);
        metrics.scorer().filtered(ScorerMonitor.Filter.CONSUMED, 12);
        metrics.scorer().served(4);
        metrics.scorer().served(0);
        metrics.scorer().served(11);
        metrics.scorer().servedExcluded();
        metrics.scorer().versionLoaded(marker(9, 1, 1, 1, false), 800);
        metrics.scorer().rowsSkipped(ScorerMonitor.Skip.UNFIT, 2);
        metrics.scorer().versionRefused("another preset");
        metrics.scorer().seenDropped(6);

        assertThat(scrape())
                .containsEntry("eridanus_scoring_time_seconds_count{}", 2.0)
                .containsEntry("eridanus_scoring_time_seconds_bucket{le=\"2.0E-4\"}", 1.0)
                .containsEntry("eridanus_scoring_time_seconds_bucket{le=\"0.005\"}", 2.0)
                .containsEntry("eridanus_freshness_seconds_bucket{le=\"0.3\"}", 0.0)
                .containsEntry("eridanus_freshness_seconds_bucket{le=\"0.4\"}", 1.0)
                .containsEntry("eridanus_recommendations_lists_total{cause=\"event\"}", 1.0)
                .containsEntry("eridanus_recommendations_lists_total{cause=\"request\"}", 0.0)
                .containsEntry("eridanus_recommendations_fallback_lists_total{reason=\"no-history\"}", 1.0)
                .containsEntry("eridanus_recommendations_coalesced_refreshes_total{}", 3.0)
                .containsEntry("eridanus_recommendations_filtered_items_total{kind=\"consumed\"}", 12.0)
                .containsEntry("eridanus_served_events_total{}", 3.0)
                .containsEntry("eridanus_served_hits_total{}", 1.0)
                .containsEntry("eridanus_served_excluded_events_total{}", 1.0)
                .containsEntry("eridanus_model_version{}", 9.0)
                .containsEntry("eridanus_model_age_seconds{}", 0.8)
                .containsEntry("eridanus_model_skipped_rows_total{reason=\"unfit\"}", 2.0)
                .containsEntry("eridanus_model_refused_versions_total{}", 1.0);
    }

    @Test
    void shouldDescribeEveryMeterAndNameItByTheRules() {
        List<Meter.Id> ids = metrics.registry().getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("eridanus."))
                .toList();

        assertThat(ids).hasSizeGreaterThan(50).allSatisfy(id -> {
            assertThat(id.getName()).matches("[a-z0-9]+(\\.[a-z0-9]+)+");
            assertThat(id.getDescription()).isNotBlank();
        });
    }

    @Test
    void shouldKeepOneScrapeSmall() {
        String text = metrics.registry().scrape();

        assertThat(text).contains("jvm_memory_used_bytes", "process_cpu_usage");
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(SCRAPE_LIMIT / 2);
    }

    @Test
    void shouldLetOnlyListedMetersOfKafkaPass() {
        MeterRegistry registry = metrics.registry();
        registry.gauge("kafka.stream.thread.commit.rate", 3);
        registry.gauge("kafka.consumer.fetch.manager.records.lag", 3);

        assertThat(registry.find("kafka.stream.thread.commit.rate").gauge()).isNotNull();
        assertThat(registry.find("kafka.consumer.fetch.manager.records.lag").gauge())
                .isNull();
    }

    @Test
    void shouldKnowTheMemoryOfTheProcess() {
        ProcessMemory memory = new ProcessMemory();

        if (System.getProperty("os.name").equals("Linux")) {
            assertThat(memory.residentBytes()).isPresent();
            assertThat(memory.residentBytes().getAsLong())
                    .isBetween(30L << 20, memory.peakBytes().getAsLong());
        } else {
            assertThat(memory.residentBytes()).isEmpty();
        }
    }

    /** Every sample as {@code name{labels}}, labels in the order of their names. */
    private Map<String, Double> scrape() {
        return metrics.registry()
                .scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> {
                            String series = line.substring(0, line.lastIndexOf(' '));
                            return series.endsWith("}") ? series : series + "{}";
                        },
                        line -> Double.parseDouble(
                                line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity")),
                        (a, b) -> a,
                        TreeMap::new));
    }

    private static ModelRow.Marker marker(long version, long newest, int rows, int pairRows, boolean frozen) {
        return new ModelRow.Marker(
                version,
                1,
                1,
                0,
                1,
                1,
                new TreeMap<>(Map.of(0, 1L)),
                newest,
                rows,
                pairRows,
                frozen,
                "online",
                "abc",
                "Haswell");
    }

    private static Evaluation ranked(int consumed, int model, int popularity, int rules) {
        return evaluation(Outcome.RANKED, consumed, model, popularity, rules);
    }

    private static Evaluation evaluation(Outcome outcome, int consumed, int model, int popularity, int rules) {
        return new Evaluation("ann", "dune", new Coordinate(0, 0), 0, outcome, 100, consumed, model, popularity, rules);
    }
}
