/**
 * What is recommended: the served model, candidates and filters, top-k, fallbacks, and the explanation by combination.
 * Imports {@code event}, {@code feature} and {@code model}.
 */
@NullMarked
package org.eridanus.recommend;

import org.jspecify.annotations.NullMarked;
