package org.eridanus.stream;

import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;

/**
 * Settings of the features role.
 *
 * @param preset name of the preset that {@code schema} comes from, for the training log
 * @param schema the categories and combinations to describe events by
 * @param feedback what interactions say of their users' taste
 * @param limits when ticks are written, and how many users are kept
 */
public record FeaturesSettings(String preset, FeatureSchema schema, FeedbackTable feedback, FeaturesLimits limits) {
    /** A preset with everything else by default. */
    public static FeaturesSettings of(String preset, FeatureSchema schema) {
        return new FeaturesSettings(preset, schema, FeedbackTable.ALL_POSITIVE, FeaturesLimits.DEFAULT);
    }
}
