/**
 * Proof that no event was lost, doubled or put out of order on its way through the pipeline: a ledger of what stands in
 * the topics, by coordinate, and the read-committed consumer that feeds it. Also what only the topics can tell of how
 * well events were foreseen and how fast they were answered. Meters watch; this proves.
 *
 * <p>The ledger is pure. May import {@code event}, {@code feature}, {@code model}, {@code evaluation}, {@code serde},
 * {@code topic}, kafka-clients and Jackson.
 */
@NullMarked
package org.eridanus.accounting;

import org.jspecify.annotations.NullMarked;
