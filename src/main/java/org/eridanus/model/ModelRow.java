package org.eridanus.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model as it travels and rests: one record a row. Sealed, because readers must know every kind.
 *
 * <p>Rows that hold arrays own them: whoever makes one hands them over, or passes live ones to be encoded at once.
 */
public sealed interface ModelRow {
    /**
     * What names the row among all rows of a model, readable: {@code row/item/50}, {@code description/50},
     * {@code pairs/50}, {@code dense}, {@code marker}; {@code accuracy} and {@code seen/50} in the trainer's store.
     */
    String key();

    /** An entity's embedding vectors, and what else is known of it. */
    final class Embedding implements ModelRow {
        final String table;
        final String id;
        final int index;
        final boolean candidate;
        final int occurrences;
        final double popularity;
        final double startPopularity;
        final float[] values;
        final float[] state;

        /**
         * A row.
         *
         * @param table entity kind
         * @param id entity
         * @param index its index in the table
         * @param candidate whether it may be recommended (items)
         * @param occurrences positive events so far (items)
         * @param popularity logarithm to base 2 of its decayed popularity (items)
         * @param startPopularity the same among users' first events, −∞ for an item that nobody started with (items)
         * @param values vectors, then the bias where the kind has one
         * @param state the optimiser's values, empty in a row for scorers
         */
        public Embedding(
                String table,
                String id,
                int index,
                boolean candidate,
                int occurrences,
                double popularity,
                double startPopularity,
                float[] values,
                float[] state) {
            this.table = table;
            this.id = id;
            this.index = index;
            this.candidate = candidate;
            this.occurrences = occurrences;
            this.popularity = popularity;
            this.startPopularity = startPopularity;
            this.values = values;
            this.state = state;
        }

        @Override
        public String key() {
            return keyOf(table, id);
        }

        /** The key of an entity's row. */
        public static String keyOf(String table, String id) {
            return "row/" + table + "/" + id;
        }

        public String table() {
            return table;
        }

        public String id() {
            return id;
        }

        public int index() {
            return index;
        }

        public boolean candidate() {
            return candidate;
        }

        public int occurrences() {
            return occurrences;
        }

        public double popularity() {
            return popularity;
        }

        public double startPopularity() {
            return startPopularity;
        }

        /** Live. */
        public float[] values() {
            return values;
        }

        /** Live. */
        public float[] state() {
            return state;
        }
    }

    /** What is known of an item beside its id, for models that combine it. */
    final class Description implements ModelRow {
        final String id;
        final int index;
        final int[][] values;

        /**
         * A row.
         *
         * @param id item
         * @param index its index in the item table
         * @param values rows of the active values of each item-owned category that the model reads
         */
        public Description(String id, int index, int[][] values) {
            this.id = id;
            this.index = index;
            this.values = values;
        }

        @Override
        public String key() {
            return keyOf(id);
        }

        /** The key of an item's row. */
        static String keyOf(String id) {
            return "description/" + id;
        }

        public String id() {
            return id;
        }

        public int index() {
            return index;
        }

        /** Live. */
        public int[][] values() {
            return values;
        }
    }

    /** An item's strongest successors in the pair counts. */
    final class Pairs implements ModelRow {
        final String id;
        final int index;
        final int occurrences;
        final long added;
        final int[] successors;
        final int[] counts;

        /**
         * A row.
         *
         * @param id item
         * @param index its index in the item table
         * @param occurrences events that counted it
         * @param added fixed-point sum of everything ever counted in the row, the measure of when it is due again
         * @param successors indices of the strongest successors, ascending
         * @param counts their fixed-point counts
         */
        public Pairs(String id, int index, int occurrences, long added, int[] successors, int[] counts) {
            this.id = id;
            this.index = index;
            this.occurrences = occurrences;
            this.added = added;
            this.successors = successors;
            this.counts = counts;
        }

        @Override
        public String key() {
            return keyOf(id);
        }

        /** The key of an item's row. */
        static String keyOf(String id) {
            return "pairs/" + id;
        }

        public String id() {
            return id;
        }

        public int index() {
            return index;
        }

        public int occurrences() {
            return occurrences;
        }

        public long added() {
            return added;
        }

        /** Live. */
        public int[] successors() {
            return successors;
        }

