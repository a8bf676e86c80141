package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.event.Item;
import org.eridanus.model.Example;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.OfflineModel;
import org.eridanus.trainer.TrainerSettings;

/**
 * A network of the stream's code, trained in rounds as the paper does: several epochs over all events in random order, each
 * event with its user's history as it was before it.
 */
final class OfflineDan implements ItemScorer {
    private final InteractionLog log;
    private final int epochs;
    private final OfflineModel model;
    private final UserContexts contexts;
    private final int[] items;

    /**
     * A network that has learned nothing.
     *
     * @param epochs rounds of {@link #fit}
     */
    OfflineDan(InteractionLog log, ModelDefinition definition, int epochs) {
        this.log = log;
        this.epochs = epochs;
        this.model = new OfflineModel(definition);
        this.contexts =
                new UserContexts(log, definition.schema(), model.network(), TrainerSettings.DEFAULT.historyLength());
        this.items = IntStream.range(0, log.items()).toArray();
        for (int item : items) {
            Item listed = log.listed(item);
            model.item(
                    log.itemId(item),
                    listed == null
                            ? definition.schema().valuesOfUnknownItem(log.itemId(item))
                            : definition.schema().valuesOfItem(listed));
        }
    }

    @Override
    public void observe(int user, int item) {
        contexts.add(user, item);
    }

    @Override
    public void fit() {
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

    @Override
    public void score(int user, float[] scores) {
        model.scores(contexts.now(user), items, items.length, scores);
    }
}
