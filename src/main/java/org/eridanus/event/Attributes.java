package org.eridanus.event;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named attributes of a user or an item, each with one or more values ({@code genres -> [Comedy, Drama]});
 * numbers are kept in their decimal spelling. Names are in alphabetical order, so that equal attributes have
 * one encoding.
 *
 * @param values name to values, copied; no name has an empty list
 */
public record Attributes(Map<String, List<String>> values) {
    /** No attributes at all. */
    public static final Attributes NONE = new Attributes(Map.of());

    public Attributes {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        values.forEach((name, list) -> {
            if (!list.isEmpty()) {
                copy.put(name, List.copyOf(list));
            }
        });
        values = java.util.Collections.unmodifiableMap(copy);
    }

    /** The values of {@code name}, empty if the attribute is absent. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
