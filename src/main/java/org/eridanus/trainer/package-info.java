/**
 * The trainer without Kafka: a state machine over training records that tests on each event, then learns from it, and
 * closes versions. The stream and the experiments run the same one. Imports {@code event}, {@code feature},
 * {@code model}, {@code baseline} and {@code evaluation}.
 */
@NullMarked
package org.eridanus.trainer;

import org.jspecify.annotations.NullMarked;
