package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings.TowerSettings;

/**
 * A model over those of its categories that a data set has values of. A category that is unknown of every user, or of every
 * item, would be one constant vector: it is dropped, and with it each combination that it has a part in.
 */
public final class PresentCategories {
    private static final List<String> UNKNOWN = List.of(EnrichedInteraction.UNKNOWN);

    private PresentCategories() {}

    /** The model without what a log says nothing of; the same model where nothing is absent. */
    static ModelDefinition of(ModelDefinition wanted, InteractionLog log) {
        return of(wanted, log.profiles(), log.listed());
    }

    /** What the model goes without on a log, for people; empty if nothing that it uses is absent. */
    static List<String> notes(ModelDefinition wanted, InteractionLog log) {
        return notes(wanted, log.profiles(), log.listed());
    }

    /**
     * The model without what nobody says anything of; the same model where nothing is absent.
     *
     * @param users of whom something is known
     * @param items that are listed
     */
    public static ModelDefinition of(ModelDefinition wanted, Collection<UserProfile> users, Collection<Item> items) {
        Set<String> absent = absent(wanted.schema(), users, items);
        if (absent.isEmpty()) {
            return wanted;
        }
        FeatureSchema schema = new FeatureSchema(
                wanted.schema().categories().stream()
                        .filter(category -> !absent.contains(category.name()))
                        .toList(),
                wanted.schema().combinations().stream()
                        .filter(combination -> !isAbsent(combination, absent))
                        .toList());
        Set<String> dropped = new TreeSet<>(absent);
        wanted.schema().combinations().stream()
                .filter(combination -> isAbsent(combination, absent))
                .forEach(combination -> dropped.add(combination.name()));
        JoinSettings join = wanted.settings().join();
        TowerSettings tower = wanted.settings().tower();
        return new ModelDefinition(
                wanted.settings().toBuilder()
                        .join(join.within(schema)
                                .withSingles(without(join.singles(), dropped).toArray(String[]::new)))
                        .tower(tower == null ? null : without(tower, dropped))
                        .build(),
                schema);
    }

    /**
     * What the model goes without, for people; empty if nothing that it uses is absent.
     *
     * @param users of whom something is known
     * @param items that are listed
     */
    public static List<String> notes(ModelDefinition wanted, Collection<UserProfile> users, Collection<Item> items) {
        Set<String> absent = absent(wanted.schema(), users, items);
        List<String> lost = new ArrayList<>();
        for (Combination combination : wanted.schema().combinations()) {
            if (isAbsent(combination, absent)) {
                lost.add(combination.name());
            }
        }
        for (String single : wanted.settings().join().singles()) {
            if (absent.contains(single)) {
                lost.add(single);
            }
        }
        return lost.isEmpty()
                ? List.of()
                : List.of("dropped " + String.join(", ", lost) + ": the data say nothing of "
                        + String.join(", ", absent));
    }

    private static Set<String> absent(FeatureSchema schema, Collection<UserProfile> users, Collection<Item> items) {
        Set<String> absent = new TreeSet<>();
        for (Category category : schema.categories()) {
            if (!category.isKey() && (category.owner() == Owner.USER || category.owner() == Owner.ITEM)) {
                absent.add(category.name());
            }
        }
        for (UserProfile user : users) {
            if (absent.isEmpty()) {
                return absent;
            }
            forget(absent, schema.valuesOfUser(user.id(), user));
        }
        for (Item item : items) {
            if (absent.isEmpty()) {
                return absent;
            }
            forget(absent, schema.valuesOfItem(item));
        }
        return absent;
    }

    /** Takes away the categories that have a value here. */
    private static void forget(Set<String> absent, Map<String, List<String>> values) {
        values.forEach((category, active) -> {
            if (!active.equals(UNKNOWN)) {
                absent.remove(category);
            }
        });
    }

    private static boolean isAbsent(Combination combination, Set<String> absent) {
        return combination.categories().stream().anyMatch(absent::contains);
    }

    private static TowerSettings without(TowerSettings tower, Set<String> dropped) {
        return new TowerSettings(
                tower.hidden(),
                tower.optimiser(),
                tower.initialDeviation(),
                tower.zeroOutput(),
                without(tower.inputs(), dropped),
                without(tower.wide(), dropped),
                tower.dropout(),
                tower.hiddenDropout());
    }

    private static List<String> without(List<String> names, Set<String> dropped) {
        return names.stream().filter(name -> !dropped.contains(name)).toList();
    }
}
