package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.Metric;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;

class AblationTest {
    @Test
    void shouldDifferFromThePresetInOneThingEach() {
        List<Method> methods = Ablation.methods();

        Map<String, Object> preset = methods.get(0).settings();
        assertThat(methods.get(0).name()).isEqualTo(Methods.DAN);
        Set<Map<String, Object>> all = new HashSet<>();
        for (Method method : methods.subList(1, methods.size())) {
            Map<String, Object> changed = new TreeMap<>(method.settings());
            changed.entrySet().removeAll(preset.entrySet());
            assertThat(all.add(method.settings())).as(method.name()).isTrue();
            // A tower and its way of re-ranking go together, as do a mini-batch and its replay.
            Set<String> missing = new HashSet<>(preset.keySet());
            missing.removeAll(method.settings().keySet());
            assertThat(changed.size() + missing.size()).as(method.name()).isBetween(1, 2);
            // Counts and the rate at which the mix moves are settings of one part, and change one at a time.
            Map<String, Object> counts = new TreeMap<>(parts(method.settings(), "pairs"));
            counts.entrySet().removeAll(parts(preset, "pairs").entrySet());
            assertThat(counts.size()).as(method.name()).isEqualTo(changed.containsKey("pairs") ? 1 : 0);
        }
        assertThat(all).doesNotContain(preset);
    }

    private static Map<String, Object> parts(Map<String, Object> settings, String part) {
        Map<String, Object> parts = new TreeMap<>();
        ((Map<?, ?>) settings.get(part)).forEach((name, value) -> parts.put((String) name, value));
        return parts;
    }

    @Test
    void shouldMuteTheCountsWhereItGoesWithoutThem() {
        InteractionLog log = new InteractionLog(
                SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(60, 120, 1_500)), 1_500);
        Method muted = Ablation.methods().stream()
                .filter(method -> method.name().equals("without pair counts"))
                .findFirst()
                .orElseThrow();
        // What the counts' weight is at the start is the same where they say nothing.
        ModelSettings online = Presets.online();
        ModelSettings.Pairs pairs = Objects.requireNonNull(online.pairs());
        Method heavy = Methods.dan(
                "heavier",
                online.toBuilder()
                        .pairs(new ModelSettings.Pairs(
                                pairs.window(),
                                pairs.scanned(),
                                pairs.decay(),
                                Float.MIN_NORMAL,
                                pairs.backward(),
                                pairs.maxSuccessors(),
                                pairs.publishedSuccessors(),
                                10 * pairs.initialWeight(),
                                pairs.mixingRate()))
                        .build());

