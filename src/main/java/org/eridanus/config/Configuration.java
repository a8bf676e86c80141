package org.eridanus.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eridanus.config.ValueType.UnfitException;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.server.HttpSettings;
import org.eridanus.stream.FeaturesLimits;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicSettings;
import org.eridanus.trainer.TrainerSettings;
import org.jspecify.annotations.Nullable;

/**
 * A value for every setting: what an environment variable says, else the file, else the default. Whatever cannot be used
 * is told at once, all of it.
 *
 * <p>An environment variable has the setting's key in capitals, with underscores for dots and dashes, after
 * {@code ERIDANUS_}: {@code ERIDANUS_KAFKA_THREADS=2}. One of Kafka's own settings is appended to its map's:
 * {@code ERIDANUS_KAFKA_SETTINGS_ALL_SASL_JAAS_CONFIG}. With {@value #FILE} after it, a variable names a file that holds the
 * value, as secrets are given to containers.
 */
public final class Configuration {
    private static final String PREFIX = "ERIDANUS_";

    private static final String FILE = "_FILE";
    private static final int MOST_FILE_BYTES = 1 << 16;

    /** Variables that others than the settings read. */
    private static final Set<String> OTHERS = Set.of("ERIDANUS_DATA", "ERIDANUS_JAVA_OPTS", "ERIDANUS_CONFIG");

    /** A value as it was given, and where. */
    private record Given(JsonNode node, String where) {}

    private final Values values;
    private final Map<String, String> origins;
    private final List<String> warnings;
    private final PipelineSettings pipeline;
    private final StreamsSettings streams;
    private final HttpSettings http;
    private final TopicSettings topics;

    private Configuration(
            Values values,
            Map<String, String> origins,
            List<String> warnings,
            PipelineSettings pipeline,
            StreamsSettings streams,
            HttpSettings http,
            TopicSettings topics) {
        this.values = values;
        this.origins = Map.copyOf(origins);
        this.warnings = List.copyOf(warnings);
        this.pipeline = pipeline;
        this.streams = streams;
        this.http = http;
        this.topics = topics;
    }

    /**
     * Reads a configuration.
     *
     * @param file the YAML file, null for none
     * @param environment the environment variables
     * @throws ConfigException with everything that cannot be used
     */
    public static Configuration load(@Nullable Path file, Map<String, String> environment) {
        return of(file == null ? YamlTree.EMPTY : YamlTree.read(file), environment);
    }

    /**
     * Reads a configuration from a text.
     *
     * @param name how messages call it
     * @throws ConfigException as above
     */
    public static Configuration parse(String name, String text, Map<String, String> environment) {
        return of(YamlTree.parse(name, text), environment);
    }

    private static Configuration of(YamlTree tree, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Map<String, Given> given = new HashMap<>();
        collect(tree, tree.root(), "", "", given, problems);
        overlay(environment, given, problems, warnings);

        Values values = new Values();
        Map<String, String> origins = new HashMap<>();
        take(Settings.PRESET, Presets.online(), given, values, origins, problems);
        String preset = values.find(Settings.PRESET);
        ModelSettings model = preset == null ? Presets.online() : Presets.named(preset);
        take(Settings.ASSOCIATION, model, given, values, origins, problems);
        ModelSettings defaults =
                Boolean.FALSE.equals(values.find(Settings.ASSOCIATION)) ? withoutAssociation(model) : model;
        for (Setting<?> setting : Settings.ALL) {
            if (values.find(setting) == null && !origins.containsKey(setting.key())) {
                take(setting, defaults, given, values, origins, problems);
            }
        }
        refuse(problems);
        return new Builder(values, origins, problems).build(warnings);
    }

    /** A preset whose association term is switched off goes without what is part of it; one without a tower is left nothing. */
    private static ModelSettings withoutAssociation(ModelSettings preset) {
        if (preset.tower() == null) {
            return preset;
        }
        ModelSettings.Optimiser optimiser = preset.optimiser();
        return preset.toBuilder()
                .association(false)
                .combinationRate(0f)
                .pairs(null)
                .join(preset.join().without(JointFeature.Form.OVERLAP))
                .rerank(null)
                .schedule(ModelSettings.Schedule.JOINT)
                .optimiser(new ModelSettings.Optimiser(
                        optimiser.kind(),
                        optimiser.rate(),
                        optimiser.initialAccumulator(),
                        optimiser.weightDecay(),
                        0f))
                .build();
    }