        /** Live. */
        public int[] counts() {
            return counts;
        }
    }

    /** How accurate the model was lately, in blocks of ranked events; for the trainer alone. */
    final class Accuracy implements ModelRow {
        /** The key of its one row. */
        public static final String KEY = "accuracy";

        private final int events;
        private final int hits;
        private final int[] before;

        /**
         * A row.
         *
         * @param events ranked events in the block that is being filled
         * @param hits those among them whose item was among the first 10
         * @param before the hits of the blocks before it, the oldest first
         */
        public Accuracy(int events, int hits, int[] before) {
            this.events = events;
            this.hits = hits;
            this.before = before;
        }

        @Override
        public String key() {
            return KEY;
        }

        public int events() {
            return events;
        }

        public int hits() {
            return hits;
        }

        /** Live. */
        public int[] before() {
            return before;
        }
    }

    /**
     * When an item was seen last, announced or consumed; for the trainer alone, where it evicts items.
     *
     * @param id item
     * @param index its index in the item table
     * @param record number of the training record
     */
    record Seen(String id, int index, long record) implements ModelRow {
        @Override
        public String key() {
            return keyOf(id);
        }

        /** The key of an item's row. */
        public static String keyOf(String id) {
            return "seen/" + id;
        }
    }

    /** The dense weights: the mix and the tower. */
    final class Dense implements ModelRow {
        final float[] mixing;
        final float[] mixingState;
        final float[] tower;
        final float[] firstMoments;
        final float[] secondMoments;
        final long steps;

        /**
         * A row.
         *
         * @param mixing scale a, weight w₁, the weights of combinations where these are learned, and those of overlaps
         * @param mixingState their Adagrad accumulators, empty in a row for scorers
         * @param tower the tower's flat parameters, empty without a tower
         * @param firstMoments the optimiser's first state values (Adam's first moments, Adagrad's accumulators), empty in a
         *     row for scorers
         * @param secondMoments the second ones (Adam's second moments), empty in a row for scorers
         * @param steps steps taken by the tower
         */
        public Dense(
                float[] mixing,
                float[] mixingState,
                float[] tower,
                float[] firstMoments,
                float[] secondMoments,
                long steps) {
            this.mixing = mixing;
            this.mixingState = mixingState;
            this.tower = tower;
            this.firstMoments = firstMoments;
            this.secondMoments = secondMoments;
            this.steps = steps;
        }

        @Override
        public String key() {
            return "dense";
        }

        /** Live. */
        public float[] mixing() {
            return mixing;
        }

        /** Live. */
        public float[] mixingState() {
            return mixingState;
        }

        /** Live. */
        public float[] tower() {
            return tower;
        }

        /** Live. */
        public float[] firstMoments() {
            return firstMoments;
        }

        /** Live. */
        public float[] secondMoments() {
            return secondMoments;
        }

        public long steps() {
            return steps;
        }
    }

    /**
     * Closes a version: every row before it, and not after the marker before that, belongs to it.
     *
     * @param version number of the version, from 1
     * @param records training-log records taken in so far
     * @param events interactions among them
     * @param windowStart number of the oldest positive event that is remembered
     * @param positives positive events learned from so far
     * @param starts those among them that were their users' first
     * @param batches mini-batches learned
     * @param trainedThrough per source partition, the offset of the last interaction taken in
     * @param newestRecordTime record time of the newest interaction taken in, ms since the epoch, 0 for none
     * @param rows embedding rows of this version
     * @param pairRows pair rows of this version
     * @param frozen whether learning is stopped
     * @param preset name of the preset
     * @param hash hash of the settings
     * @param kernel what the bits of matrix products depend on
     */
    record Marker(
            long version,
            long records,
            long events,
            long windowStart,
            long positives,
            long starts,
            long batches,
            SortedMap<Integer, Long> trainedThrough,
            long newestRecordTime,
            int rows,
            int pairRows,
            boolean frozen,
            String preset,
            String hash,
            String kernel)
            implements ModelRow {
        /** The constant key of every marker, so that compaction bounds them. */
        public static final String KEY = "marker";

        public Marker {
            trainedThrough = Collections.unmodifiableSortedMap(new TreeMap<>(trainedThrough));
        }

        @Override
        public String key() {
            return KEY;
        }
    }
}
