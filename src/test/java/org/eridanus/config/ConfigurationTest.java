package org.eridanus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final String LEAST = "kafka: {bootstrap-servers: 'broker:9092'}\n";
    private static final Map<String, String> NO_VARIABLES = Map.of();

    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldBeThePresetWhereNothingElseIsSaid(String preset) {
        Configuration configuration = parse(LEAST + "model: {preset: " + preset + "}");

        assertThat(configuration.pipeline()).isEqualTo(PipelineSettings.of(Presets.named(preset)));
        assertThat(configuration.pipeline().model().hash())
                .isEqualTo(Presets.named(preset).hash());
        assertThat(configuration.streams()).isEqualTo(StreamsSettings.of("broker:9092", Path.of("state")));
        assertThat(configuration.topics()).isEqualTo(new TopicSettings(4, -1, TopicNames.PLAIN));
        assertThat(configuration.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/dist/eridanus.yaml", "src/main/docker/eridanus.yaml"})
    void shouldUseTheFilesThatAreDelivered(String file) {
        assertThat(Configuration.load(Path.of(file), NO_VARIABLES).warnings()).isEmpty();
    }

    @Test
    void shouldTakeWhatTheFileSays(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("eridanus.yaml"), """
                roles: [scorer, features]
                kafka:
                  bootstrap-servers: a:1,b:2
                  commit-interval: 2s
                  cache-bytes: 64 MiB
                  settings:
                    all:
                      compression.type: lz4
                    trainer:
                      producer.batch.size: 1000
                topics: {partitions: 7, replication: 3, prefix: shop.}
                model:
                  negatives: 20
                  tower: {enabled: false}
                features: {tick-after: 250ms}
                trainer: {version-age: 250ms}
                """);

        Configuration configuration = Configuration.load(file, NO_VARIABLES);

        assertThat(configuration.pipeline().roles()).isEqualTo(Set.of(Role.SCORER, Role.FEATURES));
        assertThat(configuration.streams().commitInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(configuration.streams().cacheBytes()).isEqualTo(64L << 20);
        assertThat(configuration.streams().overrides()).isEqualTo(Map.of("compression.type", "lz4"));
        assertThat(configuration.streams().roleOverrides().get(Role.TRAINER))
                .isEqualTo(Map.of("producer.batch.size", "1000"));
        assertThat(configuration.streams().applicationId(Role.TRAINER)).isEqualTo("shop.eridanus-trainer");
        assertThat(configuration.topics()).isEqualTo(new TopicSettings(7, 3, new TopicNames("shop.")));
        assertThat(configuration.pipeline().topics().of("model")).isEqualTo("shop.model");
        assertThat(configuration.pipeline().model().negatives()).isEqualTo(20);
        assertThat(configuration.pipeline().model().tower()).isNull();
        assertThat(configuration.pipeline().trainer().versionAge()).isEqualTo(250);
    }

    @Test
    void shouldRefuseVersionsThatNoTickWouldClose() {
        assertThatThrownBy(() -> parse(LEAST + "trainer: {version-age: 101ms}"))
                .hasMessageContaining("trainer.version-age must be at most features.tick-after")
                .hasMessageContaining("got 101 ms and 100 ms");
    }

    @Test
    void shouldNameThePlacesOfWhatCannotBeTogether() {
        String file = LEAST + """
                scorer:
                  k: 20
                model:
                  preset: association
                  association: false
                trainer:
                  version-age: 200ms
                """;

        assertThatThrownBy(() -> parse(file))
                .hasMessage("f:6: a model needs an association term or a tower, got neither (model.association)");
        assertThatThrownBy(() -> Configuration.parse(
                        "f",
                        file.replace("  association: false\n", ""),
                        Map.of("ERIDANUS_FEATURES_TICK_AFTER", "150ms")))
                .hasMessageStartingWith("ERIDANUS_FEATURES_TICK_AFTER, f:7: trainer.version-age must be at most")
                .hasMessageEndingWith("got 200 ms and 150 ms (features.tick-after, trainer.version-age)");
    }

    @Test
    void shouldShowWhatGivesTheSameAgain() {
        for (String preset : new String[] {"online", "association", "paper"}) {
            Configuration once = parse(LEAST + "model: {preset: " + preset + ", batch: 7}\nhttp: {port: 0}");

            Configuration again = parse(once.show());

            assertThat(again.pipeline()).isEqualTo(once.pipeline());
            assertThat(again.streams()).isEqualTo(once.streams());
            assertThat(again.topics()).isEqualTo(once.topics());
            assertThat(again.http().port()).isZero();
        }
    }

    @Test
    void shouldLetTheEnvironmentGoBeforeTheFile() {
        Configuration configuration = Configuration.parse(
                "eridanus.yaml",
                LEAST + "model: {tower: {hidden: [8, 4]}}\n",
                Map.of(
                        "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS", "other:1",
                        "ERIDANUS_MODEL_TOWER_HIDDEN", "[16, 8]",
                        "ERIDANUS_TOPICS_PREFIX", "007.",
                        "ERIDANUS_SCORER_HIDE_CONSUMED", "false",
                        "ERIDANUS_KAFKA_SETTINGS_ALL_SASL_JAAS_CONFIG", "module required password=\"hush\";",
                        "ERIDANUS_DATA", "/somewhere",
                        "PATH", "/bin"));

        assertThat(configuration.streams().bootstrapServers()).isEqualTo("other:1");
        assertThat(configuration.pipeline().model().tower().hidden()).containsExactly(16, 8);
        assertThat(configuration.topics().names().prefix()).isEqualTo("007.");
        assertThat(configuration.pipeline().scorer().hideConsumed()).isFalse();
        assertThat(configuration.streams().overrides())
                .isEqualTo(Map.of("sasl.jaas.config", "module required password=\"hush\";"));
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.show())
                .contains("bootstrap-servers: \"other:1\" # ERIDANUS_KAFKA_BOOTSTRAP_SERVERS")
                .contains("\"sasl.jaas.config\":\"******\"")
                .doesNotContain("hush");
    }

    @Test
    void shouldCombineEveryTwoCategoriesThatMayBe() {
        Configuration configuration = parse(LEAST + """
                schema:
                  categories:
                    - {name: user, owner: user, kind: id}
                    - {name: item, owner: item, kind: id}
                    - {name: gender, owner: user, kind: single}
                    - {name: genre, owner: item, kind: many}
                    - {name: recent, owner: history, kind: past, length: 50, decay: 0.8}
                  combinations: all
                """);

        assertThat(configuration.pipeline().schema().combinations())
                .extracting(Combination::name)
                .containsExactlyInAnyOrder(
                        "user·item",
                        "user·genre",
                        "gender·item",
                        "gender·genre",
                        "recent·user",
                        "recent·item",
                        "recent·gender",
                        "recent·genre");
        assertThat(configuration.show()).contains("combinations: \"all\"");
        assertThat(parse(configuration.show()).pipeline()).isEqualTo(configuration.pipeline());
    }

    @Test
    void shouldReachEverythingThatTheNetworkCanDo() {
        Configuration configuration = parse(LEAST + """
                schema:
                  categories:
                    - {name: user, owner: user, kind: id}
                    - {name: item, owner: item, kind: id}
                    - {name: gender, owner: user, kind: single}
                  combinations: [[user, item], [gender, item]]
                model:
                  combination-rate: 0.05
                  schedule: joint
                  optimiser: {kind: adam, negligible: 0}
                  join: {forms: {user·item: pair-id, gender·item: outer-product}, singles: [user]}
                  tower:
                    hidden: []
                    rerank: 0
                    optimiser: adagrad
                    initial-accumulator: 0.1
                    weight-decay: 0.001
                    initial-deviation: 0.02
                    inputs: [user, gender·item]
                    wide: [user·item]
                    hidden-dropout: 0.25
                """);

        ModelSettings model = configuration.pipeline().model();
        assertThat(model.combinationRate()).isEqualTo(0.05f);
        assertThat(model.join().forms())
                .isEqualTo(
                        Map.of("user·item", JointFeature.Form.PAIR_ID, "gender·item", JointFeature.Form.OUTER_PRODUCT));
        assertThat(model.tower())
                .isEqualTo(new ModelSettings.TowerSettings(
                        List.of(),
                        ModelSettings.Optimiser.adagrad(0.001f, 0.1f).withWeightDecay(0.001f),
                        0.02f,
                        true,
                        List.of("user", "gender·item"),
                        List.of("user·item"),
                        0f,
                        0.25f));
        assertThat(parse(configuration.show()).pipeline().model()).isEqualTo(model);
        assertThatThrownBy(() -> parse(LEAST + "model: {join: {forms: {recent·item: sum}}}\n"))
                .hasMessageContaining("recent·item must be one of hadamard, outer-product, pair-id");
    }

    @Test
    void shouldReadWhatAVariableNamesAFileFor(@TempDir Path folder) throws Exception {
        Path login = Files.writeString(folder.resolve("login"), "module required password=\"hush\";\n");
        Path servers = Files.writeString(folder.resolve("servers"), "other:1");

        Configuration configuration = Configuration.parse(
                "f",
                LEAST,
                Map.of(
                        "ERIDANUS_KAFKA_SETTINGS_ALL_SASL_JAAS_CONFIG_FILE", login.toString(),
                        "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS_FILE", servers.toString()));

        assertThat(configuration.streams().bootstrapServers()).isEqualTo("other:1");
        assertThat(configuration.streams().overrides())
                .isEqualTo(Map.of("sasl.jaas.config", "module required password=\"hush\";"));
        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.show()).doesNotContain("hush");
        assertThat(configuration.streams().toString())
                .contains("sasl.jaas.config")
                .doesNotContain("hush");
    }

    @Test
    void shouldRefuseAVariableForAFileThatCannotBeReadOrStandsBesideAnother(@TempDir Path folder) throws Exception {
        Path large = Files.writeString(folder.resolve("large"), "x".repeat(1 << 17));
        String variable = "ERIDANUS_KAFKA_SETTINGS_ALL_SSL_KEY_PASSWORD";

        assertThatThrownBy(() -> Configuration.parse("f", LEAST, Map.of(variable + "_FILE", "/nowhere/at-all")))
                .hasMessageContaining(variable + "_FILE must name a file that can be read, got '/nowhere/at-all'");
        assertThatThrownBy(() -> Configuration.parse("f", LEAST, Map.of(variable + "_FILE", large.toString())))
                .hasMessageContaining("must name a file of at most 65536 bytes, got 131072 bytes");
        assertThatThrownBy(() ->
                        Configuration.parse("f", LEAST, Map.of(variable, "hush", variable + "_FILE", large.toString())))
                .hasMessageContaining(variable + "_FILE must not be set beside " + variable)
                .hasMessageNotContaining("hush");
    }

    @Test
    void shouldPassKafkasProvidersOnToEveryClient() {
        Configuration configuration = parse(LEAST.replace("}\n", """
                , settings: {all: {
                  config.providers: env,
                  config.providers.env.class: org.apache.kafka.common.config.provider.EnvVarConfigProvider,
                  security.protocol: '${env:PROTOCOL}'}}}
                """));

        StreamsSettings streams = configuration.streams();
        for (Map<String, Object> client :
                List.of(streams.adminConfig(), streams.producerConfig(), streams.consumerConfig())) {
            assertThat(client)
                    .containsEntry("config.providers", "env")
                    .containsEntry(
                            "config.providers.env.class",
                            "org.apache.kafka.common.config.provider.EnvVarConfigProvider")
                    .containsEntry("security.protocol", "${env:PROTOCOL}");
        }
    }

    @Test
    void shouldWarnOfVariablesThatSetNothing() {
        Configuration configuration = Configuration.parse(
                "f", LEAST, Map.of("ERIDANUS_KAFKA_THREAD", "2", "ERIDANUS_PORT_8080_TCP_ADDR", "10.0.0.1"));

        assertThat(configuration.warnings())
                .containsExactly(
                        "the environment variable ERIDANUS_KAFKA_THREAD sets nothing; did you mean"
                                + " ERIDANUS_KAFKA_THREADS?",
                        "the environment variable ERIDANUS_PORT_8080_TCP_ADDR sets nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka: {thread: 2} | f:2: unknown key kafka.thread; did you mean kafka.threads?",
                "unheard-of: 1 | f:2: unknown key unheard-of",
                "scorer: 3 | f:2: scorer must hold the keys below it, such as scorer.k",
                "scorer: {k: many} | f:2: scorer.k must be a whole number, 1..100, got 'many'",
                "scorer: {k: 0} | f:2: scorer.k must be a whole number, 1..100, got '0'",
                "scorer: {k: 2.5} | f:2: scorer.k must be a whole number, 1..100, got '2.5'",
                "scorer: {behind: 50} | f:2: scorer.behind must be a duration with its unit",
                "scorer: {refresh-work: 9s} | f:2: scorer.refresh-work must be a duration, 1ms..4999ms, got '9s'",
                "scorer: {hide-consumed: maybe} | f:2: scorer.hide-consumed must be true or false, got 'maybe'",
                "kafka: {cache-bytes: 32} | kafka.cache-bytes must be a size with its unit, such as 32MiB",
                "kafka: {cache-bytes: 9999999999GiB} | kafka.cache-bytes must be a size, 0B..8GiB",
                "roles: [trainer, cook] | f:2: roles element 2 must be one of features, trainer, scorer",
                "roles: [] | f:2: roles must be a list of 1..3 values",
                "topics: {prefix: 'my shop'} | topics.prefix must be at most 64 letters",
                "topics: {prefix: 7} | topics.prefix must be a text: at most 64 letters, digits, dots, dashes and"
                        + " underscores; write it in quotes",
                "topics: {replication: 0} | topics.replication must be at least 1, or -1 for the cluster's default, got 0",
                "model: {preset: other} | model.preset must be one of online, association, paper, got 'other'",
                "model: {dimension: 6} | f:2: dimension must be a multiple of 4, got 6 (model.dimension)",
                "model: {optimiser: {kind: adam}} | f:2: schedule SEQUENTIAL needs optimiser.kind ADAGRAD, got ADAM;"
                        + " use JOINT (model.optimiser.kind)",
                "model: {preset: paper, tower: {enabled: false}} | f:2: a model needs an association term or a tower",
                "schema: {combinations: each} | schema.combinations must be a list",
                "schema: {combinations: [[recent, colour]]} | f:2: combination recent·colour names the category colour, which"
                        + " the schema lacks",
                "schema: {combinations: [[recent, history]]} | both are readings of the same history",
                "schema: {categories: [{name: a, owner: user, kind: id, size: 3}]} | has the unknown key 'size'",
                "schema: {categories: [{name: a, owner: user}]} | must have the key kind",
                "schema: {categories: [{name: a, owner: user, kind: bands}]} | kind bands needs bounds",
                "schema: {categories: [{name: a, owner: user, kind: id, decay: 1}]} | decay goes with kind past, got id",
                "feedback: {rows: [{feedback: negative, from: 3, below: 2}]} | needs from < below, got 3.0 and 2.0"
            })
    void shouldSayWhereWhatAndHow(String line, String message) {
        String text =
                line.startsWith("kafka:") ? "\n" + line.replace("{", "{bootstrap-servers: 'b:1', ") : LEAST + line;

        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldLeaveOutWhatIsPartOfAnAssociationTermThatIsSwitchedOff() {
        Configuration configuration = parse(LEAST + "model: {association: false}\n");

        ModelSettings model = configuration.pipeline().model();
        assertThat(model.association()).isFalse();
        assertThat(model.pairs()).isNull();
        assertThat(model.rerank()).isNull();
        assertThat(model.combinationRate()).isZero();
        assertThat(model.join().forms()).as("overlaps").isEmpty();
        assertThatCode(() -> configuration.pipeline().definition().network(true))
                .doesNotThrowAnyException();
        assertThat(model.schedule()).isEqualTo(ModelSettings.Schedule.JOINT);
        assertThat(parse(configuration.show()).pipeline().model()).isEqualTo(model);
        assertThatThrownBy(() -> parse(LEAST + "model: {association: false, combination-rate: 0.02}\n"))
                .hasMessageContaining("combination-rate weighs the combinations of an association term");
        assertThatThrownBy(() -> parse(LEAST + "model: {preset: association, association: false}\n"))
                .hasMessageContaining("a model needs an association term or a tower");
    }

    @Test
    void shouldNameTheLine() {
        assertThatThrownBy(() -> parse(LEAST + "scorer:\n  k: 5\n  hide-consumed: perhaps\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f:4: scorer.hide-consumed must be true or false, got 'perhaps'");
    }

    @Test
    void shouldRefuseWritableHttpWhereOthersReachIt() {
        assertThat(parse(LEAST).http().writable()).isFalse();
        assertThat(parse(LEAST + "http: {writable: true}").http().writable()).isTrue();
        assertThatThrownBy(() -> parse(LEAST + "http: {host: 0.0.0.0, writable: true}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.writable must be false where http.host is not this machine's own address");
    }

    @Test
    void shouldTellOfEveryProblemAtOnce() {
        assertThatThrownBy(() -> parse("scorer: {k: 0, colour: red}\nhttp: {port: 99999}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key scorer.colour")
                .hasMessageContaining("kafka.bootstrap-servers must be given")
                .hasMessageContaining("ERIDANUS_KAFKA_BOOTSTRAP_SERVERS")
                .hasMessageContaining("scorer.k must be")
                .hasMessageContaining("http.port must be a whole number, 0..65535, got '99999'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application.id: x | must not hold application.id: it follows from topics.prefix",
                "producer.linger.ms: 3 | must not hold producer.linger.ms: set kafka.linger",
                "main.consumer.isolation.level: read_uncommitted | must not hold main.consumer.isolation.level",
                "compresion.type: lz4 | which is no setting of Kafka's clients or of Kafka Streams; did you mean"
                        + " compression.type?",
                "fetch.max.bytes: lots | holds a value for fetch.max.bytes that Kafka refuses; it wants int",
                "compression.type: {a: b} | has no single value for compression.type"
            })
    void shouldRefuseKafkaSettingsThatCannotBe(String setting, String message) {
        assertThatThrownBy(
                        () -> parse("kafka:\n  bootstrap-servers: b:1\n  settings:\n    all:\n      " + setting + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("f:4: kafka.settings.all")
                .hasMessageContaining(message);
    }

    @Test
    void shouldNeverShowASecretInAnError() {
        assertThatThrownBy(() -> Configuration.parse(
                        "f", LEAST, Map.of("ERIDANUS_KAFKA_SETTINGS_ALL_SSL_KEY_PASSWORDS", "hush")))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("hush");
    }

    @Test
    void shouldRefuseWhatIsNoYaml() {
        assertThatThrownBy(() -> parse("kafka: [1, 2\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("f:1: must be YAML");
        assertThatThrownBy(() -> parse("kafka: {}\nkafka: {}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Duplicate field 'kafka'");
        assertThatThrownBy(() -> parse("- a\n- b\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must hold keys such as kafka: and topics:");
        assertThatThrownBy(() -> Configuration.load(Path.of("nowhere", "eridanus.yaml"), NO_VARIABLES))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not exist; name a file that does with --config");
    }

    @Test
    void shouldMakeAnyFormOfTheModel() {
        Configuration configuration = parse(LEAST + """
                model:
                  preset: paper
                  loss: mean-squared-error
                  optimiser: {kind: sgd, rate: 0.5}
                  join: {form: outer-product, tables: shared, singles: [user, taste]}
                  tower: {dropout: 0.5}
                schema:
                  categories:
                    - {name: user, owner: user, kind: id}
                    - {name: item, owner: item, kind: id}
                    - {name: taste, owner: user, kind: many, normalisation: mean}
                    - {name: recent, owner: history, kind: past, length: 7, decay: 0.5, normalisation: none}
                    - {name: session, owner: history, kind: past, length: 9, decay: 1, half-life: 90s}
                  combinations: [[user, item], [recent, item], [session, item]]
                """);

        assertThat(configuration.pipeline().model().loss()).isEqualTo(ModelSettings.Loss.MEAN_SQUARED_ERROR);
        assertThat(configuration.pipeline().model().join().form()).isEqualTo(JointFeature.Form.OUTER_PRODUCT);
        assertThat(configuration.pipeline().model().join().singles()).containsExactly("user", "taste");
        assertThat(configuration.pipeline().model().tower().dropout()).isEqualTo(0.5f);
        assertThat(configuration
                        .pipeline()
                        .schema()
                        .category("recent")
                        .orElseThrow()
                        .kind())
                .isEqualTo(new Category.Kind.Past(7, 0.5, Category.Normalisation.NONE));
        assertThat(configuration.pipeline().schema().category("session"))
                .contains(Category.session("session", 9, 90_000));
        assertThat(parse(configuration.show()).pipeline()).isEqualTo(configuration.pipeline());
    }

    @Test
    void shouldGiveAnotherModelToAnotherSchema() {
        Configuration changed = parse(LEAST + "schema: {combinations: [[recent, item]]}\n");

        assertThat(changed.pipeline().schema().combinations()).hasSize(1);
        assertThat(changed.pipeline().model().hash())
                .isNotEqualTo(Presets.online().hash());
    }

    @Test
    void shouldLeaveOutFormsOfThePresetForCombinationsThatTheSchemaLacks() {
        Configuration same = parse(LEAST + "model: {batch: 7}\n");
        Configuration without = parse(LEAST + "schema: {combinations: [[history, item], [session, item]]}\n");
        Configuration with = parse(LEAST + "schema: {combinations: [[session, genre], [recent, item]]}\n");

        assertThat(forms(same)).isEqualTo(Presets.online().join().forms()).isNotEmpty();
        assertThat(forms(without)).isEmpty();
        assertThat(forms(with)).containsExactly(Map.entry("session·genre", JointFeature.Form.OVERLAP));
        assertThat(parse(without.show()).pipeline()).isEqualTo(without.pipeline());
        assertThat(parse(with.show()).pipeline()).isEqualTo(with.pipeline());
        assertThat(forms(parse(LEAST + "schema: {combinations: [[session, genre]]}\nmodel: {join: {forms: {}}}\n")))
                .as("what the file says of forms")
                .isEmpty();
        assertThatThrownBy(() -> parse(LEAST + "schema: {combinations: [[session, item]]}\n"
                        + "model: {join: {forms: {session·genre: overlap}}}\n"))
                .hasMessageContaining("join.forms names the combination session·genre, which the schema lacks");
        assertThatThrownBy(() -> parse(LEAST + "model: {join: {forms: {session·item: overlap}}}\n"))
                .hasMessageContaining("combination session·item: an overlap is that of a history's items");
    }

    private static Map<String, JointFeature.Form> forms(Configuration configuration) {
        return configuration.pipeline().model().join().forms();
    }

    private static Configuration parse(String text) {
        return Configuration.parse("f", text, NO_VARIABLES);
    }
}
