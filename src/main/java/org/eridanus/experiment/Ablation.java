package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.eridanus.model.ModelSettings.Pairs;
import org.eridanus.model.ModelSettings.Replay;
import org.eridanus.model.ModelSettings.Rerank;
import org.eridanus.model.ModelSettings.Schedule;
import org.eridanus.model.ModelSettings.TowerSettings;
import org.eridanus.model.ModelSettingsBuilder;
import org.eridanus.model.PaperModels;
import org.eridanus.model.Presets;

/**
 * What each part of the default preset is worth: the preset, and the same without one part at a time; what forms of the
 * tower are worth to the association term alone; and what keeps the paper's form back in the stream.
 */
public final class Ablation {
    /** Mini-batches of what was the default before, with replay in the same proportion. */
    private static final int LARGE_BATCH = 16;

    /** A rate of the mix of vectors and counts as low as that of the combinations' weights. */
    private static final float SLOW_MIX = Presets.online().combinationRate();

    /** What counts in the other direction are worth where they are counted. */
    private static final float BACKWARD = 0.5f;

    /** Depths of re-ranking beside the default's. */
    private static final List<Integer> RERANKED = List.of(50, 1_000);

    /** Widths of the default's tower. */
    private static final List<Integer> HIDDEN =
            Objects.requireNonNull(Presets.online().tower()).hidden();

    private Ablation() {}

    /** The default preset, which the others are compared with, and the preset without one part each. */
    public static List<Method> methods() {
        ModelSettings online = Presets.online();
        Replay replay = online.replay();
        List<Method> methods = new ArrayList<>(Methods.named(List.of(Methods.DAN)));
        methods.add(without("tower", settings -> settings.tower(null).rerank(null)));
        Pairs pairs = Objects.requireNonNull(online.pairs());
        methods.add(without("pair counts", settings -> settings.pairs(mute(pairs))));
        methods.add(Methods.dan(
                "what came before counts half",
                online.toBuilder().pairs(pairs.withBackward(BACKWARD)).build()));
        methods.add(Methods.dan(
                "rate of the mix " + SLOW_MIX,
                online.toBuilder().pairs(pairs.withMixingRate(SLOW_MIX)).build()));
        for (var combination : FeatureSchema.online().combinations()) {
            methods.add(Methods.dan(
                    "without " + combination.name(),
                    ModelDefinition.over(online, withoutCombination(FeatureSchema.online(), combination.name()))));
        }
        methods.add(Methods.dan(
                "without the recent items' ages",
                new ModelDefinition(online, withoutAges(FeatureSchema.online(), "recent"))));
        methods.add(without("weights of combinations", settings -> settings.combinationRate(0f)));
        methods.add(without("replay", settings -> settings.replay(Replay.NONE)));
        methods.add(without(
                "replay of the whole past",
                settings -> settings.replay(new Replay(0, replay.own(), replay.ownWindow()))));
        methods.add(without(
                "replay of their own users",
                settings -> settings.replay(new Replay(replay.uniform(), 0, replay.ownWindow()))));
        methods.add(Methods.dan("mini-batches of " + LARGE_BATCH, FreshnessCurve.withBatch(online, LARGE_BATCH)));
        return methods;
    }

    /**
     * The association term alone, which the others are compared with, and the default preset with its tower and with towers of
     * other forms. What the tower is given beside the two histories is in the association term as well, because a tower
     * that learns what the association term leaves moves no rows: each of these stands beside the association term that has
     * it. In one step a mini-batch ({@link Schedule#JOINT}) the tower's gradient reaches the rows too, so that it may be given
     * vectors of its own; it then scores the whole catalogue, because the base score by itself, which re-ranking would choose by,
     * is not what is learned.
     */
    public static List<Method> towers() {
        Rerank rerank = Objects.requireNonNull(Presets.online().rerank());
        List<Method> methods = new ArrayList<>(Methods.named(List.of(Methods.ASSOCIATION, Methods.DAN)));
        for (int candidates : RERANKED) {
            methods.add(towered(
                    "best " + candidates + " re-ranked",
                    settings -> settings.rerank(new Rerank(candidates, rerank.negatives()))));
        }
        methods.add(towered("contrasted with 127", settings -> settings.rerank(new Rerank(rerank.candidates(), 127))));
        methods.add(towered("no hidden layers", settings -> settings.tower(tower(List.of(), 0.001f, true, 0f))));
        methods.add(towered(
                "layers 128-64-32", settings -> settings.tower(tower(List.of(128, 64, 32), 0.001f, true, 0f))));
        methods.add(towered("rate .003", settings -> settings.tower(tower(HIDDEN, 0.003f, true, 0f))));
        methods.add(towered("rate .0003", settings -> settings.tower(tower(HIDDEN, 0.0003f, true, 0f))));
        methods.add(towered("output starts at random", settings -> settings.tower(tower(HIDDEN, 0.001f, false, 0f))));
        methods.add(towered("dropout .2", settings -> settings.tower(tower(HIDDEN, 0.001f, true, 0.2f))));
        ModelSettingsBuilder together = Presets.online().toBuilder()
                .schedule(Schedule.JOINT)
                .rerank(null)
                .optimiser(Optimiser.adagrad(0.1f, 0.05f).withWeightDecay(1e-3f));
        methods.add(Methods.dan("one step, tower", together.build()));
        methods.add(Methods.dan(
                "one step, tower and item's own vector",
                together.join(Presets.online().join().withSingles("item")).build()));
        methods.add(Methods.dan(
                "one step, no tower",
                together.join(Presets.online().join()).tower(null).build()));
        for (String[] more : new String[][] {{"gender", "age", "occupation"}, {"hour"}}) {
            FeatureSchema schema = withCombinations(more);
            String name = String.join(", ", more) + " · item";
            methods.add(Methods.dan(name + ", no tower", new ModelDefinition(Presets.association(), schema)));
            methods.add(Methods.dan(name + ", tower", new ModelDefinition(Presets.online(), schema)));
        }
        return methods;
    }

