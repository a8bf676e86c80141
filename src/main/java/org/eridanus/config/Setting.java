package org.eridanus.config;

import java.util.Locale;
import java.util.function.Function;
import org.eridanus.model.ModelSettings;
import org.jspecify.annotations.Nullable;

/**
 * One setting: everything that there is to say of it.
 *
 * @param key where it stands in the file, e.g. {@code kafka.threads}
 * @param type how its values are written and read
 * @param fallback its default under a preset; null where the setting has to be given, or where absence means something
 * @param required whether it has to be given
 * @param ofPreset whether the default depends on the preset
 * @param doc what it does, for people
 * @param <T> type of its values
 */
record Setting<T>(
        String key,
        ValueType<T> type,
        Function<ModelSettings, @Nullable T> fallback,
        boolean required,
        boolean ofPreset,
        String doc) {
    private static final String VARIABLE = "ERIDANUS_";

    /** A setting with a default. */
    static <T> Setting<T> of(String key, ValueType<T> type, T fallback, String doc) {
        return new Setting<T>(key, type, preset -> fallback, false, false, doc);
    }

    /** A setting whose default is what the preset says. */
    static <T> Setting<T> ofPreset(String key, ValueType<T> type, Function<ModelSettings, T> fallback, String doc) {
        return new Setting<T>(key, type, fallback::apply, false, true, doc);
    }

    /** A setting that has to be given. */
    static <T> Setting<T> required(String key, ValueType<T> type, String doc) {
        return new Setting<T>(key, type, preset -> null, true, false, doc);
    }

    /** A setting that may be absent. */
    static <T> Setting<T> optional(String key, ValueType<T> type, String doc) {
        return new Setting<T>(key, type, preset -> null, false, false, doc);
    }

    /** The environment variable that goes before the file, e.g. {@code ERIDANUS_KAFKA_THREADS}. */
    String variable() {
        return VARIABLE + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
