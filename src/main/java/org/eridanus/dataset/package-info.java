/**
 * Where interactions come from when no producer is at hand: the MovieLens reader, the synthetic world, and the
 * locator that finds either by name. Everything ends as a {@link org.eridanus.dataset.Dataset}, its interactions
 * in replay order. Imports {@code event} and {@code file}, and knows nothing of Kafka.
 */
@NullMarked
package org.eridanus.dataset;

import org.jspecify.annotations.NullMarked;
