package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eridanus.baseline.BprMf;
import org.eridanus.baseline.Ease;
import org.eridanus.baseline.ImplicitAls;
import org.eridanus.baseline.IncrementalMf;
import org.eridanus.baseline.ItemKnn;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.baseline.ItemWeights;
import org.eridanus.baseline.OnlineItemKnn;
import org.eridanus.baseline.Popularity;
import org.eridanus.baseline.RandomScorer;
import org.eridanus.baseline.RecentPopularity;
import org.eridanus.baseline.Refitted;
import org.eridanus.baseline.SequentialRules;
import org.eridanus.baseline.Slim;
import org.eridanus.baseline.UserKnn;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.PairCounts;
import org.eridanus.model.PaperModels;
import org.eridanus.model.Presets;

/** The methods that experiments know by name; README tells which settings were chosen on which part of MovieLens-100K. */
public final class Methods {
    /** The default preset, as it learns in the stream. */
    public static final String DAN = "dan-online";

    /** The same without its tower. */
    public static final String ASSOCIATION = "dan-association";

    /** The methods that learn event by event and that the default preset has to beat. */
    public static final List<String> ONLINE_BASELINES =
            List.of("popularity-decayed", "incremental-mf", "item-knn-online", "sequential-rules");

    private static final String USER_KNN = "user-knn";
    private static final String ITEM_KNN = "item-knn";

    /** A neighbourhood of a size of one's own, to choose it on the validation item: {@code user-knn-30}. */
    private static final Pattern NEIGHBOURHOOD =
            Pattern.compile("(" + USER_KNN + "|" + ITEM_KNN + ")-([1-9][0-9]{0,3})");

    /**
     * Rules with the decay that is best on the validation item of leave-one-out; over a stream that of the control line is
     * better.
     */
    private static final ModelSettings.Pairs LAST_ITEM_RULES =
            new ModelSettings.Pairs(20, 30, 0.8f, 10f, 0f, 512, 1, 0f, 0f);

    /** Those that keep a dense matrix of items × items. */
    private static final Set<String> DENSE = Set.of("ease", "slim", "ease-refitted");

    /** The paper's categories, and the genre, by which items are described as users are. */
    private static final List<Category> DESCRIBED = FeatureSchema.online().categories().stream()
            .filter(category -> category.owner() != Owner.HISTORY)
            .toList();

    /** What the JVM may hold back of a heap, as room that it copies the young generation to. */
    private static final int YOUNG_MIB = 64;

    private static final int FACTOR = 16;

    /**
     * Share of the inputs that drop out in training where vectors are multiplied: without, ten epochs learn the data by heart.
     * Chosen on the validation item, which is no better for it where vectors stand side by side.
     */
    private static final float DROPOUT = 0.2f;

    private static final int LAYERS = 3;
    private static final int MOST_LAYERS = 4;

    private static final Map<String, Method> BY_NAME = byName();

    private Methods() {}

    /**
     * Methods by name; {@code user-knn-N} and {@code item-knn-N} have N neighbours.
     *
     * @throws ExperimentException for a name that none has
     */
    public static List<Method> named(Collection<String> names) {
        return names.stream()
                .map(name -> {
                    Method method = BY_NAME.get(name);
                    Matcher neighbourhood = NEIGHBOURHOOD.matcher(name);
                    if (method == null && neighbourhood.matches()) {
                        int neighbours = Integer.parseInt(neighbourhood.group(2));
                        return neighbourhood.group(1).equals(USER_KNN)
                                ? userKnn(name, neighbours)
                                : itemKnn(name, neighbours);
                    }
                    if (method == null) {
                        throw new ExperimentException("a method must be one of " + String.join(", ", BY_NAME.keySet())
                                + "; got '" + name + "'");
                    }
                    return method;
                })
                .toList();
    }

    /**
     * Every method that can take this many items and whose rows fit into the heap; of the MLPs, those with three hidden layers.
     */
    public static List<Method> all(InteractionLog log) {
        return all(log, heapForRows());
    }

