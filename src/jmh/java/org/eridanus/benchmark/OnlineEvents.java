package org.eridanus.benchmark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.CpuTime;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.TrainerSettings;

/** The trainer's core on the synthetic world, without Kafka: test, then learn. */
final class OnlineEvents {
    private OnlineEvents() {}

    /**
     * CPU time of an event, ms: ranking by the model and both control lines, and learning, over the second half of the second
     * of two passes.
     */
    static double milliseconds(ModelSettings settings) {
        List<TrainingRecord> log = log(Presets.schema(settings));
        double last = 0.0;
        for (int pass = 0; pass < 2; pass++) {
            OnlineTrainer trainer =
                    new OnlineTrainer(settings, ModelDefinition.of(settings).features(), TrainerSettings.DEFAULT);
            long half = 0;
            for (int r = 0; r < log.size(); r++) {
                half = r == log.size() / 2 ? CpuTime.now() : half;
                trainer.accept(log.get(r));
            }
            last = (CpuTime.now() - half) / 1e6 / (log.size() - log.size() / 2);
        }
        return last;
    }

    private static List<TrainingRecord> log(FeatureSchema schema) {
        Dataset world = SyntheticWorld.generate(SyntheticWorld.Settings.defaults());
        Map<String, UserProfile> users = new HashMap<>();
        world.users().forEach(user -> users.put(user.id(), user));
        List<TrainingRecord> log = new ArrayList<>();
        for (Item item : world.items()) {
            log.add(new TrainingRecord.ItemAnnounced(item, Map.of()));
        }
        for (Interaction interaction : world.interactions()) {
            long offset = log.size();
            log.add(new TrainingRecord.Event(
                    new EnrichedInteraction(
                            new Coordinate(0, offset),
                            interaction,
                            offset,
                            EnrichedInteraction.Feedback.POSITIVE,
                            1f,
                            true,
                            false,
                            schema.valuesOfUser(interaction.user(), users.get(interaction.user())),
                            List.of(),
                            0,
                            List.of(),
                            schema.hash(),
                            Attributes.NONE),
                    offset));
        }
        return log;
    }
}
