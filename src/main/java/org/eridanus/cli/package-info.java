/**
 * The command line: commands, their options and exit codes. May import every other package; none may import it. The
 * only place that ends the JVM.
 */
@NullMarked
package org.eridanus.cli;

import org.jspecify.annotations.NullMarked;