    /** Takes the file apart into values of settings. */
    private static void collect(
            YamlTree tree, JsonNode node, String key, String pointer, Map<String, Given> given, List<String> problems) {
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            String name = key.isEmpty() ? each.getKey() : key + "." + each.getKey();
            String path = pointer + "/" + each.getKey().replace("~", "~0").replace("/", "~1");
            JsonNode value = each.getValue();
            if (Settings.ALL.stream().anyMatch(setting -> setting.key().equals(name))) {
                if (!value.isNull()) {
                    given.put(name, new Given(value, tree.where(path)));
                }
            } else if (Settings.ALL.stream().noneMatch(setting -> setting.key().startsWith(name + "."))) {
                problems.add(
                        tree.where(path) + ": unknown key " + name + suggestion(name) + "; config reference lists all");
            } else if (value.isObject()) {
                collect(tree, value, name, path, given, problems);
            } else if (!value.isNull()) {
                problems.add(tree.where(path) + ": " + name + " must hold the keys below it, such as "
                        + Settings.ALL.stream()
                                .map(Setting::key)
                                .filter(known -> known.startsWith(name + "."))
                                .findFirst()
                                .orElse(name)
                        + ", indented");
            }
        }
    }

    private static String suggestion(String name) {
        return Nearest.suggestion(name, Settings.ALL.stream().map(Setting::key).toList());
    }

    /** Puts environment variables before what the file says. */
    private static void overlay(
            Map<String, String> environment, Map<String, Given> given, List<String> problems, List<String> warnings) {
        for (Map.Entry<String, String> each : withFiles(environment, problems).entrySet()) {
            String variable = each.getKey();
            if (!variable.startsWith(PREFIX) || OTHERS.contains(variable)) {
                continue;
            }
            Setting<?> setting = Settings.ALL.stream()
                    .filter(known -> known.variable().equals(variable))
                    .findFirst()
                    .orElse(null);
            if (setting != null) {
                overlay(setting, variable, each.getValue(), given, problems);
                continue;
            }
            Setting<?> map = mapOf(variable);
            if (map != null) {
                String name = variable.substring(map.variable().length() + 1)
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                overlay(map, variable, name, each.getValue(), given);
                continue;
            }
            // Not an error: Kubernetes makes such variables for a service that is called eridanus.
            warnings.add("the environment variable " + variable + " sets nothing"
                    + Nearest.suggestion(
                            variable,
                            Settings.ALL.stream().map(Setting::variable).toList()));
        }
    }

    /** The variables in the order of their names, those that name a file replaced by what it holds. */
    private static SortedMap<String, String> withFiles(Map<String, String> environment, List<String> problems) {
        SortedMap<String, String> variables = new TreeMap<>(environment);
        environment.forEach((variable, file) -> {
            String named = variable.endsWith(FILE) ? variable.substring(0, variable.length() - FILE.length()) : "";
            if (Settings.ALL.stream().noneMatch(setting -> setting.variable().equals(named)) && mapOf(named) == null) {
                return;
            }
            variables.remove(variable);
            if (environment.containsKey(named)) {
                problems.add(variable + " must not be set beside " + named + "; leave one of them out");
                return;
            }
            try {
                Path path = Path.of(file);
                long size = Files.size(path);
                if (size > MOST_FILE_BYTES) {
                    problems.add(variable + " must name a file of at most " + MOST_FILE_BYTES + " bytes, got " + size
                            + " bytes in " + file + "; is it the right file?");
                    return;
                }
                variables.put(named, Files.readString(path).strip());
            } catch (IOException | InvalidPathException e) {
                // The exception names the file and not what is in it.
                problems.add(variable + " must name a file that can be read, got '" + file + "': " + e
                        + "; write the value into it");
            }
        });
        return variables;
    }

    private static @Nullable Setting<?> mapOf(String variable) {
        return List.of(Settings.KAFKA_ALL, Settings.KAFKA_FEATURES, Settings.KAFKA_TRAINER, Settings.KAFKA_SCORER)
                .stream()
                .filter(each -> variable.startsWith(each.variable() + "_"))
                .findFirst()
                .orElse(null);
    }

    private static void overlay(
            Setting<?> setting, String variable, String text, Map<String, Given> given, List<String> problems) {
        try {
            JsonNode node = setting.type().plainText() ? TextNode.valueOf(text) : YamlTree.value(text);
            given.put(setting.key(), new Given(node, variable));
        } catch (JsonProcessingException e) {
            problems.add(variable + ": " + setting.key() + " must be written as in YAML, on one line");
        }
    }

    private static void overlay(Setting<?> map, String variable, String name, String text, Map<String, Given> given) {
        Given before = given.get(map.key());
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        if (before != null && before.node().isObject()) {
            before.node().properties().forEach(each -> merged.set(each.getKey(), each.getValue()));
        }
        merged.put(name, text);
        given.put(map.key(), new Given(merged, before == null ? variable : before.where() + ", " + variable));
    }

    private static <T> void take(
            Setting<T> setting,
            ModelSettings preset,
            Map<String, Given> given,
            Values values,
            Map<String, String> origins,
            List<String> problems) {
        Given found = given.get(setting.key());
        if (found == null) {
            T fallback = setting.fallback().apply(preset);
            if (fallback != null) {
                values.put(setting, fallback);
            } else if (setting.required()) {
                problems.add(setting.key() + " must be given: " + setting.type().range()
                        + "; write it into the file, or" + " set " + setting.variable());
            }
            return;
        }
        origins.put(setting.key(), found.where());
        try {
            values.put(setting, setting.type().read(found.node()));
        } catch (UnfitException e) {
            problems.add(found.where() + ": " + setting.key() + " " + e.getMessage() + got(found.node()));
        }
    }

    private static String got(JsonNode node) {
        return node.isValueNode() ? ", got '" + node.asText() + "'" : "";
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Makes the parts' own settings, whose rules are about more than one value. */
    private record Builder(Values values, Map<String, String> origins, List<String> problems) {
        Configuration build(List<String> warnings) {
            TopicSettings topics = part(
                    () -> new TopicSettings(get(Settings.PARTITIONS), replication(), get(Settings.PREFIX)), "topics");
            StreamsSettings streams = part(this::streams, "kafka", "state", "topics");
            PipelineSettings pipeline =
                    part(this::pipeline, "roles", "model", "schema", "feedback", "features", "trainer", "scorer");
            HttpSettings http = part(this::http, "http");
            if (topics == null || streams == null || pipeline == null || http == null) {
                throw new ConfigException(problems);
            }
            return new Configuration(values, origins, warnings, pipeline, streams, http, topics);
        }

        private <T> @Nullable T part(Supplier<T> maker, String... sections) {
            try {
                return maker.get();
            } catch (IllegalArgumentException e) {
                problems.add(located(String.valueOf(e.getMessage()), Set.of(sections)));
                return null;
            }
        }

        /**
         * A rule about several values, with the places of those that were given: of those that it names, or else of all
         * in the sections it is about.
         */
        private String located(String rule, Set<String> sections) {
            List<String> given = Settings.ALL.stream()
                    .map(Setting::key)
                    .filter(key -> origins.containsKey(key) && sections.contains(key.split("\\.")[0]))
                    .toList();
            String words = words(rule);
            List<String> named = given.stream()
                    .filter(key -> words.contains(words(lastName(key))))
                    .toList();
            List<String> keys = named.isEmpty() ? given : named;
            if (keys.isEmpty()) {
                return rule;
            }
            return keys.stream().map(origins::get).distinct().collect(Collectors.joining(", ")) + ": " + rule + " ("
                    + String.join(", ", keys) + ")";
        }

        /** What a switch is about, or what any other setting is called in its section. */
        private static String lastName(String key) {
            String name = key.endsWith(".enabled") ? key.substring(0, key.lastIndexOf('.')) : key;
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** Words in lower case and the singular, with blanks around them. */
        private static String words(String text) {
            String separate = text.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
            return " "
                    + separate.replaceAll("[^a-z]+", " ")
                            .strip()
                            .replaceAll("ies\\b", "y")
                            .replaceAll("s\\b", "")
                    + " ";
        }

        private <T> T get(Setting<T> setting) {
            return values.get(setting);
        }

        private int replication() {
            int replication = get(Settings.REPLICATION);
            if (replication == 0) {
                throw new IllegalArgumentException("topics.replication must be at least 1, or "
                        + TopicSettings.CLUSTER_DEFAULT + " for the cluster's default, got 0");
            }
            return replication;
        }

        private StreamsSettings streams() {
            Map<Role, Map<String, String>> byRole = new EnumMap<>(Role.class);
            byRole.put(Role.FEATURES, get(Settings.KAFKA_FEATURES));
            byRole.put(Role.TRAINER, get(Settings.KAFKA_TRAINER));
            byRole.put(Role.SCORER, get(Settings.KAFKA_SCORER));
            return new StreamsSettings(
                    get(Settings.BOOTSTRAP_SERVERS),
                    get(Settings.STATE_FOLDER),
                    get(Settings.PREFIX).prefix(),
                    get(Settings.COMMIT_INTERVAL),
                    get(Settings.LINGER),
                    get(Settings.THREADS),
                    get(Settings.CACHE_BYTES),
                    get(Settings.SESSION_TIMEOUT),
                    get(Settings.STANDBY_REPLICAS),
                    get(Settings.REPLICATION),
                    get(Settings.GENERATION),
                    get(Settings.KAFKA_ALL),
                    byRole);
        }

        private HttpSettings http() {
            return new HttpSettings(get(Settings.HTTP_HOST), get(Settings.HTTP_PORT), get(Settings.HTTP_WRITABLE));
        }

        private PipelineSettings pipeline() {
            FeatureSchema schema = schema(get(Settings.CATEGORIES), get(Settings.COMBINATIONS));
            if (!origins.containsKey(Settings.JOIN_FORMS.key())) {
                // The preset's exceptions are for its own schema's combinations, which this one may lack.
                values.put(Settings.JOIN_FORMS, join().within(schema).forms());
            }
            ModelSettings model = model(schema);
            // Refuses combinations that the model does not compute.
            new ModelDefinition(model, schema);
            return new PipelineSettings(
                    get(Settings.ROLES),
                    get(Settings.PREFIX),
                    model,
                    schema,
                    get(Settings.GENERATION),
                    new FeedbackTable(
                            get(Settings.FEEDBACK_ROWS),
                            new FeedbackTable.Verdict(get(Settings.FEEDBACK_OTHERWISE), get(Settings.FEEDBACK_WEIGHT))),
                    features(),
                    trainer(),
                    scorer());
        }

        private static FeatureSchema schema(List<Category> categories, List<Combination> combinations) {
            return combinations.equals(SchemaTypes.ALL_PAIRS)
                    ? FeatureSchema.allAllowed(categories)
                    : new FeatureSchema(categories, combinations);
        }

        private ModelSettings model(FeatureSchema schema) {
            ModelSettings preset = Presets.named(get(Settings.PRESET));
            // Rows learned under one schema fit no other: the name, and so the hash, tells them apart.
            String name =
                    schema.equals(Presets.schema(preset)) ? preset.preset() : preset.preset() + "/" + schema.hash();
            int reranked = get(Settings.TOWER) ? get(Settings.TOWER_RERANK) : 0;
            return preset.toBuilder()
                    .preset(name)
                    .seed(get(Settings.SEED))
                    .dimension(get(Settings.DIMENSION))
                    .initialDeviation(get(Settings.INITIAL_DEVIATION))
                    .join(join())
                    .association(get(Settings.ASSOCIATION))
                    .combinationRate(get(Settings.COMBINATION_RATE))
                    .schedule(get(Settings.SCHEDULE))
                    .loss(get(Settings.LOSS))
                    .negatives(get(Settings.NEGATIVES))
                    .pool(get(Settings.POOL))
                    .batch(get(Settings.BATCH))
                    .replay(new ModelSettings.Replay(
                            get(Settings.REPLAY_UNIFORM), get(Settings.REPLAY_OWN), get(Settings.REPLAY_OWN_WINDOW)))
                    .optimiser(new ModelSettings.Optimiser(
                            get(Settings.OPTIMISER_KIND),
                            get(Settings.OPTIMISER_RATE),
                            get(Settings.OPTIMISER_ACCUMULATOR),
                            get(Settings.OPTIMISER_DECAY),
                            get(Settings.OPTIMISER_NEGLIGIBLE)))
                    .pairs(
                            get(Settings.PAIRS)
                                    ? new ModelSettings.Pairs(
                                            get(Settings.PAIRS_WINDOW),
                                            get(Settings.PAIRS_SCANNED),
                                            get(Settings.PAIRS_DECAY),
                                            get(Settings.PAIRS_SCALE),
                                            get(Settings.PAIRS_BACKWARD),
                                            get(Settings.PAIRS_SUCCESSORS),
                                            get(Settings.PAIRS_PUBLISHED),
                                            get(Settings.PAIRS_WEIGHT),
                                            get(Settings.PAIRS_RATE))
                                    : null)
                    .tower(
                            get(Settings.TOWER)
                                    ? new ModelSettings.TowerSettings(
                                            get(Settings.TOWER_HIDDEN),
                                            new ModelSettings.Optimiser(
                                                    get(Settings.TOWER_OPTIMISER),
                                                    get(Settings.TOWER_RATE),
                                                    get(Settings.TOWER_ACCUMULATOR),
                                                    get(Settings.TOWER_DECAY),
                                                    0f),
                                            get(Settings.TOWER_DEVIATION),
                                            get(Settings.TOWER_ZERO),
                                            get(Settings.TOWER_INPUTS),
                                            get(Settings.TOWER_WIDE),
                                            get(Settings.TOWER_DROPOUT),
                                            get(Settings.TOWER_HIDDEN_DROPOUT))
                                    : null)
                    .rerank(reranked > 0 ? new ModelSettings.Rerank(reranked, get(Settings.TOWER_NEGATIVES)) : null)
                    .maxGradient(get(Settings.MAX_GRADIENT))
                    .maxRows(get(Settings.MAX_ROWS))
                    .build();
        }

        private JoinSettings join() {
            return new JoinSettings(
                    get(Settings.JOIN_FORM),
                    get(Settings.JOIN_FORMS),
                    get(Settings.JOIN_TABLES),
                    get(Settings.JOIN_TIED),
                    get(Settings.JOIN_SINGLES));
        }

        private TrainerSettings trainer() {
            Duration age = get(Settings.VERSION_AGE);
            Duration tick = get(Settings.TICK_AFTER);
            if (age.compareTo(tick) > 0) {
                throw new IllegalArgumentException("trainer.version-age must be at most features.tick-after, because no"
                        + " later tick closes the version of the last records; got " + age.toMillis() + " ms and "
                        + tick.toMillis() + " ms");
            }
            return new TrainerSettings(
                    get(Settings.VERSION_RECORDS),
                    age.toMillis(),
                    get(Settings.HISTORY_LENGTH),
                    get(Settings.WINDOW),
                    get(Settings.POPULARITY_HALF_LIFE),
                    get(Settings.START_HALF_LIFE),
                    get(Settings.RANKED_CATALOGUE),
                    get(Settings.PAIR_GROWTH),
                    new TrainerSettings.Collapse(
                            get(Settings.COLLAPSE_EVENTS),
                            get(Settings.COLLAPSE_SHARE),
                            get(Settings.COLLAPSE_SIGNIFICANCE)),
                    get(Settings.MAX_ITEMS));
        }

        private FeaturesLimits features() {
            int share = -Math.floorDiv(-get(Settings.MAX_USERS), get(Settings.PARTITIONS));
            return new FeaturesLimits(get(Settings.TICK_EVERY), get(Settings.TICK_AFTER), share);
        }

        private ScorerSettings scorer() {
            return new ScorerSettings(
                    get(Settings.K),
                    get(Settings.HIDE_CONSUMED),
                    get(Settings.REFRESH_EVERY),
                    get(Settings.REFRESH_USERS),
                    get(Settings.REFRESH_WORK),
                    get(Settings.BEHIND),
                    get(Settings.PATIENCE),
                    get(Settings.MAX_WAITING));
        }
    }

    /** What the roles do. */
    public PipelineSettings pipeline() {
        return pipeline;
    }

    /** How they run on Kafka. */
    public StreamsSettings streams() {
        return streams;
    }

    /** The topics. */
    public TopicSettings topics() {
        return topics;
    }

    /** Whether to apply the topics before the roles start. */
    public boolean appliesTopics() {
        return values.get(Settings.TOPICS_APPLY);
    }

    /** How the HTTP server listens. */
    public HttpSettings http() {
        return http;
    }

    /** What may be a mistake and is none that keeps anything from running, a sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Every setting with its effective value, as a YAML file that would give the same, each with where it comes from.
     * Secrets are masked.
     */
    public String show() {
        StringBuilder text = new StringBuilder();
        List<String> open = List.of();
        for (Setting<?> setting : Settings.ALL) {
            List<String> path = List.of(setting.key().split("\\."));
            List<String> parents = path.subList(0, path.size() - 1);
            int common = 0;
            while (common < Math.min(open.size(), parents.size())
                    && open.get(common).equals(parents.get(common))) {
                common++;
            }
            for (int depth = common; depth < parents.size(); depth++) {
                text.append("  ".repeat(depth)).append(parents.get(depth)).append(":\n");
            }
            open = parents;
            text.append("  ".repeat(parents.size()))
                    .append(path.get(path.size() - 1))
                    .append(": ")
                    .append(shown(setting))
                    .append(" # ")
                    .append(origins.getOrDefault(setting.key(), "default"))
                    .append('\n');
        }
        return text.toString();
    }

    private <T> String shown(Setting<T> setting) {
        Object written = setting.type().write(values.get(setting));
        if (written instanceof Map<?, ?> map) {
            Map<Object, Object> masked = new LinkedHashMap<>();
            map.forEach((name, value) ->
                    masked.put(name, KafkaSettingNames.secret(String.valueOf(name)) ? "******" : value));
            return YamlTree.inline(masked);
        }
        return YamlTree.inline(written);
    }
}
