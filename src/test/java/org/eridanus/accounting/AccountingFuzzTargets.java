package org.eridanus.accounting;

import java.util.Map;
import org.eridanus.serde.WireException;
import org.eridanus.testing.FuzzTarget;

/** Parsers of what accounting reads. */
public final class AccountingFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL = Map.of(
            "evaluation", bytes -> reads(() -> FactReader.tested(bytes)),
            "recommendation", bytes -> reads(() -> FactReader.list(bytes)));

    private AccountingFuzzTargets() {}

    private static boolean reads(Runnable reader) {
        try {
            reader.run();
            return true;
        } catch (WireException refused) {
            return false;
        }
    }
}
