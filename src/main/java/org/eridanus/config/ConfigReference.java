package org.eridanus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;

/** The table of all settings, in Markdown. */
public final class ConfigReference {
    private static final List<ModelSettings> PRESETS = List.of(Presets.online(), Presets.paper());
    private static final int LONGEST_DEFAULT = 40;

    private ConfigReference() {}

    /** The table, each line ending with a line feed. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("| Setting | Type | Unit | Default | Range | Meaning |\n");
        table.append("|---|---|---|---|---|---|\n");
        for (Setting<?> setting : Settings.ALL) {
            add(table, setting, setting.key());
            for (Setting<?> field : setting.type().fields()) {
                add(table, field, setting.key() + "[]." + field.key());
            }
        }
        return table.toString();
    }

    private static void add(StringBuilder table, Setting<?> setting, String key) {
        table.append("| `").append(key).append("` | ");
        table.append(setting.type().name()).append(" | ");
        table.append(setting.type().unit()).append(" | ");
        table.append(defaults(setting)).append(" | ");
        table.append(setting.type().range()).append(" | ");
        table.append(setting.doc()).append(" |\n");
    }

    private static <T> String defaults(Setting<T> setting) {
        if (setting.required()) {
            return "required";
        }
        List<String> shown = new ArrayList<>();
        for (ModelSettings preset : setting.ofPreset() ? PRESETS : PRESETS.subList(0, 1)) {
            T value = setting.fallback().apply(preset);
            shown.add(value == null ? "" : shown(setting.type().write(value)));
        }
        if (shown.size() == 1 || Objects.equals(shown.get(0), shown.get(1))) {
            return shown.get(0);
        }
        return shown.get(0) + "; paper: " + shown.get(1);
    }

    private static String shown(Object written) {
        String text = written instanceof String || written instanceof List<?> || written instanceof Map<?, ?>
                ? YamlTree.inline(written).replace("\"", "")
                : written.toString();
        return text.length() > LONGEST_DEFAULT ? "the preset's" : text.isEmpty() ? "empty" : text;
    }
}
