package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where two models of one version come apart first. */
final class ModelDifference {
    private ModelDifference() {}

    /**
     * Tells the first row, in the order of the digest, that differs.
     *
     * @return empty if the digests are equal
     */
    static Optional<String> between(ModelSnapshot served, ModelSnapshot retrained) {
        SortedSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        keys.addAll(served.rows().keySet());
        keys.addAll(retrained.rows().keySet());
        return keys.stream()
                .map(key -> row(
                        new String(key, UTF_8),
                        served.rows().get(key),
                        retrained.rows().get(key)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> row(String key, byte @Nullable [] served, byte @Nullable [] retrained) {
        if (served == null) {
            return Optional.of("row " + key + " is not served, and replay comes to one of " + length(retrained));
        }
        if (retrained == null) {
            return Optional.of("row " + key + " is served, " + length(served) + ", and replay comes to none");
        }
        int at = Arrays.mismatch(served, retrained);
        return at < 0
                ? Optional.empty()
                : Optional.of("row " + key + " differs from byte " + at + " on: " + length(served) + " served, "
                        + length(retrained) + " by replay");
    }

    private static String length(byte @Nullable [] bytes) {
        return (bytes == null ? 0 : bytes.length) + " bytes";
    }
}
