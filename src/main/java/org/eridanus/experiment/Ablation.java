package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.ModelSettings.Replay;
import org.eridanus.model.ModelSettingsBuilder;
import org.eridanus.model.Presets;

/** What each part of the default preset is worth: the preset, and the same without one part at a time. */
public final class Ablation {
    /** Mini-batches of what was the default before, with replay in the same proportion. */
    private static final int LARGE_BATCH = 16;

    private Ablation() {}

    /** The default preset, which the others are compared with, and the preset without one part each. */
    public static List<Method> methods() {
        ModelSettings online = Presets.online();
        Replay replay = online.replay();
        List<Method> methods = new ArrayList<>(Methods.named(List.of(Methods.DAN)));
        methods.add(without("tower", settings -> settings.tower(null).rerank(null)));
        methods.add(without("pair counts", settings -> settings.pairs(null)));
        for (var combination : FeatureSchema.online().combinations()) {
            methods.add(Methods.dan(
                    "without " + combination.name(),
                    new ModelDefinition(online, withoutCombination(FeatureSchema.online(), combination.name()))));
        }
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

    private static Method without(String part, UnaryOperator<ModelSettingsBuilder> change) {
        return Methods.dan(
                "without " + part, change.apply(Presets.online().toBuilder()).build());
    }

    private static FeatureSchema withoutCombination(FeatureSchema schema, String name) {
        return new FeatureSchema(
                schema.categories(),
                schema.combinations().stream()
                        .filter(combination -> !combination.name().equals(name))
                        .toList());
    }
}
