/**
 * What the model has to beat: popularity, neighbourhoods, factorisation, linear models and sequential rules behind one
 * interface, {@link org.eridanus.baseline.ItemScorer}; popularity and sequential rules are control lines in the stream as
 * well. Imports {@code feature} and {@code model}.
 */
@NullMarked
package org.eridanus.baseline;

import org.jspecify.annotations.NullMarked;
