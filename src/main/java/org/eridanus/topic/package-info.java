/**
 * The topics: their names, the files that describe them ({@code topics/*.yaml}), and what brings a cluster in line
 * with those files. May import kafka-clients and Jackson's YAML reader, and nothing of the project.
 */
@NullMarked
package org.eridanus.topic;

import org.jspecify.annotations.NullMarked;
