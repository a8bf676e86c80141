package org.eridanus.model;

import java.util.List;

/**
 * One part of a score.
 *
 * @param combination what it comes from: a combination's name, or one of the names of {@link DeepAssociationNetwork}
 * @param value what it adds, in the score's unit (a logit)
 */
public record Contribution(String combination, float value) {
    /** The score that these parts explain: their sum, added up in their order. */
    public static float sum(List<Contribution> parts) {
        float sum = 0f;
        for (Contribution part : parts) {
            sum += part.value;
        }
        return sum;
    }
}
