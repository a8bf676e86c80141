/**
 * What can be looked at while the pipeline runs: the catalogue and the users by name, the latest figures and events, and
 * a way to tell of an event. It is taken from the topics by a reader of its own. Imports {@code event}, {@code feature},
 * {@code model}, {@code recommend}, {@code evaluation}, {@code accounting}, {@code serde}, {@code topic} and
 * {@code stream}, kafka-clients.
 */
@NullMarked
package org.eridanus.live;

import org.jspecify.annotations.NullMarked;
