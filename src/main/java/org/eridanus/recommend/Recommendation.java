package org.eridanus.recommend;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eridanus.model.Generation;
import org.jspecify.annotations.Nullable;

/**
 * A list for one user, made by one version of the model.
 *
 * @param generation the model's generation
 * @param version the version, 0 before the first
 * @param trainedThrough per source partition, the offset of the last interaction that the version has taken in
 * @param items the best first; shorter than asked for where there are not as many candidates
 * @param fallback why the model did not rank, null where it did
 * @param filtered what was kept out
 */
public record Recommendation(
        Generation generation,
        long version,
        SortedMap<Integer, Long> trainedThrough,
        List<RecommendedItem> items,
        @Nullable Fallback fallback,
        Filtered filtered) {
    public Recommendation {
        trainedThrough = Collections.unmodifiableSortedMap(new TreeMap<>(trainedThrough));
        items = List.copyOf(items);
    }

    /** The offset in a source partition up to which the version has learned, −1 where it has taken in nothing of it. */
    public long trainedThrough(int partition) {
        return trainedThrough.getOrDefault(partition, -1L);
    }
}
