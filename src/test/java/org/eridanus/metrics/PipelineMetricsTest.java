package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.Evaluation.Outcome;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Rejection;
import org.eridanus.model.Generation;
import org.eridanus.model.LearningGuard;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineMetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

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
        metrics.trainer().evaluated(ranked(3, 2, 40, 11), 0);
        metrics.trainer().evaluated(ranked(30, 12, 1, 1), 0);
        metrics.trainer().evaluated(evaluation(Outcome.REPEAT, 30, 0, 0, 0), 0);

        Map<String, Double> scraped = scrape();

        assertThat(scraped)
                .containsEntry("eridanus_evaluation_events_total{outcome=\"ranked\"}", 2.0)
                .containsEntry("eridanus_evaluation_events_total{outcome=\"repeat\"}", 1.0)
                .containsEntry("eridanus_evaluation_candidates{}", 100.0)
                .containsEntry("eridanus_prequential_events_total{users=\"cold\"}", 1.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"model\",users=\"cold\"}", 1.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"model\",users=\"warm\"}", 0.0)
                .containsEntry("eridanus_prequential_hits_total{line=\"popularity\",users=\"warm\"}", 1.0)
                .containsEntry(
                        "eridanus_prequential_hr10{line=\"sequential-rules\",over=\"fading\",users=\"cold\"}", 0.0)
                .containsEntry("eridanus_prequential_mrr{line=\"popularity\",over=\"window\",users=\"warm\"}", 1.0);
        assertThat(scraped.get("eridanus_prequential_ndcg_total{line=\"model\",users=\"cold\"}"))
                .isEqualTo(Math.log(2) / Math.log(3), within(1e-9));
        assertThat(scraped.get("eridanus_prequential_hr10{line=\"model\",over=\"fading\",users=\"all\"}"))
                .isEqualTo(0.5, within(1e-3));
    }

    @Test
    void shouldShowTheGainOverControlLinesWithItsInterval() {
        for (int i = 0; i < 2_000; i++) {
            // Ahead of popularity in every second event; the rules do as well as the model.
            int model = i % 2 == 0 ? 1 : 50;
            metrics.trainer().evaluated(ranked(30, model, 50, model), 0);
        }

        assertThat(scrape())
                .containsEntry("eridanus_prequential_gain{line=\"popularity\",measure=\"hr10\",users=\"all\"}", 0.5)
                .containsEntry(
                        "eridanus_prequential_gain_lower{line=\"popularity\",measure=\"hr10\",users=\"warm\"}", 0.5)
                .containsEntry(
                        "eridanus_prequential_gain_upper{line=\"sequential-rules\",measure=\"mrr\",users=\"all\"}", 0.0)
                .containsEntry(
                        "eridanus_prequential_gain_lower{line=\"popularity\",measure=\"hr10\",users=\"cold\"}",
                        Double.NaN);
    }

    @Test
    void shouldShowHowOldEventsAreWhenTheyAreLearned() {
        metrics.trainer().evaluated(ranked(3, 1, 1, 1), NOW.toEpochMilli() - 1_200);
        metrics.trainer().evaluated(ranked(3, 1, 1, 1), NOW.toEpochMilli() - 40);
        metrics.trainer().published(marker(1, NOW.toEpochMilli() - 40, 1, 1, false));
        metrics.trainer().evaluated(ranked(3, 1, 1, 1), NOW.toEpochMilli() - 40);
        metrics.trainer().published(marker(2, NOW.toEpochMilli() - 40, 1, 1, true));

        assertThat(scrape())
                .as("a frozen version has learned nothing")
                .containsEntry("eridanus_freshness_seconds_count{stage=\"trained\"}", 2.0)
                .containsEntry("eridanus_freshness_seconds_bucket{stage=\"trained\",le=\"0.05\"}", 1.0)
                .containsEntry("eridanus_freshness_seconds_bucket{stage=\"trained\",le=\"1.5\"}", 2.0);
    }

    @Test
    void shouldShowNothingOfATrainerThatWentToAnotherInstance() {
        for (int i = 0; i < 2_000; i++) {
            metrics.trainer().evaluated(ranked(30, 1, 50, 50), NOW.toEpochMilli());
        }
        metrics.trainer().learned(16, 2.5, 0.5, 3_000_000);
        metrics.trainer().published(marker(7, NOW.toEpochMilli(), 40, 3, true));
        metrics.trainer().evaluated(ranked(30, 1, 50, 50), NOW.toEpochMilli());
        List<String> gauges = List.of(
                "eridanus_evaluation_candidates{}",
                "eridanus_training_loss{}",
                "eridanus_training_gradient_norm{}",
                "eridanus_training_version{}",
                "eridanus_training_frozen{}",
                "eridanus_training_settings{hash=\"abc\",kernel=\"Haswell\",preset=\"online\"}",
                "eridanus_prequential_hr10{line=\"model\",over=\"window\",users=\"all\"}",
                "eridanus_prequential_mrr{line=\"popularity\",over=\"fading\",users=\"warm\"}",
                "eridanus_prequential_gain{line=\"popularity\",measure=\"hr10\",users=\"all\"}",
                "eridanus_prequential_gain_lower{line=\"popularity\",measure=\"hr10\",users=\"all\"}",
                "eridanus_prequential_gain_upper{line=\"popularity\",measure=\"hr10\",users=\"all\"}");
        Map<String, Double> before = scrape();

        metrics.trainer().closed();
        Map<String, Double> after = scrape();
        metrics.trainer().evaluated(ranked(30, 1, 50, 50), NOW.toEpochMilli());
        metrics.trainer().published(marker(8, NOW.toEpochMilli(), 40, 3, false));
        Map<String, Double> back = scrape();

        assertThat(gauges).allSatisfy(gauge -> {
            assertThat(before.get(gauge)).as(gauge).isFinite();
            assertThat(after.get(gauge)).as(gauge).isNaN();
            assertThat(back.get(gauge)).as(gauge).isFinite();
        });
        assertThat(after).containsEntry("eridanus_training_events_total{}", 16.0);
        assertThat(after.entrySet())
                .as("gauges of a trainer, all of which must be known here")
                .filteredOn(each -> each.getKey().matches("eridanus_(training|prequential|evaluation)_.*")
                        && !each.getKey().matches(".*_(total|count|sum|bucket|max)\\{.*"))
                .allSatisfy(
                        each -> assertThat(each.getValue()).as(each.getKey()).isNaN());
        assertThat(back)
                .containsEntry("eridanus_training_frozen{}", 0.0)
                .as("the event that the first trainer had not closed a version with is tested again")
                .containsEntry("eridanus_freshness_seconds_count{stage=\"trained\"}", 1.0);
    }

    @Test
    void shouldTellOfAFreezeFromTheVersionThatATrainerTakesUpOn() {
        boolean before = metrics.trainer().frozen();
        metrics.trainer().restored(marker(7, NOW.toEpochMilli(), 40, 3, true));
        boolean restored = metrics.trainer().frozen();
        Map<String, Double> scraped = scrape();
        metrics.trainer().closed();

        assertThat(before).isFalse();
        assertThat(restored).isTrue();
        assertThat(scraped)
                .containsEntry("eridanus_training_frozen{}", 1.0)
                .containsEntry("eridanus_training_version{}", 7.0)
                .as("a version that was closed before")
                .containsEntry("eridanus_training_versions_total{}", 0.0);
        assertThat(metrics.trainer().frozen()).isFalse();
    }

    @Test
    void shouldShowTraining() {
        metrics.trainer().learned(16, 2.5, 0.5, 3_000_000);
        metrics.trainer().learned(4, 2.5, 0.5, 1_000_000);
        metrics.trainer().published(marker(7, NOW.toEpochMilli() - 1_500, 40, 3, false));
        metrics.trainer().published(marker(8, NOW.toEpochMilli() - 250, 10, 1, true));
        metrics.trainer().dropped(5);
        metrics.trainer().refusedItems(2);
        metrics.trainer().refusedSteps(LearningGuard.Reason.NON_FINITE_LOSS, 3);
        metrics.trainer().pruned(7);

        assertThat(scrape())
                .containsEntry("eridanus_training_events_total{}", 20.0)
                .containsEntry("eridanus_training_batch_events_bucket{le=\"4.0\"}", 1.0)
                .containsEntry("eridanus_training_batch_events_count{}", 2.0)
                .containsEntry("eridanus_training_batch_time_seconds_bucket{le=\"0.0025\"}", 1.0)
                .hasEntrySatisfying(
                        "eridanus_training_gradient_norm{}",
                        norm -> assertThat(norm).isEqualTo(0.5, within(1e-9)))
                .containsEntry("eridanus_training_pruned_successors_total{}", 7.0)
                .containsEntry("eridanus_training_batch_time_seconds_count{}", 2.0)
                .containsEntry("eridanus_training_batch_time_seconds_sum{}", 0.004)
                .hasEntrySatisfying(
                        "eridanus_training_loss{}", loss -> assertThat(loss).isEqualTo(2.5, within(1e-9)))
                .containsEntry("eridanus_training_versions_total{}", 2.0)
                .containsEntry("eridanus_training_version{}", 8.0)
                .containsEntry("eridanus_training_version_rows_sum{kind=\"embedding\"}", 50.0)
                .containsEntry("eridanus_training_version_rows_bucket{kind=\"embedding\",le=\"10.0\"}", 1.0)
                .containsEntry("eridanus_training_version_rows_sum{kind=\"pairs\"}", 4.0)
                .containsEntry("eridanus_training_frozen{}", 1.0)
                .containsEntry("eridanus_training_settings{hash=\"abc\",kernel=\"Haswell\",preset=\"online\"}", 1.0)
                .containsEntry("eridanus_training_dropped_events_total{}", 5.0)
                .containsEntry("eridanus_training_refused_items_total{}", 2.0)
                .containsEntry("eridanus_training_refused_steps_total{reason=\"non-finite-loss\"}", 3.0)
                .containsEntry("eridanus_training_refused_steps_total{reason=\"table-full\"}", 0.0);
    }

    @Test
    void shouldShowServing() {
        metrics.scorer().scored(150_000);
        metrics.scorer().scored(3_000_000);
        metrics.scorer().freshness(320);
        metrics.scorer().recommended(ScorerMonitor.Cause.EVENT, list("a", "b"), 120);
        metrics.scorer().recommended(ScorerMonitor.Cause.REQUEST, list("a"), 70);
        metrics.scorer().waitingSince(NOW.toEpochMilli() - 3_000);
        metrics.scorer().unmeasured(4);
        metrics.scorer().fallback(Fallback.NO_HISTORY);
        metrics.scorer().coalesced(3);
        metrics.scorer().filtered(ScorerMonitor.Filter.CONSUMED, 12);
        metrics.scorer().served(4);
        metrics.scorer().served(0);
        metrics.scorer().served(11);
        metrics.scorer().servedExcluded();
        metrics.scorer().versionLoaded(marker(9, NOW.toEpochMilli() - 800, 1, 1, false));
        metrics.scorer().rowsSkipped(ScorerMonitor.Skip.UNFIT, 2);
        metrics.scorer().versionRefused("another preset");
        metrics.scorer().seenDropped(6);

        assertThat(scrape())
                .containsEntry("eridanus_scoring_time_seconds_count{}", 2.0)
                .containsEntry("eridanus_scoring_time_seconds_bucket{le=\"2.0E-4\"}", 1.0)
                .containsEntry("eridanus_scoring_time_seconds_bucket{le=\"0.005\"}", 2.0)
                .containsEntry("eridanus_freshness_seconds_bucket{stage=\"served\",le=\"0.3\"}", 0.0)
                .containsEntry("eridanus_freshness_seconds_bucket{stage=\"served\",le=\"0.5\"}", 1.0)
                .containsEntry("eridanus_freshness_seconds_count{stage=\"listed\"}", 1.0)
                .containsEntry("eridanus_freshness_unmeasured_events_total{}", 4.0)
                .containsEntry("eridanus_model_behind_seconds{}", 3.0)
                .containsEntry("eridanus_recommendations_lists_total{cause=\"event\"}", 1.0)
                .containsEntry("eridanus_recommendations_lists_total{cause=\"request\"}", 1.0)
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
    void shouldShowTheServedModelAndWhatPartOfItIsRecommended() {
        ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
        metrics.bind(model);
        assertThat(scrape()).containsEntry("eridanus_model_rows{table=\"item\"}", 0.0);
        new TinyTrainer().announce(40).walk(10, 40, 12).publishTo(model);
        metrics.scorer().recommended(ScorerMonitor.Cause.EVENT, list("i1", "i2", "i3", "i4"), 0);
        metrics.scorer().recommended(ScorerMonitor.Cause.EVENT, list("i1", "i2", "i3", "i5"), 0);
        metrics.scorer().consumed("i5");

        metrics.refresh();

        assertThat(scrape())
                .containsEntry("eridanus_model_rows{table=\"item\"}", 40.0)
                .containsEntry("eridanus_model_candidates{}", 40.0)
                .containsEntry("eridanus_recommendations_coverage_ratio{}", 5.0 / 40.0)
                .containsEntry("eridanus_recommendations_popular_share_ratio{of=\"places\"}", 1.0 / 8.0)
                .containsEntry("eridanus_recommendations_popular_share_ratio{of=\"consumed\"}", 1.0);
        assertThat(scrape().get("eridanus_model_rows{table=\"pairs\"}")).isPositive();
        // At least the items' rows and the copy by dimension.
        assertThat(scrape().get("eridanus_model_bytes{}"))
                .isGreaterThan(2.0 * 40 * (2 * TinyTrainer.SETTINGS.dimension() + 1) * Float.BYTES);
    }

    @Test
    void shouldExportOnlyTheRolesThatRunHere() {
        PipelineSettings.Monitors monitors = metrics.monitors(Set.of(Role.FEATURES));

        assertThat(monitors.scorer()).isSameAs(ScorerMonitor.NONE);
        assertThat(metrics.registry().scrape())
                .contains("eridanus_features_ticks_total")
                .doesNotContain("eridanus_training", "eridanus_scoring", "stage=\"served\"");
    }

    @Test
    void shouldExportNothingThatTheTableDoesNotName() {
        MeterRegistry registry = metrics.registry();
        registry.gauge("kafka.stream.thread.process.ratio", Tags.of("role", "scorer", "thread.id", "t"), 3);
        registry.gauge("kafka.consumer.fetch.manager.records.lag", 3);
        metrics.monitors(Set.of(Role.values()));

        assertThat(registry.find("kafka.consumer.fetch.manager.records.lag").gauge())
                .isNull();
        assertThat(registry.get("kafka.stream.thread.process.ratio")
                        .gauge()
                        .getId()
                        .getTags())
                .as("labels of the table alone")
                .containsExactly(Tag.of("role", "scorer"));
        Map<String, Metric> table =
                Stream.of(Metric.values()).collect(Collectors.toMap(Metric::meter, Function.identity()));
        assertThat(registry.getMeters()).hasSizeGreaterThan(200).allSatisfy(meter -> {
            Metric metric = table.get(meter.getId().getName());
            assertThat(metric).as(meter.getId().toString()).isNotNull();
            assertThat(meter.getId().getDescription()).isEqualTo(metric.meaning());
        });
    }

    @Test
    void shouldTellAnEventsFreshnessToWhoeverAsks() {
        List<Long> told = new ArrayList<>();
        metrics.scorer().onFreshness(told::add);

        metrics.scorer().freshness(321);

        assertThat(told).containsExactly(321L);
    }

    @Test
    void shouldKnowTheMemoryOfTheProcess() {
        ProcessMemory memory = new ProcessMemory();

        if (System.getProperty("os.name").equals("Linux")) {
            assertThat(memory.residentBytes()).isPresent();
            assertThat(memory.residentBytes().getAsLong())
                    .isBetween(30L << 20, memory.peakBytes().getAsLong());
            assertThat(memory.limitBytes().getAsLong())
                    .isGreaterThan(memory.residentBytes().getAsLong());
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

    private static Recommendation list(String... items) {
        return new Recommendation(
                Generation.FIRST,
                1,
                new TreeMap<>(),
                Stream.of(items)
                        .map(item -> new RecommendedItem(item, 1f, List.of()))
                        .toList(),
                null,
                Filtered.NONE);
    }

    private static ModelRow.Marker marker(long version, long newest, int rows, int pairRows, boolean frozen) {
        return new ModelRow.Marker(
                version,
                1,
                1,
                0,
                1,
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
