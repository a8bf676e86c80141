package org.eridanus.stream;

import java.time.Duration;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;

/**
 * Settings of the features role.
 *
 * @param preset name of the preset that {@code schema} comes from, for the training log
 * @param schema the categories and combinations to describe events by
 * @param feedback what interactions say of their users' taste
 * @param tickEvery how often to look whether a tick is due
 * @param tickAfter how long the oldest record that no tick followed has to wait for one, at least; with
 *     {@code tickEvery} the longest wait as well
 */
public record FeaturesSettings(
        String preset, FeatureSchema schema, FeedbackTable feedback, Duration tickEvery, Duration tickAfter) {
    /** How often to look whether a tick is due, by default. */
    public static final Duration TICK_EVERY = Duration.ofMillis(50);
    /** How old the oldest record without a tick has to be, by default. */
    public static final Duration TICK_AFTER = Duration.ofMillis(100);

    public FeaturesSettings {
        if (tickEvery.toMillis() < 1) {
            throw new IllegalArgumentException("features.tick-every must be at least 1 ms, got " + tickEvery);
        }
        if (tickAfter.isNegative()) {
            throw new IllegalArgumentException("features.tick-after must not be negative, got " + tickAfter);
        }
    }

    /** A preset with everything else by default. */
    public static FeaturesSettings of(String preset, FeatureSchema schema) {
        return new FeaturesSettings(preset, schema, FeedbackTable.ALL_POSITIVE, TICK_EVERY, TICK_AFTER);
    }
}
