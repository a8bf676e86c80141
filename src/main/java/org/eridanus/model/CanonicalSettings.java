package org.eridanus.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings as plain text, path by path ({@code optimiser.rate=0x1.99999ap-4}): what their identity is computed from, and
 * how two are compared. Floating-point numbers are hexadecimal, since the decimal spelling of some differs between JDKs.
 */
final class CanonicalSettings {
    /** Components that came later, and the value that says what went without saying before; it is left out. */
    private static final Map<String, Float> LATER = Map.of("pairs.backward", 0f);

    private CanonicalSettings() {}

    /** Every value of a record and of the records in it, by its path. */
    static SortedMap<String, String> of(Record settings) {
        SortedMap<String, String> values = new TreeMap<>();
        put("", settings, values);
        return Collections.unmodifiableSortedMap(values);
    }

    private static void put(String path, @Nullable Object value, SortedMap<String, String> values) {
        if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
                Object part = read(record, component);
                if (part == null || !part.equals(LATER.get(name))) {
                    put(name, part, values);
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> put(path + "." + key, entry, values));
        } else if (value instanceof Float number) {
            values.put(path, Float.toHexString(number));
        } else if (value instanceof List<?> list) {
            values.put(path, list.toString());
        } else {
            values.put(path, value == null ? "none" : value.toString());
        }
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "components of the settings' records are public, and their accessors plain", e);
        }
    }
}
