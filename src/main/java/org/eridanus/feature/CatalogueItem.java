package org.eridanus.feature;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Item;

/**
 * An announced item as the {@code catalogue} topic holds it.
 *
 * @param item the item
 * @param categories item-owned category name to active values, by the schema of the writer
 */
public record CatalogueItem(Item item, Map<String, List<String>> categories) {
    public CatalogueItem {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        categories.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        categories = java.util.Collections.unmodifiableMap(copy);
    }
}
