/**
 * A Kafka broker in this JVM, for the demo and the tests. The only package that touches Kafka's internals; imports
 * nothing of the project.
 */
@NullMarked
package org.eridanus.embedded;

import org.jspecify.annotations.NullMarked;
