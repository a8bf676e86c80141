/**
 * The topologies of the three roles, what they are made of by name, and what they count. May import everything
 * but {@code dataset} and {@code experiment}, and kafka-streams.
 */
@NullMarked
package org.eridanus.stream;

import org.jspecify.annotations.NullMarked;
