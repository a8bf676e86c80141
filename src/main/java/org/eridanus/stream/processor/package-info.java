/**
 * One thin processor class per step: read the record, call the core, forward. May import what {@code stream}
 * may.
 */
@NullMarked
package org.eridanus.stream.processor;

import org.jspecify.annotations.NullMarked;
