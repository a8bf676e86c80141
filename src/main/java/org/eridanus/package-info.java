/**
 * Eridanus, an online recommender on plain Kafka: interaction events stream in, a deep association network learns from
 * them in mini-batches, and recommendations stream out.
 *
 * <p>This package holds no code of its own. Its sub-packages form no cycles; what each is for and may import is said in
 * its own {@code package-info}.
 */
@NullMarked
package org.eridanus;

import org.jspecify.annotations.NullMarked;
