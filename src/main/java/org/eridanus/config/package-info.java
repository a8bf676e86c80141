/**
 * One YAML file, with environment variables before it, into the validated settings of every part: each setting is
 * declared in one place with its type, unit, default, range and meaning. May import the packages whose settings it
 * makes, Jackson's YAML reader, and Kafka's definitions of its own settings.
 */
@NullMarked
package org.eridanus.config;

import org.jspecify.annotations.NullMarked;
