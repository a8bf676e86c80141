package org.eridanus.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;

/**
 * How categories are joined.
 *
 * @param form of every combination that {@code forms} does not name
 * @param forms exceptions, by the combination's name
 * @param tables whether a category has one vector or one for each combination
 * @param tied whether a history takes its rows from the vectors of the candidate that it is combined with
 * @param singles categories whose vectors stand beside the combinations, for a tower
 */
public record JoinSettings(Form form, Map<String, Form> forms, Tables tables, boolean tied, List<String> singles) {
    /** Hadamard products, a table for each combination, tied histories, no single categories. */
    public static final JoinSettings DEFAULT =
            new JoinSettings(Form.HADAMARD, Map.of(), Tables.PER_COMBINATION, true, List.of());

    /** Which vectors an entity has. */
    public enum Tables {
        /** One for each combination, or single place, that its category has a part in. */
        PER_COMBINATION,
        /** One, in all of them. */
        SHARED
    }

    public JoinSettings {
        forms = Collections.unmodifiableMap(new TreeMap<>(forms));
        singles = List.copyOf(singles);
    }

    /** The form of a combination. */
    public Form form(String combination) {
        return forms.getOrDefault(combination, form);
    }

    /** The same with another form of every combination. */
    public JoinSettings with(Form all) {
        return new JoinSettings(all, Map.of(), tables, tied, singles);
    }

    /** The same with another form of one combination. */
    public JoinSettings with(String combination, Form other) {
        Map<String, Form> changed = new TreeMap<>(forms);
        changed.put(combination, other);
        return new JoinSettings(form, changed, tables, tied, singles);
    }

    /** The same without exceptions for combinations that a schema lacks. */
    public JoinSettings within(FeatureSchema schema) {
        Map<String, Form> kept = new TreeMap<>(forms);
        kept.keySet()
                .retainAll(schema.combinations().stream().map(Combination::name).toList());
        return new JoinSettings(form, kept, tables, tied, singles);
    }

    /** The same without exceptions of this form. */
    public JoinSettings without(Form exception) {
        Map<String, Form> kept = new TreeMap<>(forms);
        kept.values().removeIf(each -> each == exception);
        return new JoinSettings(form, kept, tables, tied, singles);
    }

    /** The same with other tables. */
    public JoinSettings with(Tables other) {
        return new JoinSettings(form, forms, other, tied, singles);
    }

    /** The same with these single categories. */
    public JoinSettings withSingles(String... categories) {
        return new JoinSettings(form, forms, tables, tied, List.of(categories));
    }
}
