package org.eridanus.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Category.Owner;

/**
 * Turns a joined interaction into the enriched one: reads the values of every category of a schema and forms
 * its combinations. Pure, and immutable.
 *
 * <p>What was enriched by another schema carries all that this one has to know, and is {@linkplain #under enriched anew}:
 * that is how models of several schemas learn from one log.
 *
 * <p>A combination is formed when each of its categories has a value. User, item and event categories always
 * have one, if need be {@link EnrichedInteraction#UNKNOWN}; those of the history have none until the user has
 * consumed something, and then nothing is formed of them.
 */
public final class Enricher {
    private final FeatureSchema schema;
    private final List<String> all;
    private final List<String> withoutHistory;

    /** An enricher for one schema. */
    public Enricher(FeatureSchema schema) {
        this.schema = schema;
        this.all = schema.combinations().stream().map(Combination::name).toList();
        List<String> kept = new ArrayList<>();
        for (Combination combination : schema.combinations()) {
            boolean historical = combination.categories().stream()
                    .flatMap(name -> schema.category(name).stream())
                    .anyMatch(category -> category.owner() == Owner.HISTORY);
            if (!historical) {
                kept.add(combination.name());
            }
        }
        this.withoutHistory = List.copyOf(kept);
    }

    /** The enriched interaction. */
    public EnrichedInteraction enrich(JoinedInteraction joined) {
        String itemId = joined.interaction().item();
        Item item = joined.item();
        UserHistory before = joined.before();
        Map<String, List<String>> values = new TreeMap<>();
        values.putAll(schema.valuesOfUser(joined.interaction().user(), joined.profile()));
        values.putAll(item == null ? schema.valuesOfUnknownItem(itemId) : schema.valuesOfItem(item));
        values.putAll(schema.valuesOfEvent(joined.interaction()));
        return new EnrichedInteraction(
                joined.coordinate(),
                joined.interaction(),
                joined.recordTime(),
                joined.verdict().feedback(),
                joined.verdict().weight(),
                item != null,
                before.hasSeen(itemId),
                values,
                before.newest(),
                before.consumed(),
                before.newest().isEmpty() ? withoutHistory : all,
                schema.hash(),
                joined.profile() == null ? Attributes.NONE : joined.profile().attributes());
    }

    /**
     * The same record as this schema sees it; itself where it was enriched by this schema. What the feedback table and the
     * history said when the event came stays.
     */
    public TrainingRecord under(TrainingRecord record) {
        if (record instanceof TrainingRecord.Event event
                && !event.event().schema().equals(schema.hash())) {
            return new TrainingRecord.Event(under(event.event()), event.loggedAt());
        }
        if (record instanceof TrainingRecord.ItemAnnounced announced) {
            return new TrainingRecord.ItemAnnounced(announced.item(), schema.valuesOfItem(announced.item()));
        }
        return record;
    }

    private EnrichedInteraction under(EnrichedInteraction event) {
        Map<String, List<String>> values = new TreeMap<>();
        values.putAll(schema.valuesOfUser(event.user(), new UserProfile(event.user(), event.profile())));
        if (!event.itemAnnounced()) {
            values.putAll(schema.valuesOfUnknownItem(event.item()));
        }
        values.putAll(schema.valuesOfEvent(event.interaction()));
        return new EnrichedInteraction(
                event.coordinate(),
                event.interaction(),
                event.recordTime(),
                event.feedback(),
                event.weight(),
                event.itemAnnounced(),
                event.repeat(),
                values,
                event.history(),
                event.consumed(),
                event.history().isEmpty() ? withoutHistory : all,
                schema.hash(),
                event.profile());
    }
}
