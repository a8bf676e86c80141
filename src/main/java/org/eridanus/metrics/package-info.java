/**
 * Meters: what the roles, Kafka and the JVM have to say, under names and units that last. Imports {@code event},
 * {@code model}, {@code recommend}, {@code evaluation} and the monitors of {@code stream}, micrometer, kafka-streams.
 */
@NullMarked
package org.eridanus.metrics;

import org.jspecify.annotations.NullMarked;
