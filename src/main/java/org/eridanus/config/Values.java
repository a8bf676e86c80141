package org.eridanus.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by setting. */
final class Values {
    private final Map<Setting<?>, Object> values = new HashMap<>();

    <T> void put(Setting<T> setting, T value) {
        values.put(setting, value);
    }

    /** The value of a setting, null if it has none. */
    @SuppressWarnings("unchecked") // put takes a setting with values of its type alone
    <T> @Nullable T find(Setting<T> setting) {
        return (T) values.get(setting);
    }

    /** The value of a setting that has one. */
    <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException(setting.key() + " has neither a value nor a default");
        }
        return value;
    }
}
