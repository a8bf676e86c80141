/**
 * Where bytes meet types: JSON from people, read strictly and within limits, and the compact binary forms of
 * internal topics and stores. Every binary value starts with a version byte. May import {@code event},
 * {@code feature}, {@code model}, {@code recommend}, {@code evaluation} and {@code trainer}, Jackson and kafka-clients.
 */
@NullMarked
package org.eridanus.serde;

import org.jspecify.annotations.NullMarked;
