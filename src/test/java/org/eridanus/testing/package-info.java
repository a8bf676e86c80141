/** What tests share: a broker, waiting with a deadline. */
@NullMarked
package org.eridanus.testing;

import org.jspecify.annotations.NullMarked;
