/** Fuzzing of every parser of bytes from outside: the targets, and the inputs that are kept for them. */
@NullMarked
package org.eridanus.fuzz;

import org.jspecify.annotations.NullMarked;