    static List<Method> all(InteractionLog log, long heapForRows) {
        return BY_NAME.values().stream()
                .filter(method -> log.items() <= ItemWeights.MOST_ITEMS || !DENSE.contains(method.name()))
                .filter(method -> method.factory().bytes(log) <= heapForRows)
                .filter(method ->
                        !method.name().startsWith("mlp-") || method.name().endsWith("-" + LAYERS))
                .toList();
    }

    /** What {@link #all} leaves out, and why, for people; empty if nothing. */
    public static List<String> leftOut(InteractionLog log) {
        return leftOut(log, heapForRows());
    }

    static List<String> leftOut(InteractionLog log, long heapForRows) {
        List<String> notes = new ArrayList<>();
        if (log.items() > ItemWeights.MOST_ITEMS) {
            notes.add("left out, because they take at most " + ItemWeights.MOST_ITEMS + " items: "
                    + String.join(", ", new TreeSet<>(DENSE)));
        }
        BY_NAME.values().stream()
                .filter(method -> method.factory().bytes(log) > heapForRows)
                .forEach(method -> notes.add("left out: " + tooLarge(method, log, heapForRows)));
        return notes;
    }

    /**
     * Refuses methods whose rows do not fit into the heap.
     *
     * @return the methods
     * @throws ExperimentException with rule, value and remedy if one does not fit
     */
    public static List<Method> fitting(List<Method> methods, InteractionLog log) {
        return fitting(methods, log, heapForRows());
    }

    static List<Method> fitting(List<Method> methods, InteractionLog log, long heapForRows) {
        for (Method method : methods) {
            if (method.factory().bytes(log) > heapForRows) {
                throw new ExperimentException(tooLarge(method, log, heapForRows));
            }
        }
        return methods;
    }

    private static String tooLarge(Method method, InteractionLog log, long heapForRows) {
        long bytes = method.factory().bytes(log);
        return "the rows of " + method.name() + " must fit into three quarters of the heap, which are "
                + (heapForRows >> 20) + " MiB, and come to " + (bytes >> 20) + " MiB on " + log.name()
                + ": start with ERIDANUS_JAVA_OPTS=-Xmx" + ((bytes / 3 * 4 >> 20) + YOUNG_MIB) + "m or more";
    }

    /** Bytes that rows of one experiment may take together: the rest of the heap is for data, examples and scores. */
    static long heapForRows() {
        return Runtime.getRuntime().maxMemory() / 4 * 3;
    }

    /** Every method that learns event by event and can take this many items. */
    public static List<Method> online(InteractionLog log) {
        return all(log).stream().filter(Method::online).toList();
    }

    static Method decayedPopularity(long halfLife) {
        return method(
                "popularity-decayed",
                true,
                false,
                Map.of("halfLife", halfLife),
                (log, seed) -> new RecentPopularity(log.items(), halfLife));
    }

    static Method userKnn(String name, int neighbours) {
        return method(
                name,
                false,
                false,
                Map.of("neighbours", neighbours),
                (log, seed) -> new UserKnn(log.users(), log.items(), neighbours));
    }

    static Method itemKnn(String name, int neighbours) {
        return method(
                name,
                false,
                false,
                Map.of("neighbours", neighbours),
                (log, seed) -> new ItemKnn(log.users(), log.items(), neighbours));
    }

    static Method bprMf(BprMf.Settings settings) {
        return method(
                "bpr-mf",
                false,
                true,
                settings(settings),
                (log, seed) -> new BprMf(log.users(), log.items(), settings, seed));
    }

    static Method implicitAls(ImplicitAls.Settings settings) {
        return method(
                "ials",
                false,
                true,
                settings(settings),
                (log, seed) -> new ImplicitAls(log.users(), log.items(), settings, seed));
    }

    static Method ease(String name, double lambda) {
        return method(
                name,
                false,
                false,
                Map.of("lambda", lambda),
                (log, seed) -> new Ease(log.users(), log.items(), lambda, 1.0));
    }

    static Method slim(double l1, double l2) {
        return method(
                "slim",
                false,
                false,
                Map.of("l1", l1, "l2", l2),
                (log, seed) -> new Slim(log.users(), log.items(), l1, l2));
    }

