package org.eridanus.live;

/**
 * What one second looked like. NaN stands for what there was nothing to measure of.
 *
 * @param time when it ended, ms since the epoch
 * @param events events tested and learned from since this process started to look
 * @param eventsPerSecond of them, in this second
 * @param listsPerSecond lists that became readable in this second
 * @param model prequential HR@10 of the model, fading average
 * @param popularity the same of popularity
 * @param sequentialRules the same of sequential rules
 * @param ranked ranked events that these are taken from
 * @param listMs from an event to its list readable, median over the latest events, ms
 * @param listMs99 the same, what one in a hundred exceeds
 * @param learnedMs from an event to a served model that has learned from it, median over the latest events, ms
 * @param learnedMs99 the same, what one in a hundred exceeds
 * @param modelVersion the version that is served, 0 for none
 */
public record Sample(
        long time,
        long events,
        double eventsPerSecond,
        double listsPerSecond,
        double model,
        double popularity,
        double sequentialRules,
        long ranked,
        double listMs,
        double listMs99,
        double learnedMs,
        double learnedMs99,
        long modelVersion) {}
