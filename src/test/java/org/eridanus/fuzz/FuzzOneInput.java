package org.eridanus.fuzz;

import org.eridanus.testing.FuzzTarget;

/** Where Jazzer enters; its one argument names a target of {@link FuzzTargets}. */
public final class FuzzOneInput {
    private static FuzzTarget target = bytes -> false;

    private FuzzOneInput() {}

    /** Called once, before the first input. */
    public static void fuzzerInitialize(String[] arguments) {
        FuzzTarget named = arguments.length == 1 ? FuzzTargets.ALL.get(arguments[0]) : null;
        if (named == null) {
            throw new IllegalArgumentException("one target must be named, of " + FuzzTargets.ALL.keySet());
        }
        target = named;
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] bytes) throws Exception {
        target.accepts(bytes);
    }
}
