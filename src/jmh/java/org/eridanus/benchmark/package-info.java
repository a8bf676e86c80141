/** Benchmarks as commands: the model's speed beside PyTorch's, and those of JMH. Part of builds with a profile alone. */
@NullMarked
package org.eridanus.benchmark;

import org.jspecify.annotations.NullMarked;
