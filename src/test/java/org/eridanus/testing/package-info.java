/** What tests share: a broker, a clock that they move, waiting with a deadline. */
@NullMarked
package org.eridanus.testing;

import org.jspecify.annotations.NullMarked;
