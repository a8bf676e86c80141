/**
 * Experiments without Kafka: every method by every protocol on any data set, the freshness curve, and reports and charts
 * of them. The online DAN is the stream's own {@link org.eridanus.trainer.OnlineTrainer}. Imports {@code event}, {@code
 * feature}, {@code model}, {@code baseline}, {@code recommend}, {@code evaluation}, {@code trainer} and {@code dataset}.
 */
@NullMarked
package org.eridanus.experiment;

import org.jspecify.annotations.NullMarked;
