package org.eridanus.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eridanus.event.Limits;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.model.Generation;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.eridanus.model.ModelSettings.Pairs;
import org.eridanus.model.ModelSettings.Rerank;
import org.eridanus.model.ModelSettings.Schedule;
import org.eridanus.model.ModelSettings.TowerSettings;
import org.eridanus.model.Presets;
import org.eridanus.stream.FeaturesLimits;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.trainer.TrainerSettings;

/** Every setting there is. Defaults are those of the records that the settings become. */
final class Settings {
    private static final StreamsSettings STREAMS = StreamsSettings.of("unknown:9092", Path.of("state"));
    private static final FeaturesLimits FEATURES = FeaturesLimits.DEFAULT;
    private static final TrainerSettings TRAINER = TrainerSettings.DEFAULT;
    private static final ScorerSettings SCORER = ScorerSettings.DEFAULT;
    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MANY = 1 << 20;
    private static final Pattern SERVERS = Pattern.compile("[^\\s,:]+:\\d{1,5}(,\\s*[^\\s,:]+:\\d{1,5})*");

    static final Setting<Set<Role>> ROLES = Setting.of(
            "roles",
            ValueType.list(ValueType.choice(Role.class), 1, Role.values().length)
                    .<Set<Role>>as(EnumSet::copyOf, List::copyOf),
            EnumSet.allOf(Role.class),
            "Which roles run in this process.");

