package org.eridanus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eridanus.feature.Category;
import org.eridanus.feature.FeatureSchema;
import org.jspecify.annotations.Nullable;

/**
 * What a model is, apart from its data: its settings, and the schema its examples are described by.
 *
 * @param settings how categories are joined and learned
 * @param schema which categories and combinations there are
 */
public record ModelDefinition(ModelSettings settings, FeatureSchema schema) {
    /**
     * A definition.
     *
     * @throws IllegalArgumentException for joint features that the network cannot compute, with the reason
     */
    public ModelDefinition {
        JointFeature.of(schema, settings.join());
    }

    /** A shipped preset with its schema. */
    public static ModelDefinition ofPreset(String name) {
        return of(Presets.named(name));
    }

    /** Settings with the schema of their preset. */
    public static ModelDefinition of(ModelSettings settings) {
        return new ModelDefinition(settings, Presets.schema(settings));
    }

    /** Settings over another schema than their preset's: exceptions of form for combinations that it lacks are left out. */
    public static ModelDefinition over(ModelSettings settings, FeatureSchema schema) {
        return new ModelDefinition(
                settings.toBuilder().join(settings.join().within(schema)).build(), schema);
    }

    /**
     * What another definition has otherwise, one line each: settings by their path, categories and combinations. Models of
     * definitions that differ in what shapes rows cannot read each other's.
     *
     * @param other the other definition
     * @param mine what to call this one, e.g. {@code the file}
     * @param its what to call the other one
     */
    public List<String> differences(ModelDefinition other, String mine, String its) {
        List<String> differences = new ArrayList<>();
        SortedMap<String, String> left = CanonicalSettings.of(settings);
        SortedMap<String, String> right = CanonicalSettings.of(other.settings);
        SortedSet<String> paths = new TreeSet<>(left.keySet());
        paths.addAll(right.keySet());
        for (String path : paths) {
            compare(path, left.get(path), right.get(path), mine, its, differences);
        }
        SortedSet<String> categories = new TreeSet<>();
        schema.categories().forEach(category -> categories.add(category.name()));
        other.schema.categories().forEach(category -> categories.add(category.name()));
        for (String name : categories) {
            compare(
                    "category " + name,
                    schema.category(name).map(Category::describe).orElse(null),
                    other.schema.category(name).map(Category::describe).orElse(null),
                    mine,
                    its,
                    differences);
        }
        if (!schema.combinations().equals(other.schema.combinations())) {
            differences.add("combinations: " + mine + " has " + schema.combinations() + ", " + its + " "
                    + other.schema.combinations());
        }
        return differences;
    }

    private static void compare(
            String what,
            @Nullable String left,
            @Nullable String right,
            String mine,
            String its,
            List<String> differences) {
        if (!Objects.equals(left, right)) {
            differences.add(what + ": " + mine + " has " + plain(left) + ", " + its + " " + plain(right));
        }
    }

    /** A value for people: floating-point numbers in decimal. */
    private static String plain(@Nullable String value) {
        if (value == null) {
            return "none";
        }
        return value.matches("-?0x[0-9a-f.]+p-?\\d+") ? String.valueOf((float) Double.parseDouble(value)) : value;
    }

    /** The joint features, in the order of the schema. */
    public List<JointFeature> features() {
        return JointFeature.of(schema, settings.join());
    }

    /** The same model with other settings. */
    public ModelDefinition with(ModelSettings other) {
        return new ModelDefinition(other, schema);
    }

    /**
     * A network without rows.
     *
     * @param trainable whether to keep the optimiser's state
     */
    public DeepAssociationNetwork network(boolean trainable) {
        return new DeepAssociationNetwork(settings, features(), trainable);
    }
}
