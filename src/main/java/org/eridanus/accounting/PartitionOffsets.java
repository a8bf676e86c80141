package org.eridanus.accounting;

import java.util.Arrays;
import java.util.Map;

/** An offset for each of a few partitions, in two small arrays. Immutable. */
public final class PartitionOffsets {
    /** None. */
    public static final PartitionOffsets NONE = new PartitionOffsets(new int[0], new long[0]);

    private final int[] partitions;
    private final long[] offsets;

    private PartitionOffsets(int[] partitions, long[] offsets) {
        this.partitions = partitions;
        this.offsets = offsets;
    }

    /** The offsets of a map, copied. */
    public static PartitionOffsets of(Map<Integer, Long> offsets) {
        PartitionOffsets result = NONE;
        for (Map.Entry<Integer, Long> entry : offsets.entrySet()) {
            result = result.with(entry.getKey(), entry.getValue());
        }
        return result;
    }

    /** The offset of a partition, -1 if there is none. */
    public long get(int partition) {
        int at = indexOf(partition);
        return at < 0 ? -1 : offsets[at];
    }

    /** These with another offset for one partition. */
    public PartitionOffsets with(int partition, long offset) {
        int at = indexOf(partition);
        int length = at < 0 ? partitions.length + 1 : partitions.length;
        int[] newPartitions = Arrays.copyOf(partitions, length);
        long[] newOffsets = Arrays.copyOf(offsets, length);
        int index = at < 0 ? length - 1 : at;
        newPartitions[index] = partition;
        newOffsets[index] = offset;
        return new PartitionOffsets(newPartitions, newOffsets);
    }

    private int indexOf(int partition) {
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] == partition) {
                return i;
            }
        }
        return -1;
    }
}
