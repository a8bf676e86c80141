package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.PaperModels;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;

class PresentCategoriesTest {
    private static InteractionLog log(Map<String, List<String>> user, Map<String, List<String>> item) {
        return new InteractionLog(
                new Dataset(
                        "small",
                        List.of(new UserProfile("u", new Attributes(user)), new UserProfile("v", Attributes.NONE)),
                        List.of(new Item("i", "i", new Attributes(item))),
                        List.of(
                                new Interaction("u", "i", "view", null, 1),
                                new Interaction("v", "i", "view", null, 2))),
                Integer.MAX_VALUE);
    }

    private static List<String> combinations(ModelDefinition definition) {
        return definition.schema().combinations().stream()
                .map(Combination::name)
                .toList();
    }

    @Test
    void shouldDropCombinationsOfWhatIsUnknownOfEveryUser() {
        InteractionLog log = log(Map.of("gender", List.of("F"), "age", List.of("31")), Map.of());
        ModelDefinition wanted = PaperModels.dan(4, Form.HADAMARD);

        assertThat(combinations(PresentCategories.of(wanted, log))).containsExactly("user·item", "age·gender");
        assertThat(PresentCategories.notes(wanted, log))
                .containsExactly("dropped occupation·gender, occupation·age: the data say nothing of occupation");
    }

    @Test
    void shouldDropSingleCategories() {
        ModelDefinition wanted = PaperModels.mlp5(4, 1);

        ModelDefinition present = PresentCategories.of(wanted, log(Map.of("age", List.of("31")), Map.of()));

        assertThat(present.settings().join().singles()).containsExactly("user", "item", "age");
        assertThat(PresentCategories.notes(wanted, log(Map.of("age", List.of("31")), Map.of())))
                .containsExactly("dropped occupation, gender: the data say nothing of gender, occupation");
    }

    @Test
    void shouldTakeANumberThatIsNoneForUnknown() {
        ModelDefinition wanted = PaperModels.mlp5(4, 1);

        ModelDefinition present = PresentCategories.of(wanted, log(Map.of("age", List.of("old")), Map.of()));

        assertThat(present.settings().join().singles()).containsExactly("user", "item");
    }

    @Test
    void shouldKeepAModelOfWhichNothingIsAbsent() {
        InteractionLog log = log(
                Map.of("gender", List.of("F"), "age", List.of("31"), "occupation", List.of("nurse")),
                Map.of("genres", List.of("Drama")));
        ModelDefinition wanted = ModelDefinition.of(Presets.online());

        assertThat(PresentCategories.of(wanted, log)).isSameAs(wanted);
        assertThat(PresentCategories.notes(wanted, log)).isEmpty();
    }

    @Test
    void shouldDropAnOverlapOfWhatIsUnknownOfEveryItem() {
        InteractionLog log = log(Map.of("gender", List.of("F")), Map.of());
        ModelDefinition wanted = ModelDefinition.of(Presets.online());

        ModelDefinition present = PresentCategories.of(wanted, log);

        assertThat(combinations(wanted)).contains("session·genre");
        assertThat(combinations(present))
                .isNotEmpty()
                .containsExactlyElementsOf(combinations(wanted).stream()
                        .filter(name -> !name.equals("session·genre"))
                        .toList());
        assertThat(present.settings().join()).isEqualTo(JoinSettings.DEFAULT);
        assertThat(present.network(true).mixing()).hasSize(wanted.network(true).mixing().length - 1);
        assertThat(PresentCategories.notes(wanted, log))
                .containsExactly("dropped session·genre: the data say nothing of age, genre, occupation");
    }

    @Test
    void shouldNoteNothingWhereTheModelUsesNothingThatIsAbsent() {
        ModelDefinition wanted = ModelDefinition.over(
                Presets.online(),
                new FeatureSchema(
                        FeatureSchema.online().categories(),
                        List.of(Combination.of("history", "item"), Combination.of("session", "item"))));

        assertThat(PresentCategories.notes(wanted, log(Map.of(), Map.of()))).isEmpty();
    }
}
