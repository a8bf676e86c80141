package org.eridanus.live;

import org.eridanus.evaluation.Evaluation;

/**
 * An event that passed by, and how well it was foreseen.
 *
 * @param time when it was produced, ms since the epoch
 * @param test what the trainer made of it before it learned
 */
public record PassingEvent(long time, Evaluation test) {}
