package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.event.Item;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.Example;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.OfflineModel;
import org.eridanus.trainer.TrainerSettings;

/**
 * A network of the stream's code, trained in rounds as the paper does: several epochs over all events in random order, each
 * event with its user's history as it was before it.
 *
 * <p>A network of one or two ReLUs a layer may start, or end, with all of one layer dead, and then gives every item the same
 * score: that says nothing of the method, so it is begun anew from other weights, at most {@value #MOST_STARTS} times.
 */
final class OfflineDan implements ItemScorer {
    /** How often a network is begun at most. */
    static final int MOST_STARTS = 20;

    /** From the seed of one start to that of the next, far from those of other runs. */
    private static final long NEXT_START = 1_000_003L;

    private final InteractionLog log;
    private final ModelDefinition definition;
    private final int epochs;
    private final int[] items;
    private final int[] observedUsers;
    private final int[] observedItems;
    private int observed;
    private int starts;
    private OfflineModel model;
    private UserContexts contexts;

    /**
     * A network that has learned nothing.
     *
     * @param epochs rounds of {@link #fit}
     */
    OfflineDan(InteractionLog log, ModelDefinition definition, int epochs) {
        this.log = log;
        this.definition = definition;
        this.epochs = epochs;
        this.items = IntStream.range(0, log.items()).toArray();
        this.observedUsers = new int[log.size()];
        this.observedItems = new int[log.size()];
        this.model = begun(definition);
        this.contexts = contexts();
    }

    private OfflineModel begun(ModelDefinition seeded) {
        OfflineModel begun = new OfflineModel(seeded);
        for (int item : items) {
            Item listed = log.listed(item);
            begun.item(
                    log.itemId(item),
                    listed == null
                            ? seeded.schema().valuesOfUnknownItem(log.itemId(item))
                            : seeded.schema().valuesOfItem(listed));
        }
        return begun;
    }

    private UserContexts contexts() {
        UserContexts filled =
                new UserContexts(log, definition.schema(), model.network(), TrainerSettings.DEFAULT.historyLength());
        for (int event = 0; event < observed; event++) {
            filled.add(observedUsers[event], observedItems[event]);
        }
        return filled;
    }

    @Override
    public void observe(int user, int item) {
        observedUsers[observed] = user;
        observedItems[observed++] = item;
        contexts.add(user, item);
    }

    @Override
    public void fit() {
        learn();
        starts = 1;
        while (isDead() && starts < MOST_STARTS) {
            long seed = definition.settings().seed() + NEXT_START * starts;
            model = begun(
                    definition.with(definition.settings().toBuilder().seed(seed).build()));
            contexts = contexts();
            learn();
            starts++;
        }
    }

    private void learn() {
        List<Example> examples = new ArrayList<>();
        for (int user = 0; user < log.users(); user++) {
            for (int position = 0; position < contexts.size(user); position++) {
                examples.add(contexts.example(user, position));
            }
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            model.epoch(examples);
        }
    }

    private boolean isDead() {
        float[] scores = new float[log.items()];
        score(0, scores);
        for (float score : scores) {
            if (score != scores[0]) {
                return false;
            }
        }
        return true;
    }

    /** The network as it has learned. */
    DeepAssociationNetwork network() {
        return model.network();
    }

    /** How often the network was begun, 0 before {@link #fit}. */
    int starts() {
        return starts;
    }

    @Override
    public void score(int user, float[] scores) {
        model.scores(contexts.now(user), items, items.length, scores);
    }
}
