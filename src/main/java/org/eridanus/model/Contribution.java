package org.eridanus.model;

/**
 * One part of a score.
 *
 * @param combination what it comes from: a combination's name, or one of the names of {@link DeepAssociationNetwork}
 * @param value what it adds, in the score's unit (a logit)
 */
public record Contribution(String combination, float value) {}