    static Method rules(String name, ModelSettings.Pairs settings) {
        return method(
                name,
                true,
                false,
                settings(settings),
                (log, seed) -> new SequentialRules(log.users(), log.items(), settings));
    }

    static Method isgd(IncrementalMf.Settings settings) {
        return incrementalMf("isgd", settings);
    }

    static Method incrementalMf(IncrementalMf.Settings settings) {
        return incrementalMf("incremental-mf", settings);
    }

    private static Method incrementalMf(String name, IncrementalMf.Settings settings) {
        return method(
                name,
                true,
                true,
                settings(settings),
                (log, seed) -> new IncrementalMf(log.users(), log.items(), settings, seed));
    }

    static Method onlineItemKnn(double decay) {
        return method(
                "item-knn-online",
                true,
                false,
                Map.of("decay", decay),
                (log, seed) -> new OnlineItemKnn(log.users(), log.items(), decay));
    }

    static Method easeRefitted(double lambda, double decay, int every) {
        return method(
                "ease-refitted",
                true,
                false,
                Map.of("lambda", lambda, "decay", decay, "refittedEvery", every),
                (log, seed) -> new Refitted(new Ease(log.users(), log.items(), lambda, decay), log.items(), every));
    }

    /** A preset, as it learns in the stream. */
    static Method dan(String name, ModelSettings settings) {
        return dan(name, ModelDefinition.of(settings));
    }

    /** Any model, as it learns in the stream. */
    static Method dan(String name, ModelDefinition definition) {
        Map<String, Object> settings = settings(definition.settings());
        Map<String, String> categories = new LinkedHashMap<>();
        definition.schema().categories().forEach(category -> categories.put(category.name(), category.describe()));
        settings.put("categories", categories);
        settings.put("combinations", names(definition));
        return method(
                name, true, true, settings, network(definition, 1, (log, seeded) -> new OnlineDan(log, seeded, 0)));
    }

    /** Makes a method of a network. */
    interface NetworkMaker {
        /**
         * A network that has learned nothing.
         *
         * @param seeded with the run's seed, over the categories that the log has values of
         */
        ItemScorer create(InteractionLog log, ModelDefinition seeded);
    }

    /**
     * Makes a network of what a data set has of a model's categories, and notes what it has not.
     *
     * @param epochs how often it learns an event
     */
    static Method.Factory network(ModelDefinition definition, int epochs, NetworkMaker maker) {
        return new Method.Factory() {
            @Override
            public ItemScorer create(InteractionLog log, long seed) {
                ModelDefinition seeded = definition.with(
                        definition.settings().toBuilder().seed(seed).build());
                return maker.create(log, PresentCategories.of(seeded, log));
            }

            @Override
            public long bytes(InteractionLog log) {
                return PairRows.bytes(definition, log, epochs);
            }

            @Override
            public List<String> notes(InteractionLog log) {
                return PresentCategories.notes(definition, log);
            }
        };
    }

    private static List<String> names(ModelDefinition definition) {
        return definition.schema().combinations().stream()
                .map(Combination::name)
                .toList();
    }

    /** A model of the paper, trained in rounds; its weights start as usual with ReLU, see {@link PaperModels}. */
    static Method offline(String name, ModelDefinition definition, int epochs) {
        ModelDefinition scaled = PaperModels.withScaledWeights(definition);
        Map<String, Object> settings = settings(scaled.settings());
        settings.put("epochs", epochs);
        settings.put("combinations", names(scaled));
        return method(
                name,
                false,
                true,
                settings,
                network(scaled, epochs, (log, seeded) -> new OfflineDan(log, seeded, epochs)));
    }

    /** The same, its tower's inputs dropping out. */
    private static Method offline(String name, ModelDefinition definition, int epochs, float dropout) {
        return offline(name, PaperModels.withInputDropout(definition, dropout), epochs);
    }

