package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.LeaveOneOut.Held;
import org.eridanus.evaluation.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {
    private static final InteractionLog LOG = new InteractionLog(
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(30, 60, 400)), Integer.MAX_VALUE);

    private static Object setting(String method, String name) {
        return Methods.named(List.of(method)).get(0).settings().get(name);
    }

    /** Those that experiments leave out where none is named; the others run in {@link JudgeTest}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp-2-0",
                "mlp-2-1",
                "mlp-2-2",
                "mlp-2-4",
                "mlp-5-0",
                "mlp-5-1",
                "mlp-5-2",
                "mlp-5-4",
                "user-knn-30",
                "item-knn-10"
            })
    void shouldRunByName(String name) {
        List<Method> named = Methods.named(List.of(name));

        assertThat(Judge.leaveOneOut(named.get(0), LOG, Held.TEST, List.of(Protocol.FULL), List.of(1L))
                        .scores())
                .hasSize(1);
        assertThat(named.get(0).name()).isEqualTo(name);
        assertThat(Methods.all(LOG)).extracting(Method::name).doesNotContain(name);
    }

    @Test
    void shouldCompareAllThatAreNotVariantsOfDepth() {
        assertThat(Methods.all(LOG))
                .extracting(Method::name)
                .containsExactlyInAnyOrder(
                        "dan-online",
                        "dan-association",
                        "dan-paper-online",
                        "random",
                        "popularity",
                        "popularity-decayed",
                        "user-knn",
                        "item-knn",
                        "bpr-mf",
                        "ials",
                        "ease",
                        "slim",
                        "sequential-rules",
                        "sequential-rules-last",
                        "isgd",
                        "incremental-mf",
                        "item-knn-online",
                        "ease-refitted",
                        "gmf",
                        "ncf",
                        "mlp-2-3",
                        "mlp-5-3",
                        "dan",
                        "dan-outer",
                        "dan-pair-id",
                        "dan-mlp",
                        "dan-extended",
                        "dan-outer-extended",
                        "dan-pair-id-extended",
                        "dan-extended-past");
    }

    @Test
    void shouldTakeEveryPairThatTheMembershipRuleAllows() {
        assertThat(setting("dan-extended", "combinations"))
                .isEqualTo(List.of(
                        "user·item",
                        "user·genre",
                        "occupation·item",
                        "gender·item",
                        "age·item",
                        "occupation·gender",
                        "occupation·age",
                        "occupation·genre",
                        "gender·age",
                        "gender·genre",
                        "age·genre"));
        assertThat(setting("dan-outer-extended", "combinations")).isEqualTo(setting("dan-extended", "combinations"));
        // A pair id needs one value of each category, and items have several genres.
        assertThat((List<?>) setting("dan-pair-id-extended", "combinations"))
                .hasSize(7)
                .noneMatch(name -> name.toString().contains("genre"));
        // And the three readings of the history with each of the six others.
        assertThat((List<?>) setting("dan-extended-past", "combinations")).hasSize(11 + 3 * 6);
    }

    @ParameterizedTest
    @CsvSource({
        "gmf, 0.2",
        "ncf, 0.2",
        "mlp-2-3, 0",
        "mlp-5-3, 0",
        "dan, 0.2",
        "dan-mlp, 0.2",
        "dan-extended, 0.2",
        "dan-extended-past, 0.2",
        "dan-outer, 0",
        "dan-pair-id, 0"
    })
    void shouldDropInputsOfNetworksWhereTheValidationItemIsBetterForIt(String name, float share) {
        assertThat(setting(name, "tower"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("dropout", share);
    }

    @Test
    void shouldForeseeTheRowsOfPairIds() {
        Method method = Methods.named(List.of("dan-pair-id")).get(0);
        OfflineDan network = (OfflineDan) method.factory().create(LOG, 1);

        Judge.fitted(network, LOG, new LeaveOneOut(LOG.sequences(), LOG.items(), Held.TEST));

        // 32 values a row, with two of Adam's each, and 150 bytes of its id and its place in the table.
        long foreseen = method.factory().bytes(LOG) / (3 * 32 * Float.BYTES + 150);
        int met = network.network().rows().entrySet().stream()
                .filter(table -> table.getKey().contains("·"))
                .mapToInt(Map.Entry::getValue)
                .sum();
        assertThat(met).isGreaterThan(LOG.users() * LOG.items() / 2);
        // Not every user has every other age, gender and occupation, and not every item is drawn.
        assertThat(foreseen).isBetween((long) met, met * 3 / 2L);
        assertThat(Methods.named(List.of("dan")).get(0).factory().bytes(LOG)).isZero();
    }

    @Test
    void shouldLeaveOutWhatDoesNotFitIntoTheHeap() {
        Method pairs = Methods.named(List.of("dan-pair-id")).get(0);
        long heap = pairs.factory().bytes(LOG);

        assertThat(Methods.all(LOG, heap))
                .extracting(Method::name)
                .contains("dan-pair-id", "dan-extended")
                .doesNotContain("dan-pair-id-extended");
        assertThat(Methods.leftOut(LOG, heap))
                .singleElement()
                .asString()
                .matches(
                        "left out: the rows of dan-pair-id-extended must fit into three quarters of the heap, which are"
                                + " \\d+ MiB, and come to \\d+ MiB on synthetic: start with ERIDANUS_JAVA_OPTS=-Xmx\\d+m or more");
        assertThat(Methods.fitting(List.of(pairs), LOG, heap)).containsExactly(pairs);
        assertThatThrownBy(() -> Methods.fitting(List.of(pairs), LOG, heap - 1))
                .isInstanceOf(ExperimentException.class)
                .hasMessageStartingWith("the rows of dan-pair-id must fit");
    }

    @Test
    void shouldTakeANumberOfNeighboursFromTheName() {
        assertThat(setting("user-knn-30", "neighbours")).isEqualTo(30);
        assertThat(setting("user-knn", "neighbours")).isEqualTo(50);
    }
}
