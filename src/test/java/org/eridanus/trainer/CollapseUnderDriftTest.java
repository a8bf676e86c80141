package org.eridanus.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.DriftingWorld;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;

/** By the default bounds, learning goes on while tastes, users and catalogue drift, and stops where events are poisoned. */
class CollapseUnderDriftTest {
    private static final ModelSettings SMALL =
            Presets.association().toBuilder().dimension(8).build();
    private static final int BLOCK = TrainerSettings.Collapse.DEFAULT.events();
    private static final double SHARE = TrainerSettings.Collapse.DEFAULT.share();
    private static final int POISONED_FROM = 12_000;
    private static final int POISONED = 4_000;

    private final Learning learning = new Learning();

    @Test
    void shouldGoOnLearningWhileUsersAndItemsComeAndGo() {
        DriftingWorld world = new DriftingWorld(1, 500, 600);

        world.begin(learning);
        while (world.events() < 40_000) {
            world.next(learning);
        }

        assertThat(world.itemsEver()).as("items, more than twice those on sale").isGreaterThan(1_300);
        assertThat(learning.ranked).isGreaterThan(25_000);
        assertGoesOn();
    }

    @Test
    void shouldGoOnLearningWhileTastesAndFashionsDrift() {
        SyntheticWorld.Settings most =
                SyntheticWorld.Settings.defaults().withSize(600, 600, 40_000).withDrift(1);
        Dataset world = SyntheticWorld.generate(most);

        world.users().forEach(learning::registered);
        world.items().forEach(learning::announced);
        world.interactions().forEach(learning::consumed);

        assertThat(learning.ranked).isEqualTo(40_000);
        assertGoesOn();
    }

    @Test
    void shouldStopLearningWhenAProducerMixesUpItems() {
        Map<String, String> mixedUp = new HashMap<>();

        learnThenPoison(interaction -> {
            if (mixedUp.isEmpty()) {
                mixedUp.putAll(learning.permutedItems());
            }
            return with(interaction, mixedUp.getOrDefault(interaction.item(), interaction.item()));
        });
    }

    @Test
    void shouldStopLearningWhenEventsAreNoise() {
        Random random = new Random(5);

        learnThenPoison(interaction -> {
            List<String> items = List.copyOf(new TreeSet<>(learning.items.keySet()));
            return with(interaction, items.get(random.nextInt(items.size())));
        });
    }

    private void assertGoesOn() {
        assertThat(learning.trainer.frozen())
                .as("HR@10 of each block: %s", learning.blocks)
                .isFalse();
        assertThat(learning.lowest())
                .as("lowest block, of the blocks before; learning stops below %s", SHARE)
                .isGreaterThan(SHARE + .15);
    }

    /** The block in which the poison begins may be mostly good; the next one is not. */
    private void learnThenPoison(UnaryOperator<Interaction> poison) {
        DriftingWorld world = new DriftingWorld(2, 500, 600);
        world.begin(learning);
        while (world.events() < POISONED_FROM) {
            world.next(learning);
        }
        assertThat(learning.trainer.frozen()).as("before").isFalse();
        int before = learning.ranked;

        learning.poison = poison;
        while (world.events() < POISONED_FROM + POISONED) {
            world.next(learning);
        }

        assertThat(learning.rankedWhenFrozen - before)
                .as("ranked events until learning stops, HR@10 of each block: %s", learning.blocks)
                .isBetween(1, 2 * BLOCK);
    }

    private static Interaction with(Interaction interaction, String item) {
        return new Interaction(
                interaction.user(), item, interaction.type(), interaction.rating(), interaction.timestamp());
    }

    /** A trainer with the default bounds, what it is told, and how well it did. */
    private static final class Learning implements DriftingWorld.Listener {
        private final FeatureSchema schema = Presets.schema(SMALL);
        private final Enricher enricher = new Enricher(schema);
        private final OnlineTrainer trainer =
                new OnlineTrainer(SMALL, new ModelDefinition(SMALL, schema).features(), TrainerSettings.DEFAULT);
        private final Map<String, UserProfile> profiles = new HashMap<>();
        private final Map<String, Item> items = new HashMap<>();
        private final List<Double> blocks = new ArrayList<>();
        private UnaryOperator<Interaction> poison = UnaryOperator.identity();
        private int events;
        private int ranked;
        private int hits;
        private int rankedWhenFrozen;

        @Override
        public void registered(UserProfile profile) {
            profiles.put(profile.id(), profile);
        }

        @Override
        public void left(String user) {
            profiles.remove(user);
            trainer.accept(new TrainingRecord.UserForgotten(user));
        }

        @Override
        public void announced(Item item) {
            items.put(item.id(), item);
            trainer.accept(new TrainingRecord.ItemAnnounced(item, schema.valuesOfItem(item)));
        }

        @Override
        public void withdrawn(String item) {
            items.remove(item);
            trainer.accept(new TrainingRecord.ItemRemoved(item));
        }

        @Override
        public void consumed(Interaction told) {
            Interaction interaction = poison.apply(told);
            JoinedInteraction joined = JoinedInteraction.of(
                            new Coordinate(0, events++),
                            interaction,
                            interaction.timestamp(),
                            FeedbackTable.ALL_POSITIVE.of(interaction))
                    .with(profiles.get(interaction.user()))
                    .with(items.get(interaction.item()));
            Evaluation evaluation = trainer.accept(
                            new TrainingRecord.Event(enricher.enrich(joined), interaction.timestamp()))
                    .orElseThrow();
            if (evaluation.ranked()) {
                ranked++;
                hits += evaluation.model() <= 10 ? 1 : 0;
                if (ranked % BLOCK == 0) {
                    blocks.add((double) hits / BLOCK);
                    hits = 0;
                }
            }
            if (rankedWhenFrozen == 0 && trainer.frozen()) {
                rankedWhenFrozen = ranked;
            }
        }

        @Override
        public void broken(String user) {
            // Refused before it comes to the trainer.
        }

        /** The least that a block had of the mean of those that it is compared with. */
        double lowest() {
            double lowest = Double.MAX_VALUE;
            for (int block = CollapseGuard.LEAST; block < blocks.size(); block++) {
                double mean = blocks.subList(Math.max(0, block - CollapseGuard.MOST), block).stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow();
                lowest = Math.min(lowest, blocks.get(block) / mean);
            }
            return lowest;
        }

        /** Each item on sale under the id of any. */
        Map<String, String> permutedItems() {
            List<String> ids = List.copyOf(new TreeSet<>(items.keySet()));
            List<String> others = new ArrayList<>(ids);
            Collections.shuffle(others, new Random(4));
            Map<String, String> permuted = new HashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                permuted.put(ids.get(i), others.get(i));
            }
            return permuted;
        }
    }
}
