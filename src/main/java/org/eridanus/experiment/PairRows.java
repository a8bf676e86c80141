package org.eridanus.experiment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.EmbeddingTable;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;

/** What the rows of pair ids take: a row for each pair of values that some example meets, those of negatives included. */
final class PairRows {
    private PairRows() {}

    /**
     * Bytes of heap that they take at most on a log; 0 for a model without pair ids.
     *
     * @param epochs how often an event is learned, each time with negatives drawn anew
     */
    static long bytes(ModelDefinition definition, InteractionLog log, int epochs) {
        ModelSettings settings = definition.settings();
        List<Combination> paired = definition.schema().combinations().stream()
                .filter(combination -> settings.join().form(combination.name()) == Form.PAIR_ID)
                .toList();
        if (paired.isEmpty()) {
            return 0;
        }
        Map<String, Integer> values = values(definition.schema(), log);
        long met = log.size() * (1L + (long) settings.negatives() * epochs);
        long rows = 0;
        for (Combination combination : paired) {
            long pairs = 1;
            for (String category : combination.categories()) {
                pairs = Math.min(met, pairs * values.getOrDefault(category, log.size()));
            }
            rows += Math.min(pairs, settings.maxRows());
        }
        return rows * EmbeddingTable.heapBytesOfRow(settings);
    }

    /** How many values each category of users and items has. */
    private static Map<String, Integer> values(FeatureSchema schema, InteractionLog log) {
        Map<String, Set<String>> values = new HashMap<>();
        schema.categoriesOf(Owner.USER).forEach(category -> values.put(category.name(), new HashSet<>()));
        schema.categoriesOf(Owner.ITEM).forEach(category -> values.put(category.name(), new HashSet<>()));
        for (int user = 0; user < log.users(); user++) {
            add(values, schema.valuesOfUser(log.userId(user), log.profile(user)));
        }
        for (int item = 0; item < log.items(); item++) {
            var listed = log.listed(item);
            add(values, listed == null ? schema.valuesOfUnknownItem(log.itemId(item)) : schema.valuesOfItem(listed));
        }
        Map<String, Integer> counts = new HashMap<>();
        values.forEach((category, active) -> counts.put(category, active.size()));
        return counts;
    }

    private static void add(Map<String, Set<String>> values, Map<String, List<String>> active) {
        active.forEach((category, some) ->
                values.computeIfAbsent(category, name -> new HashSet<>()).addAll(some));
    }
}