    static final Setting<String> BOOTSTRAP_SERVERS = Setting.required(
            "kafka.bootstrap-servers",
            ValueType.text("host:port, several separated by commas", SERVERS.asMatchPredicate()),
            "Where Kafka is.");
    static final Setting<Integer> THREADS = Setting.of(
            "kafka.threads",
            ValueType.whole(1, 256, "threads"),
            STREAMS.threads(),
            "Stream threads of each role. The trainer uses one, whatever this says.");
    static final Setting<Duration> COMMIT_INTERVAL = Setting.of(
            "kafka.commit-interval",
            ValueType.duration(MS, Duration.ofSeconds(5)),
            STREAMS.commitInterval(),
            "How often a role commits. What it wrote is seen by readers only then; the trainer commits more rarely.");
    static final Setting<Duration> LINGER = Setting.of(
            "kafka.linger",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(5)),
            STREAMS.linger(),
            "How long a producer waits for more records to send together. A commit sends at once what waits, so that more than"
                    + " the commit interval means: as few requests as there can be.");
    static final Setting<Duration> SESSION_TIMEOUT = Setting.of(
            "kafka.session-timeout",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(30)),
            STREAMS.sessionTimeout(),
            "After which silence the work of an instance that was killed goes to another. Brokers allow no less than"
                    + " their group.min.session.timeout.ms, 6 s by default.");
    static final Setting<Long> CACHE_BYTES = Setting.of(
            "kafka.cache-bytes",
            ValueType.bytes(0, 8L << 30),
            STREAMS.cacheBytes(),
            "What the stores of one role may hold back until it commits.");
    static final Setting<Integer> STANDBY_REPLICAS = Setting.of(
            "kafka.standby-replicas",
            ValueType.whole(0, 16, "instances"),
            STREAMS.standbys(),
            "How many other instances keep a copy of each store, to take over at once. 1 where two or more instances run.");
    static final Setting<Map<String, String>> KAFKA_ALL = Setting.of(
            "kafka.settings.all",
            ValueType.kafkaSettings(),
            Map.of(),
            "Settings of Kafka's clients and of Kafka Streams, for all roles and commands: security, above all.");
    static final Setting<Map<String, String>> KAFKA_FEATURES = kafkaSettings(Role.FEATURES);
    static final Setting<Map<String, String>> KAFKA_TRAINER = kafkaSettings(Role.TRAINER);
    static final Setting<Map<String, String>> KAFKA_SCORER = kafkaSettings(Role.SCORER);

    static final Setting<Boolean> TOPICS_APPLY = Setting.of(
            "topics.apply",
            ValueType.truth(),
            true,
            "Whether run creates missing topics and mends their settings. Without, an operator does, by topics apply.");
    static final Setting<Integer> PARTITIONS = Setting.of(
            "topics.partitions",
            ValueType.whole(1, 1_000, "partitions"),
            TopicSettings.DEFAULT.partitions(),
            "Partitions of the topics that are split by user or item. Chosen once: stores have a part for each.");
    static final Setting<Integer> REPLICATION = Setting.of(
            "topics.replication",
            ValueType.whole(TopicSettings.CLUSTER_DEFAULT, Short.MAX_VALUE, "brokers"),
            STREAMS.replication(),
            "Replication factor of topics and changelogs; " + TopicSettings.CLUSTER_DEFAULT
                    + " is the cluster's default.");
    static final Setting<TopicNames> PREFIX = Setting.of(
            "topics.prefix",
            ValueType.text("at most 64 letters, digits, dots, dashes and underscores", text -> true)
                    .as(TopicNames::new, TopicNames::prefix),
            TopicNames.PLAIN,
            "Stands before the names of all topics, consumer groups and transactions, so that several installations"
                    + " share a cluster.");

    static final Setting<Path> STATE_FOLDER = Setting.of(
            "state.folder",
            ValueType.text("", text -> !text.isBlank()).as(Path::of, Path::toString),
            STREAMS.stateFolder(),
            "Where stores are kept. Each instance needs one of its own; keep it over restarts.");

    static final Setting<String> HTTP_HOST = Setting.of(
            "http.host",
            ValueType.text("an address of this machine", text -> text.matches("[A-Za-z0-9.:%_\\[\\]-]{1,253}")),
            "127.0.0.1",
            "Where the HTTP server listens: this machine alone by default, 0.0.0.0 in a container.");
    static final Setting<Integer> HTTP_PORT =
            Setting.of("http.port", ValueType.whole(0, 65_535, ""), 8080, "The port; 0 is a free one.");
    static final Setting<Boolean> HTTP_WRITABLE = Setting.of(
            "http.writable",
            ValueType.truth(),
            false,
            "Whether POST /interactions tells of events, on this machine's own address alone.");

    static final Setting<String> PRESET = Setting.of(
            "model.preset",
            ValueType.choice(List.of("online", "association", "paper")),
            Presets.online().preset(),
            "The model and the schema that the settings below change: the default, the default without its tower, or the"
                    + " paper's own form.");
    static final Setting<Generation> GENERATION = Setting.of(
            "model.generation",
            ValueType.whole(1, Generation.MOST, "").as(Generation::new, Generation::number),
            Generation.FIRST,
            "Which of the models it is that learn from the training log: give another number to another model, and"
                    + " retrain builds it beside the one that is served.");
    static final Setting<Long> SEED = Setting.ofPreset(
            "model.seed",
            ValueType.wide(Long.MIN_VALUE, Long.MAX_VALUE, ""),
            ModelSettings::seed,
            "Source of every random number.");
    static final Setting<Integer> DIMENSION = Setting.ofPreset(
            "model.dimension",
            ValueType.whole(4, 1_024, "values"),
            ModelSettings::dimension,
            "Length of an embedding vector, a multiple of 4.");
    static final Setting<Float> INITIAL_DEVIATION = Setting.ofPreset(
            "model.initial-deviation",
            real(0, true, 10),
            ModelSettings::initialDeviation,
            "Standard deviation of initial embeddings.");
    static final Setting<Integer> NEGATIVES = Setting.ofPreset(
            "model.negatives",
            ValueType.whole(1, 10_000, "items"),
            ModelSettings::negatives,
            "Negatives drawn for each positive.");
    static final Setting<Integer> POOL = Setting.ofPreset(
            "model.pool",
            ValueType.whole(0, MANY, "items"),
            ModelSettings::pool,
            "Distinct items that a mini-batch draws its negatives from; 0 draws from the whole catalogue.");
    static final Setting<Integer> BATCH = Setting.ofPreset(
            "model.batch", ValueType.whole(1, 4_096, "events"), ModelSettings::batch, "New events in a mini-batch.");
    static final Setting<Integer> REPLAY_UNIFORM = Setting.ofPreset(
            "model.replay.uniform",
            ValueType.whole(0, 4_096, "events"),
            model -> model.replay().uniform(),
            "Past events learned again with a full mini-batch, drawn from all that is remembered.");
    static final Setting<Integer> REPLAY_OWN = Setting.ofPreset(
            "model.replay.own",
            ValueType.whole(0, 4_096, "events"),
            model -> model.replay().own(),
            "The same, drawn from the newest events of the mini-batch's own users.");
    static final Setting<Integer> REPLAY_OWN_WINDOW = Setting.ofPreset(
            "model.replay.own-window",
            ValueType.whole(1, MANY, "events"),
            model -> model.replay().ownWindow(),
            "How far back the own ones reach.");
    static final Setting<Optimiser.Kind> OPTIMISER_KIND = Setting.ofPreset(
            "model.optimiser.kind",
            ValueType.choice(Optimiser.Kind.class),
            model -> model.optimiser().kind(),
            "How embeddings move. Presets with an association term need adagrad.");
    static final Setting<Float> OPTIMISER_RATE = Setting.ofPreset(
            "model.optimiser.rate",
            real(0, true, 10),
            model -> model.optimiser().rate(),
            "Learning rate of embeddings.");
    static final Setting<Float> OPTIMISER_ACCUMULATOR = Setting.ofPreset(
            "model.optimiser.initial-accumulator",
            real(0, false, 1e6),
            model -> model.optimiser().initialAccumulator(),
            "Adagrad's initial accumulator; above 0 with adagrad.");
    static final Setting<Float> OPTIMISER_DECAY = Setting.ofPreset(
            "model.optimiser.weight-decay",
            real(0, false, 1),
            model -> model.optimiser().weightDecay(),
            "Pulls the embeddings of a mini-batch towards 0.");
    static final Setting<Float> OPTIMISER_NEGLIGIBLE = Setting.ofPreset(
            "model.optimiser.negligible",
            real(0, false, 1),
            model -> model.optimiser().negligible(),
            "Candidates with a smaller gradient stay as they are, which saves writing them.");
    static final Setting<Boolean> PAIRS = Setting.ofPreset(
            "model.pairs.enabled",
            ValueType.truth(),
            model -> model.pairs() != null,
            "Whether the score has the pair counts of the memorising combination.");
    static final Setting<Integer> PAIRS_WINDOW = Setting.ofPreset(
            "model.pairs.window",
            ValueType.whole(1, Limits.HISTORY, "items"),
            pairs(Pairs::window),
            "Newest history items that an event is counted for.");
    static final Setting<Integer> PAIRS_SCANNED = Setting.ofPreset(
            "model.pairs.scanned",
            ValueType.whole(1, Limits.HISTORY, "items"),
            pairs(Pairs::scanned),
            "Newest history items that give evidence.");
    static final Setting<Float> PAIRS_DECAY =
            Setting.ofPreset("model.pairs.decay", real(0, true, 1), pairs(Pairs::decay), "Weight of each further one.");
    static final Setting<Float> PAIRS_SCALE = Setting.ofPreset(
            "model.pairs.scale", real(0, true, 1e6), pairs(Pairs::scale), "Factor inside the logarithm of a count.");
    static final Setting<Float> PAIRS_BACKWARD = Setting.ofPreset(
            "model.pairs.backward",
            real(0, false, 1),
            pairs(Pairs::backward),
            "What it counts for an item that another came before it, where what followed counts 1.");
    static final Setting<Integer> PAIRS_SUCCESSORS = Setting.ofPreset(
            "model.pairs.max-successors",
            ValueType.whole(1, 4_096, "items"),
            pairs(Pairs::maxSuccessors),
            "Successors that an item keeps.");
    static final Setting<Integer> PAIRS_PUBLISHED = Setting.ofPreset(
            "model.pairs.published-successors",
            ValueType.whole(1, 4_096, "items"),
            pairs(Pairs::publishedSuccessors),
            "Successors of an item that travel to the scorers.");
    static final Setting<Float> PAIRS_WEIGHT = Setting.ofPreset(
            "model.pairs.initial-weight",
            real(0, false, 100),
            pairs(Pairs::initialWeight),
            "Weight of the counts in the score at the start.");
    static final Setting<Float> PAIRS_RATE = Setting.ofPreset(
            "model.pairs.mixing-rate",
            real(0, true, 10),
            pairs(Pairs::mixingRate),
            "Learning rate of that weight, of the scale of the association term and of overlaps' weights.");
    static final Setting<Boolean> TOWER = Setting.ofPreset(
            "model.tower.enabled", ValueType.truth(), model -> model.tower() != null, "Whether there is a tower.");
    static final Setting<List<Integer>> TOWER_HIDDEN = Setting.ofPreset(
            "model.tower.hidden",
            ValueType.list(ValueType.whole(1, 4_096, ""), 0, 8),
            tower(TowerSettings::hidden),
            "Widths of the tower's hidden layers; none leaves a learned weight for each of its inputs.");
    static final Setting<Optimiser.Kind> TOWER_OPTIMISER = Setting.ofPreset(
            "model.tower.optimiser",
            ValueType.choice(Optimiser.Kind.class),
            tower(tower -> tower.optimiser().kind()),
            "How the tower's parameters move.");
    static final Setting<Float> TOWER_RATE = Setting.ofPreset(
            "model.tower.rate",
            real(0, true, 10),
            tower(tower -> tower.optimiser().rate()),
            "Learning rate of the tower.");
    static final Setting<Float> TOWER_ACCUMULATOR = Setting.ofPreset(
            "model.tower.initial-accumulator",
            real(0, false, 1e6),
            tower(tower -> tower.optimiser().initialAccumulator()),
            "Adagrad's initial accumulator for the tower; above 0 with adagrad.");
    static final Setting<Float> TOWER_DECAY = Setting.ofPreset(
            "model.tower.weight-decay",
            real(0, false, 1),
            tower(tower -> tower.optimiser().weightDecay()),
            "Pulls the tower's parameters towards 0.");
    static final Setting<Float> TOWER_DEVIATION = Setting.ofPreset(
            "model.tower.initial-deviation",
            real(0, false, 10),
            tower(TowerSettings::initialDeviation),
            "Standard deviation of the tower's initial weights; 0 for the root of 2 / inputs of each layer.");
    static final Setting<List<String>> TOWER_INPUTS = Setting.ofPreset(
            "model.tower.inputs",
            ValueType.list(SchemaTypes.NAME, 0, FeatureSchema.MAX_SIZE),
            tower(TowerSettings::inputs),
            "Combinations and single categories that enter the first layer; none for all but those of wide.");
    static final Setting<List<String>> TOWER_WIDE = Setting.ofPreset(
            "model.tower.wide",
            ValueType.list(SchemaTypes.NAME, 0, FeatureSchema.MAX_SIZE),
            tower(TowerSettings::wide),
            "Those that reach the output by a linear layer of their own, beside the hidden ones, as in NCF.");
    static final Setting<Integer> TOWER_RERANK = Setting.ofPreset(
            "model.tower.rerank",
            ValueType.whole(0, MANY, "items"),
            model -> rerank(model, Rerank::candidates, 0),
            "Candidates that the association term hands to the tower; 0, for presets without one, for the whole catalogue.");
    static final Setting<Integer> TOWER_NEGATIVES = Setting.ofPreset(
            "model.tower.negatives",
            ValueType.whole(1, 10_000, "items"),
            model -> rerank(model, Rerank::negatives, 31),
            "Candidates that an example of a re-ranking tower is contrasted with.");
    static final Setting<Boolean> TOWER_ZERO = Setting.ofPreset(
            "model.tower.zero-output",
            ValueType.truth(),
            tower(TowerSettings::zeroOutput),
            "Whether the output layer starts at 0, so that the tower first changes nothing.");
    static final Setting<Float> TOWER_DROPOUT = Setting.ofPreset(
            "model.tower.dropout",
            real(0, false, 0.95),
            tower(TowerSettings::dropout),
            "Share of the tower's inputs that each example is trained without.");
    static final Setting<Float> TOWER_HIDDEN_DROPOUT = Setting.ofPreset(
            "model.tower.hidden-dropout",
            real(0, false, 0.95),
            tower(TowerSettings::hiddenDropout),
            "The same of the hidden layers' values.");
    static final Setting<Boolean> ASSOCIATION = Setting.ofPreset(
            "model.association",
            ValueType.truth(),
            ModelSettings::association,
            "Whether the linear association term, with its item bias, is part of the score. Without it, the defaults leave out"
                    + " pair counts, overlaps, weights of combinations and re-ranking, and the schedule is joint.");
    static final Setting<Float> COMBINATION_RATE = Setting.ofPreset(
            "model.combination-rate",
            real(0, false, 10),
            ModelSettings::combinationRate,
            "Learning rate of a weight of each combination in the association term; 0 leaves every weight at 1.");
    static final Setting<Schedule> SCHEDULE = Setting.ofPreset(
            "model.schedule",
            ValueType.choice(Schedule.class),
            ModelSettings::schedule,
            "What moves when: examples one after the other by the association term, or everything together by the mean"
                    + " gradient of a mini-batch.");
    static final Setting<Loss> LOSS = Setting.ofPreset(
            "model.loss", ValueType.choice(Loss.class), ModelSettings::loss, "What training minimises.");
    static final Setting<JointFeature.Form> JOIN_FORM = Setting.ofPreset(
            "model.join.form",
            ValueType.choice(JointFeature.Form.class),
            model -> model.join().form(),
            "How the vectors of a combination's categories are joined; overlap compares values that are said of items instead"
                    + " and has no vectors.");
    static final Setting<Map<String, JointFeature.Form>> JOIN_FORMS = Setting.ofPreset(
            "model.join.forms",
            ValueType.byName(ValueType.choice(JointFeature.Form.class), "{user·item: outer-product}"),
            model -> model.join().forms(),
            "Exceptions from it, by the combination's name; those of the preset hold for combinations that the schema has.");
    static final Setting<JoinSettings.Tables> JOIN_TABLES = Setting.ofPreset(
            "model.join.tables",
            ValueType.choice(JoinSettings.Tables.class),
            model -> model.join().tables(),
            "Whether a category has one vector for each combination or shares one among all.");
    static final Setting<Boolean> JOIN_TIED = Setting.ofPreset(
            "model.join.tied",
            ValueType.truth(),
            model -> model.join().tied(),
            "Whether histories take their rows from the candidate's vectors.");
    static final Setting<List<String>> JOIN_SINGLES = Setting.ofPreset(
            "model.join.singles",
            ValueType.list(SchemaTypes.NAME, 0, FeatureSchema.MAX_SIZE),
            model -> model.join().singles(),
            "Categories whose vectors the tower sees beside the combinations.");
    static final Setting<Float> MAX_GRADIENT = Setting.ofPreset(
            "model.max-gradient",
            real(0, true, 1e12),
            ModelSettings::maxGradient,
            "The longest gradient that may reach the model; longer ones are refused and counted.");
    static final Setting<Integer> MAX_ROWS = Setting.ofPreset(
            "model.max-rows",
            ValueType.whole(1, 100_000_000, "rows"),
            ModelSettings::maxRows,
            "Rows that a table may hold; further ones are refused and counted.");

    static final Setting<List<Category>> CATEGORIES = Setting.ofPreset(
            "schema.categories",
            SchemaTypes.CATEGORIES,
            model -> Presets.schema(model).categories(),
            "The categories that events are described by.");
    static final Setting<List<Combination>> COMBINATIONS = Setting.ofPreset(
            "schema.combinations",
            SchemaTypes.COMBINATIONS,
            model -> Presets.schema(model).combinations(),
            "Which categories are combined, such as [recent, item]; all combines every two that the paper's rule allows.");

    static final Setting<List<FeedbackTable.Row>> FEEDBACK_ROWS = Setting.of(
            "feedback.rows",
            SchemaTypes.ROWS,
            FeedbackTable.ALL_POSITIVE.rows(),
            "What interactions say of their user's taste, by type and rating; the first row that matches decides.");
    static final Setting<Feedback> FEEDBACK_OTHERWISE = Setting.of(
            "feedback.otherwise",
            ValueType.choice(Feedback.class),
            FeedbackTable.ALL_POSITIVE.otherwise().feedback(),
            "What an interaction says that no row matches.");
    static final Setting<Float> FEEDBACK_WEIGHT = Setting.of(
            "feedback.otherwise-weight",
            real(0, true, 1e6),
            FeedbackTable.ALL_POSITIVE.otherwise().weight(),
            "How much it counts.");

    static final Setting<Duration> TICK_EVERY = Setting.of(
            "features.tick-every",
            ValueType.duration(MS, Duration.ofSeconds(5)),
            FEATURES.tickEvery(),
            "How often to look whether the training log needs a tick.");
    static final Setting<Duration> TICK_AFTER = Setting.of(
            "features.tick-after",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(5)),
            FEATURES.tickAfter(),
            "How long a record waits for a tick at least.");
    static final Setting<Integer> MAX_USERS = Setting.of(
            "features.max-users",
            ValueType.whole(0, 1_000_000_000, "users"),
            0,
            "Users whose histories are kept, each partition its share; beyond, those seen least recently are evicted. 0"
                    + " keeps all.");

    static final Setting<Integer> VERSION_RECORDS = Setting.of(
            "trainer.version-records",
            ValueType.whole(1, 65_536, "records"),
            TRAINER.versionRecords(),
            "Records of the training log after which a version of the model is closed at the latest. Never make it"
                    + " smaller while state is kept.");
    static final Setting<Duration> VERSION_AGE = Setting.of(
            "trainer.version-age",
            ValueType.duration(Duration.ZERO, DAY),
            Duration.ofMillis(TRAINER.versionAge()),
            "A tick closes a version whose oldest record was logged this long before; four times as long where a version"
                    + " has more than a sixteenth of `trainer.version-records`, for then it rewrites most of the catalogue."
                    + " At most `features.tick-after`: the last tick comes that long after the last record.");
    static final Setting<Integer> HISTORY_LENGTH = Setting.of(
            "trainer.history-length",
            ValueType.whole(1, Limits.HISTORY, "items"),
            TRAINER.historyLength(),
            "Newest items of a user's history that the model learns from.");
    static final Setting<Integer> WINDOW = Setting.of(
            "trainer.window",
            ValueType.whole(1, 100_000_000, "events"),
            TRAINER.window(),
            "Positive events that the trainer remembers, for replay and counts.");
    static final Setting<Long> POPULARITY_HALF_LIFE = Setting.of(
            "trainer.popularity-half-life",
            ValueType.wide(1, Long.MAX_VALUE, "events"),
            TRAINER.popularityHalfLife(),
            "Events after which one counts half for the popularity control line.");
    static final Setting<Long> START_HALF_LIFE = Setting.of(
            "trainer.start-half-life",
            ValueType.wide(1, Long.MAX_VALUE, "first events"),
            TRAINER.startHalfLife(),
            "Users' first events after which one counts half for what is recommended to a user without a history.");
    static final Setting<Integer> RANKED_CATALOGUE = Setting.of(
            "trainer.ranked-catalogue",
            ValueType.whole(1, 100_000_000, "items"),
            TRAINER.rankedCatalogue(),
            "Catalogue up to which every event is tested; of a larger one, one event in so many is.");
    static final Setting<Double> PAIR_GROWTH = Setting.of(
            "trainer.pair-growth",
            ValueType.number(0, false, 1e6),
            TRAINER.pairGrowth(),
            "Growth of an item's pair counts, as a fraction, at which they are published again.");
    static final Setting<Integer> MAX_ITEMS = Setting.of(
            "trainer.max-items",
            ValueType.whole(0, 100_000_000, "items"),
            TRAINER.maxItems(),
            "Items whose rows are kept; beyond, those seen least recently are evicted. 0 keeps all.");

    static final Setting<Integer> COLLAPSE_EVENTS = Setting.of(
            "trainer.collapse-events",
            ValueType.whole(1, 1_000_000, "events"),
            TRAINER.collapse().events(),
            "Ranked events in a block whose HR@10 is compared with that of the ten blocks before.");
    static final Setting<Double> COLLAPSE_SHARE = Setting.of(
            "trainer.collapse-share",
            ValueType.number(0, false, 1),
            TRAINER.collapse().share(),
            "Learning stops of itself where a block's HR@10 falls below this share of it; 0 means never.");
    static final Setting<Double> COLLAPSE_SIGNIFICANCE = Setting.of(
            "trainer.collapse-significance",
            ValueType.number(0, false, 1e6),
            TRAINER.collapse().significance(),
            "And by more than so many standard errors.");

    static final Setting<Integer> K = Setting.of(
            "scorer.k", ValueType.whole(1, Limits.K, "items"), SCORER.k(), "Items of a list that an event leads to.");
    static final Setting<Boolean> HIDE_CONSUMED = Setting.of(
            "scorer.hide-consumed",
            ValueType.truth(),
            SCORER.hideConsumed(),
            "Whether items are left out that the user has met.");
    static final Setting<Duration> REFRESH_EVERY = Setting.of(
            "scorer.refresh-every",
            ValueType.duration(MS, Duration.ofSeconds(5)),
            SCORER.refreshEvery(),
            "How often waiting refreshes are looked after.");
    static final Setting<Integer> REFRESH_USERS = Setting.of(
            "scorer.refresh-users",
            ValueType.whole(1, MANY, "users"),
            SCORER.refreshUsers(),
            "Most users whose lists are made in one go.");
    static final Setting<Duration> REFRESH_WORK = Setting.of(
            "scorer.refresh-work",
            ValueType.duration(MS, Duration.ofMillis(4_999)),
            SCORER.refreshWork(),
            "How long one go may last, about; a transaction must end in 10 s.");
    static final Setting<Duration> BEHIND = Setting.of(
            "scorer.behind",
            ValueType.duration(Duration.ZERO, DAY),
            SCORER.behind(),
            "Age of the newest event read, beyond which input arrives faster than it is read.");
    static final Setting<Duration> PATIENCE = Setting.of(
            "scorer.patience",
            ValueType.duration(Duration.ZERO, DAY),
            SCORER.patience(),
            "How long a refresh then waits, so that more events share a list.");
    static final Setting<Integer> MAX_WAITING = Setting.of(
            "scorer.max-waiting",
            ValueType.whole(1, 10_000_000, "users"),
            SCORER.maxWaiting(),
            "Most users that wait in a task; beyond, the one that waits longest is refreshed at once.");

    /** All of them, in the order of the file. */
    static final List<Setting<?>> ALL = List.of(
            ROLES,
            BOOTSTRAP_SERVERS,
            THREADS,
            COMMIT_INTERVAL,
            LINGER,
            SESSION_TIMEOUT,
            CACHE_BYTES,
            STANDBY_REPLICAS,
            KAFKA_ALL,
            KAFKA_FEATURES,
            KAFKA_TRAINER,
            KAFKA_SCORER,
            TOPICS_APPLY,
            PARTITIONS,
            REPLICATION,
            PREFIX,
            STATE_FOLDER,
            HTTP_HOST,
            HTTP_PORT,
            HTTP_WRITABLE,
            PRESET,
            GENERATION,
            SEED,
            DIMENSION,
            INITIAL_DEVIATION,
            NEGATIVES,
            POOL,
            BATCH,
            REPLAY_UNIFORM,
            REPLAY_OWN,
            REPLAY_OWN_WINDOW,
            OPTIMISER_KIND,
            OPTIMISER_RATE,
            OPTIMISER_ACCUMULATOR,
            OPTIMISER_DECAY,
            OPTIMISER_NEGLIGIBLE,
            PAIRS,
            PAIRS_WINDOW,
            PAIRS_SCANNED,
            PAIRS_DECAY,
            PAIRS_SCALE,
            PAIRS_BACKWARD,
            PAIRS_SUCCESSORS,
            PAIRS_PUBLISHED,
            PAIRS_WEIGHT,
            PAIRS_RATE,
            TOWER,
            TOWER_HIDDEN,
            TOWER_OPTIMISER,
            TOWER_RATE,
            TOWER_ACCUMULATOR,
            TOWER_DECAY,
            TOWER_DEVIATION,
            TOWER_INPUTS,
            TOWER_WIDE,
            TOWER_RERANK,
            TOWER_NEGATIVES,
            TOWER_ZERO,
            TOWER_DROPOUT,
            TOWER_HIDDEN_DROPOUT,
            ASSOCIATION,
            COMBINATION_RATE,
            SCHEDULE,
            LOSS,
            JOIN_FORM,
            JOIN_FORMS,
            JOIN_TABLES,
            JOIN_TIED,
            JOIN_SINGLES,
            MAX_GRADIENT,
            MAX_ROWS,
            CATEGORIES,
            COMBINATIONS,
            FEEDBACK_ROWS,
            FEEDBACK_OTHERWISE,
            FEEDBACK_WEIGHT,
            TICK_EVERY,
            TICK_AFTER,
            MAX_USERS,
            VERSION_RECORDS,
            VERSION_AGE,
            HISTORY_LENGTH,
            WINDOW,
            POPULARITY_HALF_LIFE,
            START_HALF_LIFE,
            RANKED_CATALOGUE,
            PAIR_GROWTH,
            MAX_ITEMS,
            COLLAPSE_EVENTS,
            COLLAPSE_SHARE,
            COLLAPSE_SIGNIFICANCE,
            K,
            HIDE_CONSUMED,
            REFRESH_EVERY,
            REFRESH_USERS,
            REFRESH_WORK,
            BEHIND,
            PATIENCE,
            MAX_WAITING);

    private Settings() {}

    private static Setting<Map<String, String>> kafkaSettings(Role role) {
        return Setting.of(
                "kafka.settings." + role.label(),
                ValueType.kafkaSettings(),
                Map.of(),
                "The same for the role " + role.label() + " alone, before those for all.");
    }

    /** A float, in YAML by the shortest decimal that means it. */
    private static ValueType<Float> real(double min, boolean open, double max) {
        return ValueType.number(min, open, max).as(Double::floatValue, Settings::decimal);
    }

    /** The shortest decimal that means a float. */
    static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    /** What the preset says of pair counts, or the default preset where it has none. */
    private static <T> Function<ModelSettings, T> pairs(Function<Pairs, T> part) {
        return model -> part.apply(Objects.requireNonNullElseGet(
                model.pairs(), () -> Objects.requireNonNull(Presets.online().pairs())));
    }

    private static int rerank(ModelSettings model, Function<Rerank, Integer> part, int otherwise) {
        Rerank rerank = model.rerank();
        return rerank == null ? otherwise : part.apply(rerank);
    }

    private static <T> Function<ModelSettings, T> tower(Function<TowerSettings, T> part) {
        return model -> part.apply(Objects.requireNonNullElseGet(
                model.tower(), () -> Objects.requireNonNull(Presets.online().tower())));
    }
}
