package org.eridanus.trainer;

/**
 * How the trainer cuts versions, tests and remembers.
 *
 * @param versionRecords training-log records after which a version is closed at the latest; also the length of the ring
 *     that keeps them until then
 * @param versionAge ms; a tick closes a version whose oldest unpublished record was logged this long before it, see
 *     {@link #versionAge(long)}
 * @param historyLength newest history items that a context holds
 * @param window positive events remembered for replay and counts
 * @param popularityHalfLife events after which one counts half for the popularity control line
 * @param startHalfLife users' first events after which one counts half for what users start with
 * @param rankedCatalogue candidates up to which every event is ranked; above, one in ⌈candidates / this⌉ is
 * @param pairGrowth growth of an item's pair counts, as a fraction, at which its row is published again
 * @param collapse when learning stops of itself
 * @param maxItems items whose rows are kept; beyond, those seen least recently are evicted with the version; 0 for all
 */
public record TrainerSettings(
        int versionRecords,
        long versionAge,
        int historyLength,
        int window,
        long popularityHalfLife,
        long startHalfLife,
        int rankedCatalogue,
        double pairGrowth,
        Collapse collapse,
        int maxItems) {
    static final int BUSY_SHARE = 16;
    static final int BUSY_AGES = 4;
    private static final long START_HALF_LIFE = 300;

    /** The defaults. */
    public static final TrainerSettings DEFAULT =
            new TrainerSettings(2048, 100, 100, 1_000_000, 5_000, START_HALF_LIFE, 20_000, 0.05, Collapse.DEFAULT, 0);

    /**
     * When accuracy counts as collapsed: HR@10 over the newest block of ranked events is below a share of that over the
     * blocks before, and further below it than chance allows.
     *
     * @param events ranked events in a block
     * @param share of the HR@10 before, in [0, 1]; 0 means never
     * @param significance standard errors by which the newest block has to be below those before
     */
    public record Collapse(int events, double share, double significance) {
        /** Half the accuracy is lost within 1 000 events, six standard errors away: no drift, something is broken. */
        public static final Collapse DEFAULT = new Collapse(1_000, 0.5, 6);
        /** Never. */
        public static final Collapse NEVER = new Collapse(1_000, 0, 6);

        public Collapse {
            if (events < 1) {
                throw new IllegalArgumentException("trainer.collapse-events must be at least 1, got " + events);
            }
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("trainer.collapse-share must be in [0, 1], got " + share);
            }
            if (!(significance >= 0)) {
                throw new IllegalArgumentException(
                        "trainer.collapse-significance must not be negative, got " + significance);
            }
        }
    }

    /** Settings under which learning never stops of itself and no item is evicted. */
    public TrainerSettings(
            int versionRecords,
            long versionAge,
            int historyLength,
            int window,
            long popularityHalfLife,
            int rankedCatalogue,
            double pairGrowth) {
        this(
                versionRecords,
                versionAge,
                historyLength,
                window,
                popularityHalfLife,
                START_HALF_LIFE,
                rankedCatalogue,
                pairGrowth,
                Collapse.NEVER,
                0);
    }

    /**
     * The age at which a tick closes a version. A version rewrites every row that its mini-batches moved, with many records
     * most of the catalogue, so that it costs much the same however many there are: one of more than 1/{@value #BUSY_SHARE}
     * of {@code versionRecords} waits {@value #BUSY_AGES} times as long, unless no event came for {@code versionAge}: there may
     * be no further tick.
     *
     * @param records that the version has
     * @return ms
     */
    long versionAge(long records) {
        return records > versionRecords / BUSY_SHARE ? BUSY_AGES * versionAge : versionAge;
    }

    /** The same with another number of positive events remembered. */
    public TrainerSettings withWindow(int events) {
        return new TrainerSettings(
                versionRecords,
                versionAge,
                historyLength,
                events,
                popularityHalfLife,
                startHalfLife,
                rankedCatalogue,
                pairGrowth,
                collapse,
                maxItems);
    }

    /** The same with another number of candidates up to which every event is ranked. */
    public TrainerSettings withRankedCatalogue(int candidates) {
        return new TrainerSettings(
                versionRecords,
                versionAge,
                historyLength,
                window,
                popularityHalfLife,
                startHalfLife,
                candidates,
                pairGrowth,
                collapse,
                maxItems);
    }

    /** The same but for when learning stops of itself. */
    public TrainerSettings withCollapse(Collapse other) {
        return new TrainerSettings(
                versionRecords,
                versionAge,
                historyLength,
                window,
                popularityHalfLife,
                startHalfLife,
                rankedCatalogue,
                pairGrowth,
                other,
                maxItems);
    }

    /** The same with another bound on items. */
    public TrainerSettings withMaxItems(int items) {
        return new TrainerSettings(
                versionRecords,
                versionAge,
                historyLength,
                window,
                popularityHalfLife,
                startHalfLife,
                rankedCatalogue,
                pairGrowth,
                collapse,
                items);
    }

    public TrainerSettings {
        if (versionRecords < 1 || versionRecords > 65_536) {
            throw new IllegalArgumentException("trainer.version-records must be in [1, 65536], got " + versionRecords);
        }
        if (versionAge < 0) {
            throw new IllegalArgumentException("trainer.version-age must not be negative, got " + versionAge + " ms");
        }
        if (maxItems < 0) {
            throw new IllegalArgumentException(
                    "trainer.max-items must be at least 1, or 0 for no eviction, got " + maxItems);
        }
    }
}