        assertThat(gains(muted, log))
                .isEqualTo(gains(heavy, log))
                .isNotEqualTo(gains(Ablation.methods().get(0), log));
    }

    @Test
    void shouldRunEveryMethod() {
        InteractionLog log = new InteractionLog(
                SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(20, 40, 60)), 60);
        List<Method> methods = new ArrayList<>(Ablation.methods());
        methods.addAll(Ablation.towers());

        assertThat(methods)
                .extracting(Method::name)
                .contains("without session·genre", "one step, tower", "one step, no tower");
        for (Method method : methods) {
            assertThat(gains(method, log)).as(method.name()).isNotEmpty();
        }
    }

    @Test
    void shouldKeepTheFormsOfThePresetWhereTheSchemaHasTheirCombinations() {
        List<Method> methods = new ArrayList<>(Ablation.methods());
        methods.addAll(Ablation.towers());
        Object forms = parts(methods.get(0).settings(), "join").get("forms");

        assertThat(forms).asString().contains("session·genre");
        for (Method method : methods) {
            Map<String, Object> join = parts(method.settings(), "join");
            if (method.name().equals("without session·genre")) {
                assertThat(join.get("forms")).asString().doesNotContain("session·genre");
            } else {
                assertThat(join.get("forms")).as(method.name()).isEqualTo(forms);
            }
        }
    }

    private static double[] gains(Method method, InteractionLog log) {
        return Judge.prequential(method, log, 1).accuracy().all().sums(Metric.NDCG, 10);
    }

    @Test
    void shouldCompareTowersWithTheAssociationAlone() {
        List<Method> methods = Ablation.towers();

        assertThat(methods.get(0).name()).isEqualTo(Methods.ASSOCIATION);
        assertThat(methods.get(0).settings()).doesNotContainKey("tower");
        assertThat(methods.stream().map(Method::settings)).doesNotHaveDuplicates();
        Map<String, Object> preset = methods.get(1).settings();
        for (Method method : methods.subList(2, methods.size())) {
            boolean bare = method.name().endsWith("no tower");
            Map<String, Object> whole = bare ? methods.get(0).settings() : preset;
            Map<String, Object> changed = new TreeMap<>(method.settings());
            changed.entrySet().removeAll(whole.entrySet());
            // A step that moves everything has the optimiser that goes with it, and a tower that scores everything.
            boolean together = changed.keySet().removeAll(Set.of("schedule", "optimiser"));
            assertThat(together).as(method.name()).isEqualTo(method.name().startsWith("one step"));
            Set<String> missing = new HashSet<>(whole.keySet());
            missing.removeAll(method.settings().keySet());
            assertThat(missing).as(method.name()).isEqualTo(together && !bare ? Set.of("rerank") : Set.of());
            // A category that is added comes with its combination.
            if (changed.containsKey("combinations")) {
                changed.remove("categories");
            }
            assertThat(changed.keySet()).as(method.name()).hasSizeBetween(together ? 0 : 1, 1);
        }
    }

    @Test
    void shouldGiveThePapersFormOtherWeightsAndThenOneThingMoreEach() {
        List<Method> methods = Ablation.paper();

        assertThat(methods.get(0).name()).isEqualTo("dan-paper-online");
        Map<String, Object> scaled = methods.get(1).settings();
        assertThat(changed(methods.get(1), methods.get(0).settings())).containsOnlyKeys("tower");
        assertThat(parts(scaled, "tower")).containsEntry("initialDeviation", 0f);
        assertThat(methods.subList(2, methods.size() - 1))
                .extracting(method -> changed(method, scaled).keySet())
                .containsExactly(Set.of("batch", "replay"), Set.of("loss", "negatives", "pool"), Set.of("tower"));
        assertThat(parts(methods.get(4).settings(), "tower"))
                .containsEntry("hidden", List.of())
                .containsEntry("initialDeviation", 0f);
        assertThat(methods.get(methods.size() - 1).name()).isEqualTo("popularity-decayed");
    }

    private static Map<String, Object> changed(Method method, Map<String, Object> whole) {
        Map<String, Object> changed = new TreeMap<>(method.settings());
        changed.entrySet().removeAll(whole.entrySet());
        return changed;
    }

    @Test
    void shouldTellTheDifferencesWithIntervals() {
        InteractionLog log = new InteractionLog(
                SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(60, 120, 1_500)), 1_500);
        List<Method> some = List.of(
                Ablation.methods().get(0),
                Ablation.methods().stream()
                        .filter(method -> method.name().equals("without replay"))
                        .findFirst()
                        .orElseThrow());

        List<MethodResult> results = new Comparison(log, List.of(1L), 2, (done, total, what) -> {}).prequential(some);
        ComparisonReport report = new ComparisonReport(log, "ablation", results, Environment.current(2));

        assertThat(report.differenceTable()).hasSize(2);
        assertThat(report.differenceTable().get(1)).matches("without replay +([+-]\\.?[0-9.]+ to [+-][0-9.]+ *){4}");
        assertThat(results.get(0).average(MethodResult.ALL).mean(Metric.HR, 10))
                .isNotEqualTo(results.get(1).average(MethodResult.ALL).mean(Metric.HR, 10));
    }
}
