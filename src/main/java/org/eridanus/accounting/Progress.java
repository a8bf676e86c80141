package org.eridanus.accounting;

/**
 * How far the pipeline has come.
 *
 * @param read interactions in their topic
 * @param deadLettered interactions refused
 * @param enriched interactions accepted
 * @param evaluated events tested on
 * @param trained events that the last version has learned from
 * @param covered events that a list follows
 * @param lists lists of recommendations
 * @param announced items announced in the training log, each time counted
 * @param firstListAt when the first list could be read, ms since the epoch; 0 before
 * @param modelVersion the last version, 0 before the first
 * @param settled whether nothing of what was read is under way
 * @param model HR@10 so far of the model, NaN before the first ranked event
 * @param popularity HR@10 so far of popularity
 * @param sequentialRules HR@10 so far of sequential rules
 */
public record Progress(
        long read,
        long deadLettered,
        long enriched,
        long evaluated,
        long trained,
        long covered,
        long lists,
        long announced,
        long firstListAt,
        long modelVersion,
        boolean settled,
        double model,
        double popularity,
        double sequentialRules) {
    /** Before anything was read. */
    public static final Progress NONE =
            new Progress(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true, Double.NaN, Double.NaN, Double.NaN);

    static Progress of(Ledger ledger, long announced, long firstListAt) {
        PrequentialTally prequential = ledger.prequential();
        return new Progress(
                ledger.read(),
                ledger.deadLettered(),
                ledger.enriched(),
                ledger.evaluated(),
                ledger.trained(),
                ledger.covered(),
                ledger.lists(),
                announced,
                firstListAt,
                ledger.modelVersion(),
                ledger.settled(),
                prequential.hitRate(PrequentialTally.Line.MODEL),
                prequential.hitRate(PrequentialTally.Line.POPULARITY),
                prequential.hitRate(PrequentialTally.Line.SEQUENTIAL_RULES));
    }

    /** Interactions that need nothing more: refused, or evaluated and covered. */
    public long done() {
        return deadLettered + Math.min(evaluated, covered);
    }

    /** What has arrived where, for a message to people. */
    public String describe() {
        return read + " interactions read, " + enriched + " enriched, " + deadLettered + " refused, " + evaluated
                + " evaluated, " + covered + " covered by a list, " + trained + " learned from";
    }
}
