package org.eridanus.event;

/**
 * Where an interaction stands in the {@code interactions} topic: the identity by which everything that
 * follows from it is accounted for.
 *
 * @param partition partition of the source topic, at least 0
 * @param offset offset within that partition, at least 0; offsets have gaps, so only their order means anything
 */
public record Coordinate(int partition, long offset) {
    public Coordinate {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "a coordinate must not be negative, got partition " + partition + ", offset " + offset);
        }
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