    /**
     * DAN over every pair of these categories that the membership rule allows. A pair id needs one value of each category,
     * so that genres, of which an item may have several, have none.
     */
    private static ModelDefinition extended(List<Category> categories, Form form) {
        return PaperModels.dan(FeatureSchema.allAllowed(categories), FACTOR, form);
    }

    private static Method method(
            String name, boolean online, boolean seeded, Map<String, Object> settings, Method.Factory factory) {
        return new Method(name, online, seeded, settings, factory);
    }

    /** The components of a settings record, by name. */
    static Map<String, Object> settings(Record settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (var component : settings.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(settings);
                if (value instanceof Record nested) {
                    value = settings(nested);
                }
                if (value != null) {
                    values.put(component.getName(), value instanceof Enum<?> constant ? constant.name() : value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record of settings must be readable, got " + settings, e);
            }
        }
        return values;
    }

    private static Map<String, Method> byName() {
        List<Method> methods = new ArrayList<>(List.of(
                dan(DAN, Presets.online()),
                dan(ASSOCIATION, Presets.association()),
                dan("dan-paper-online", Presets.paper()),
                method("random", true, true, Map.of(), (log, seed) -> new RandomScorer(log.items(), seed)),
                method("popularity", true, false, Map.of(), (log, seed) -> new Popularity(log.items())),
                decayedPopularity(5_000),
                userKnn(USER_KNN, 50),
                itemKnn(ITEM_KNN, 20),
                bprMf(new BprMf.Settings(64, 80, 0.05, 0.005)),
                implicitAls(new ImplicitAls.Settings(64, 16, 0.2, 0.01, 1.0)),
                ease("ease", 100),
                slim(2, 50),
                rules("sequential-rules", PairCounts.CONTROL_LINE),
                rules("sequential-rules-last", LAST_ITEM_RULES),
                isgd(new IncrementalMf.Settings(10, 0, 1, 0.1, 0.05, 0)),
                incrementalMf(new IncrementalMf.Settings(64, 20, 5, 0.08, 0.01, 0.7)),
                onlineItemKnn(0.8),
                easeRefitted(400, 0.85, 500),
                offline("gmf", PaperModels.gmf(FACTOR), PaperExperiment.EPOCHS, DROPOUT),
                offline("ncf", PaperModels.ncf(FACTOR), PaperExperiment.EPOCHS, DROPOUT),
                offline("dan", PaperModels.dan(FACTOR, Form.HADAMARD), PaperExperiment.EPOCHS, DROPOUT),
                offline("dan-outer", PaperModels.dan(FACTOR, Form.OUTER_PRODUCT), PaperExperiment.EPOCHS),
                offline("dan-pair-id", PaperModels.dan(FACTOR, Form.PAIR_ID), PaperExperiment.EPOCHS),
                offline(
                        "dan-mlp",
                        PaperModels.danWithMlp(FeatureSchema.paper(), FACTOR, Form.HADAMARD),
                        PaperExperiment.EPOCHS,
                        DROPOUT),
                offline("dan-extended", extended(DESCRIBED, Form.HADAMARD), PaperExperiment.EPOCHS, DROPOUT),
                offline("dan-outer-extended", extended(DESCRIBED, Form.OUTER_PRODUCT), PaperExperiment.EPOCHS),
                offline(
                        "dan-pair-id-extended",
                        extended(FeatureSchema.paper().categories(), Form.PAIR_ID),
                        PaperExperiment.EPOCHS),
                offline(
                        "dan-extended-past",
                        extended(FeatureSchema.online().categories(), Form.HADAMARD),
                        PaperExperiment.EPOCHS,
                        DROPOUT)));
        for (int layers = 0; layers <= MOST_LAYERS; layers++) {
            methods.add(offline("mlp-2-" + layers, PaperModels.mlp2(FACTOR, layers), PaperExperiment.EPOCHS));
            methods.add(offline("mlp-5-" + layers, PaperModels.mlp5(FACTOR, layers), PaperExperiment.EPOCHS));
        }
        Map<String, Method> byName = new LinkedHashMap<>();
        methods.forEach(method -> byName.put(method.name(), method));
        return byName;
    }
}
