package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.Context;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.Example;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.OfflineModel;
import org.eridanus.model.PaperModels;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final String FIXTURE = "/wire/v1/model-file.bin";
    private static final int ITEMS = 12;

    @TempDir
    private Path folder;

    /** Every kind of row: items, descriptions, other tables, pairs of ids, pair counts, dense weights. */
    private static ModelDefinition definition() {
        FeatureSchema schema = new FeatureSchema(
                List.of(
                        Category.id("user", Owner.USER),
                        Category.id("item", Owner.ITEM),
                        Category.attribute("age", Owner.USER, new Kind.Bands(List.of(18, 30)), "age", "user"),
                        Category.attribute("genre", Owner.ITEM, new Kind.Many(), "genres", "item"),
                        Category.past("recent", 5, 0.8)),
                List.of(
                        Combination.of("recent", "item"),
                        Combination.of("age", "genre"),
                        Combination.of("user", "item"),
                        Combination.of("user", "genre")));
        ModelSettings settings = Presets.online().toBuilder()
                .preset("everything")
                .dimension(4)
                .join(new JoinSettings(
                        Form.HADAMARD,
                        Map.of("user·item", Form.PAIR_ID, "user·genre", Form.OUTER_PRODUCT),
                        JoinSettings.Tables.PER_COMBINATION,
                        true,
                        List.of("age")))
                .schedule(ModelSettings.Schedule.JOINT)
                .optimiser(ModelSettings.Optimiser.adagrad(0.1f, 0.1f))
                .combinationRate(0f)
                .pairs(new ModelSettings.Pairs(20, 30, 0.85f, 10f, 0f, 512, 128, 0.5f, 0.05f))
                .negatives(3)
                .batch(4)
                .replay(new ModelSettings.Replay(32, 16, 20))
                .tower(new ModelSettings.TowerSettings(
                        List.of(4),
                        ModelSettings.Optimiser.adam(0.01f),
                        0.1f,
                        false,
                        List.of(),
                        List.of("user·item"),
                        0f,
                        0f))
                .rerank(null)
                .maxRows(1_000)
                .build();
        return new ModelDefinition(settings, schema);
    }

    private static OfflineModel model() {
        OfflineModel model = new OfflineModel(definition());
        for (int i = 0; i < ITEMS; i++) {
            model.item("i" + i, Map.of("genre", i % 2 == 0 ? List.of("g0", "g1") : List.of("g" + i % 3)));
        }
        for (int e = 0; e < 8; e++) {
            model.count(example(model, e));
        }
        return model;
    }

    private static Example example(OfflineModel model, int e) {
        int[] history = {e, (e + 1) % ITEMS};
        return new Example(context(model.network(), e), (e + 2) % ITEMS, history, history.length);
    }

    private static Context context(DeepAssociationNetwork network, int e) {
        Map<String, List<String>> values = Map.of("user", List.of("u" + e % 3), "age", List.of("<18"));
        return new Context(new int[] {e, (e + 1) % ITEMS}, 2, e < 0 ? network.rows(values) : network.admitRows(values));
    }

    private static float[] scores(DeepAssociationNetwork network) {
        List<Float> all = new ArrayList<>();
        int[] items = new int[ITEMS];
        Arrays.setAll(items, i -> i);
        float[] out = new float[ITEMS];
        for (int e = 0; e < 6; e++) {
            network.scores(context(network, e), new DeepAssociationNetwork.Scoring(), items, ITEMS, out);
            for (float score : out) {
                all.add(score);
            }
        }
        float[] scores = new float[all.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = all.get(i);
        }
        return scores;
    }

    @Test
    void shouldScoreAfterReadingAsBeforeWriting() {
        OfflineModel model = model();
        List<Example> examples = new ArrayList<>();
        for (int e = 0; e < 8; e++) {
            examples.add(example(model, e));
        }
        model.epoch(examples);
        Path file = folder.resolve("some.model");

        ModelFile.write(file, definition(), model.network());
        ModelFile.Stored stored = ModelFile.read(file, definition());

        assertThat(stored.definition()).isEqualTo(definition());
        assertThat(stored.network().candidates()).isEqualTo(ITEMS);
        assertThat(scores(stored.network())).isEqualTo(scores(model.network()));
        assertThat(Arrays.stream(folder.toFile().list())).containsExactly("some.model");
    }

    @Test
    void shouldReadTheFileOfVersionOneAndWriteItAgain() throws IOException {
        byte[] committed;
        try (InputStream in = ModelFileTest.class.getResourceAsStream(FIXTURE)) {
            committed = Objects.requireNonNull(in, "fixture " + FIXTURE).readAllBytes();
        }
        Path file = folder.resolve("fixture.model");
        Files.write(file, committed);
        Path written = folder.resolve("written.model");

        ModelFile.Stored stored = ModelFile.read(file);
        ModelFile.write(written, definition(), model().network());

        assertThat(stored.definition()).isEqualTo(definition());
        assertThat(stored.network().items().id(3)).isEqualTo("i3");
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(written)))
                .as("a change of bytes needs a new version byte and a reader of the old one")
                .isEqualTo(HexFormat.of().formatHex(committed));
    }

    @Test
    void shouldSayWhatDiffersInAFileOfAnotherModel() {
        Path file = folder.resolve("other.model");
        ModelFile.write(file, definition(), model().network());
        ModelDefinition mine = definition();
        FeatureSchema schema = new FeatureSchema(
                mine.schema().categories().stream()
                        .map(category -> category.name().equals("age")
                                ? Category.attribute("age", Owner.USER, new Kind.Bands(List.of(18, 25)), "age", "user")
                                : category)
                        .toList(),
                mine.schema().combinations());
        ModelDefinition other =
                new ModelDefinition(mine.settings().toBuilder().dimension(8).build(), schema);

        assertThatThrownBy(() -> ModelFile.read(file, other))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("was made for another model")
                .hasMessageContaining("dimension: the file has 4, this model 8")
                .hasMessageContaining(
                        "category age: the file has USER bands[18, 30] age user, this model USER bands[18, 25]"
                                + " age user")
                .hasMessageContaining("use the settings and the schema of the file");
        assertThat(mine.differences(mine, "a", "b")).isEmpty();
        assertThat(mine.differences(PaperModels.gmf(4), "a", "b"))
                .anyMatch(line -> line.startsWith("combinations: a has [recent·item"))
                .anyMatch(line -> line.startsWith("category genre: a has ITEM many genres item, b none"))
                .anyMatch(line -> line.equals("optimiser.kind: a has ADAGRAD, b ADAM"))
                .anyMatch(line -> line.equals("optimiser.rate: a has 0.1, b 0.01"));
    }

    @Test
    void shouldRefuseEveryFileThatIsDamaged() throws IOException {
        Path file = folder.resolve("whole.model");
        ModelFile.write(file, definition(), model().network());
        byte[] whole = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.model");

        for (int at = 0; at < whole.length; at += 7) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 0x10;
            Files.write(damaged, bytes);
            assertThatThrownBy(() -> ModelFile.read(damaged))
                    .as("a bit flipped at %s", at)
                    .isInstanceOf(WireException.class);
        }
        for (int length = 0; length < whole.length; length += 101) {
            Files.write(damaged, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ModelFile.read(damaged))
                    .as("the first %s bytes", length)
                    .isInstanceOf(WireException.class);
        }
        Files.write(damaged, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> ModelFile.read(damaged))
                .hasMessageContaining("its checksum is not that of its content");
    }
}
