package org.eridanus.model;

import java.util.List;
import org.eridanus.feature.FeatureSchema;

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
        ModelSettings settings = Presets.named(name);
        return new ModelDefinition(settings, Presets.schema(settings));
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
