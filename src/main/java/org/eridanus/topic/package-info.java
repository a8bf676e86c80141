/** Topics. */
@NullMarked
package org.eridanus.topic;

import org.jspecify.annotations.NullMarked;
