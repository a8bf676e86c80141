/**
 * What the model has to beat, as control lines in the stream. Imports {@code model}.
 */
@NullMarked
package org.eridanus.baseline;

import org.jspecify.annotations.NullMarked;
