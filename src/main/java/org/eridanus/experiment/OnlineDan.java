package org.eridanus.experiment;

import java.util.ArrayDeque;
import java.util.BitSet;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.ModelDefinition;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.TrainerSettings;

/**
 * A preset as it learns in the stream: the records that the features role would write go to the stream's own {@link
 * OnlineTrainer}. Mini-batches are cut by count alone, since no time passes here.
 *
 * <p>With a delay, the trainer gets each event that many events late, while scoring sees every user's history at once, as
 * the scorer of the stream does when its model lags behind.
 */
final class OnlineDan implements SelfTestingScorer {
    private static final int MOST_RANKED = 1 << 30;
    private static final String TYPE = "rating";

    private final InteractionLog log;
    private final int delay;
    private final FeatureSchema schema;
    private final Enricher enricher;
    private final OnlineTrainer trainer;
    private final UserContexts contexts;
    private final CatalogueScorer scorer;
    private final BitSet announced = new BitSet();
    private final ArrayDeque<Interaction> waiting = new ArrayDeque<>();
    private long fed;

    /**
     * A trainer that has seen nothing but the listed items.
     *
     * @param delay events between an event and the update that learns from it, beyond the mini-batch
     */
    OnlineDan(InteractionLog log, ModelDefinition definition, int delay) {
        if (delay < 0) {
            throw new IllegalArgumentException("a delay must be at least 0 events, got " + delay);
        }
        TrainerSettings limits =
                TrainerSettings.DEFAULT.withRankedCatalogue(MOST_RANKED).withCollapse(TrainerSettings.Collapse.NEVER);
        this.log = log;
        this.delay = delay;
        this.schema = definition.schema();
        this.enricher = new Enricher(schema);
        this.trainer = new OnlineTrainer(definition.settings(), definition.features(), limits);
        this.contexts = new UserContexts(log, schema, trainer.network(), limits.historyLength());
        this.scorer = new CatalogueScorer(trainer.network());
        for (int item = 0; item < log.items(); item++) {
            if (log.isListed(item)) {
                announce(item);
            }
        }
    }

    @Override
    public Evaluation testThenLearn(int event) {
        if (delay > 0) {
            throw new IllegalStateException("a trainer that lags behind cannot test: score, then observe");
        }
        Evaluation evaluation = feed(log.event(event));
        remember(log.user(event), log.item(event));
        return evaluation;
    }

    @Override
    public void observe(int user, int item) {
        Interaction interaction =
                new Interaction(log.userId(user), log.itemId(item), TYPE, null, contexts.nextTime(user));
        if (delay == 0) {
            feed(interaction);
        } else {
            waiting.add(interaction);
        }
        remember(user, item);
        while (waiting.size() > delay) {
            feed(waiting.remove());
        }
    }

    private Evaluation feed(Interaction interaction) {
        JoinedInteraction joined = JoinedInteraction.of(
                        new Coordinate(0, fed++),
                        interaction,
                        interaction.timestamp(),
                        FeedbackTable.ALL_POSITIVE.of(interaction))
                .with(log.profile(log.userIndex(interaction.user())))
                .with(log.listed(log.itemIndex(interaction.item())));
        return trainer.accept(new TrainingRecord.Event(enricher.enrich(joined), interaction.timestamp()))
                .orElseThrow();
    }

    /** Notes what a user consumed; where no items are listed, consumed ones are candidates from now on. */
    private void remember(int user, int item) {
        trainer.network().admitItem(log.itemId(item));
        contexts.add(user, item);
        if (log.catalogue() == InteractionLog.Catalogue.SEEN_SO_FAR) {
            announce(item);
        }
    }

    private void announce(int item) {
        if (announced.get(item)) {
            return;
        }
        announced.set(item);
        Item listed = log.listed(item);
        trainer.accept(new TrainingRecord.ItemAnnounced(
                listed == null ? new Item(log.itemId(item), log.itemId(item), Attributes.NONE) : listed,
                listed == null ? schema.valuesOfUnknownItem(log.itemId(item)) : schema.valuesOfItem(listed)));
        if (!trainer.network().items().id(item).equals(log.itemId(item))) {
            throw new IllegalStateException("the network must number items as the log does, got item "
                    + log.itemId(item) + " at " + item + " and there "
                    + trainer.network().items().id(item));
        }
    }

    @Override
    public void score(int user, float[] scores) {
        scorer.score(contexts.now(user), contexts.items(user), contexts.size(user), scores);
    }
}
