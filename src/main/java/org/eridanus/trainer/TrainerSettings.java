package org.eridanus.trainer;

/**
 * How the trainer cuts versions, tests and remembers.
 *
 * @param versionRecords training-log records after which a version is closed at the latest; also the length of the ring
 *     that keeps them until then
 * @param versionAge ms; a tick closes a version whose oldest unpublished record was logged this long before it
 * @param historyLength newest history items that a context holds
 * @param window positive events remembered for replay and counts
 * @param popularityHalfLife events after which one counts half for the popularity control line
 * @param rankedCatalogue candidates up to which every event is ranked; above, one in ⌈candidates / this⌉ is
 * @param pairGrowth growth of an item's pair counts, as a fraction, at which its row is published again
 */
public record TrainerSettings(
        int versionRecords,
        long versionAge,
        int historyLength,
        int window,
        long popularityHalfLife,
        int rankedCatalogue,
        double pairGrowth) {
    /** The defaults. */
    public static final TrainerSettings DEFAULT = new TrainerSettings(512, 100, 100, 1_000_000, 5_000, 20_000, 0.05);

    public TrainerSettings {
        if (versionRecords < 1 || versionRecords > 65_536) {
            throw new IllegalArgumentException("trainer.version-records must be in [1, 65536], got " + versionRecords);
        }
        if (versionAge < 0) {
            throw new IllegalArgumentException("trainer.version-age must not be negative, got " + versionAge + " ms");
        }
    }
}