    /**
     * What keeps the paper's form back in the stream: the preset {@code paper}, which the others are compared with; the same with
     * scaled weights ({@link PaperModels#withScaledWeights}), and beside these more steps, another loss and no hidden
     * layers; and popularity, which any of them should beat.
     */
    public static List<Method> paper() {
        ModelSettings scaled = PaperModels.withScaledWeights(ModelDefinition.of(Presets.paper()))
                .settings();
        TowerSettings tower = Objects.requireNonNull(scaled.tower());
        List<Method> methods = new ArrayList<>(Methods.named(List.of("dan-paper-online")));
        methods.add(Methods.dan("scaled weights", scaled));
        methods.add(Methods.dan(
                "scaled weights, 28 replayed with 4",
                scaled.toBuilder().batch(4).replay(new Replay(28, 0, 1)).build()));
        methods.add(Methods.dan(
                "scaled weights, softmax over 75 negatives",
                scaled.toBuilder()
                        .loss(Loss.SAMPLED_SOFTMAX)
                        .negatives(Presets.online().negatives())
                        .pool(Presets.online().pool())
                        .build()));
        methods.add(Methods.dan(
                "scaled weights, no hidden layers",
                scaled.toBuilder()
                        .tower(new TowerSettings(List.of(), tower.optimiser(), 0f, false, List.of(), List.of(), 0f, 0f))
                        .build()));
        methods.addAll(Methods.named(List.of("popularity-decayed")));
        return methods;
    }

    private static Method towered(String what, UnaryOperator<ModelSettingsBuilder> change) {
        return Methods.dan(
                "tower, " + what, change.apply(Presets.online().toBuilder()).build());
    }

    private static TowerSettings tower(List<Integer> hidden, float rate, boolean zeroOutput, float dropout) {
        return new TowerSettings(hidden, Optimiser.adam(rate), 0f, zeroOutput, List.of(), List.of(), dropout, 0f);
    }

    /** The default's schema and the item combined with further categories. */
    private static FeatureSchema withCombinations(String... names) {
        FeatureSchema online = FeatureSchema.online();
        List<Category> categories = new ArrayList<>(online.categories());
        categories.add(Category.event("hour", new Category.Kind.Single(), "hour"));
        List<Combination> combinations = new ArrayList<>(online.combinations());
        for (String name : names) {
            combinations.add(Combination.of(name, "item"));
        }
        return new FeatureSchema(categories, combinations);
    }

    /**
     * Counts that say nothing: φ(j) = ln(1 + scale · S(j)) is 0 for a scale this small. Settings without counts would also have
     * the vectors' scale a move at the rate of the combinations' weights instead of the mix's own, which is a change by itself.
     */
    private static Pairs mute(Pairs pairs) {
        return pairs.withScale(Float.MIN_NORMAL);
    }

    private static Method without(String part, UnaryOperator<ModelSettingsBuilder> change) {
        return Methods.dan(
                "without " + part, change.apply(Presets.online().toBuilder()).build());
    }

    /** The schema with a history by place alone, whenever its items were consumed. */
    private static FeatureSchema withoutAges(FeatureSchema schema, String history) {
        return new FeatureSchema(
                schema.categories().stream()
                        .map(category ->
                                category.name().equals(history) && category.kind() instanceof Category.Kind.Past past
                                        ? Category.past(history, past.length(), past.decay())
                                        : category)
                        .toList(),
                schema.combinations());
    }

    private static FeatureSchema withoutCombination(FeatureSchema schema, String name) {
        return new FeatureSchema(
                schema.categories(),
                schema.combinations().stream()
                        .filter(combination -> !combination.name().equals(name))
                        .toList());
    }
}
