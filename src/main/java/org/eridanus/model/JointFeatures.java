package org.eridanus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Normalisation;
import org.jspecify.annotations.Nullable;

/**
 * The joint features of a network as they lie in its tables: which vector of which row each side reads, how sides become
 * a joint feature, and how its gradient goes back to the rows.
 *
 * <p>Every joint feature has {@code dimension} values. What the user's side decides alone is computed once an example
 * ({@link #context}), the rest for each candidate ({@link #joint}).
 *
 * <p>Threading: as the network's; several threads may compute with a {@link DeepAssociationNetwork.Scoring} each.
 */
final class JointFeatures {
    /** The table number of the item table. */
    static final int ITEMS = -1;

    /** Stands between the ids of a pair; no id holds a control character. */
    private static final String PAIR_SEPARATOR = "\u001F";

    private static final float[] NO_WEIGHTS = new float[0];
    /** Weights below are 0, so that what is long ago moves no row. */
    private static final float NEGLIGIBLE_WEIGHT = 1f / 8192;

    /** One side of one feature. */
    static final class Side {
        /** Number of its table, {@link #ITEMS} for the items'. */
        final int table;
        /** Where its vector starts in a row of the table. */
        final int offset;
        /** Which of the context's or of the item's categories its values are; −1 for the item's id and for histories. */
        final int slot;
        /** Whether the candidate decides it. */
        final boolean ofCandidate;
        /** Where its vector lies in {@link DeepAssociationNetwork.Scoring#sides}. */
        final int at;
        /** Weight of each position of the history whatever its age, empty where it is none. */
        final float[] weights;
        /** What the sum of the first n weighted rows is multiplied by; for histories without a half-life. */
        private final float[] norms;
        /** Logarithm of what each ms of age multiplies the weight by, 0 where age does not matter. */
        private final float ageing;

        private final Normalisation normalisation;

        private Side(int table, int offset, int slot, boolean ofCandidate, int at, Kind kind) {
            this.table = table;
            this.offset = offset;
            this.slot = slot;
            this.ofCandidate = ofCandidate;
            this.at = at;
            if (kind instanceof Kind.Past past) {
                this.weights = powers((float) past.decay(), past.length());
                this.norms = norms(weights, past.normalisation());
                this.ageing = past.halfLife() == 0 ? 0f : (float) (-Math.log(2) / past.halfLife());
                this.normalisation = past.normalisation();
            } else {
                this.weights = NO_WEIGHTS;
                this.norms = NO_WEIGHTS;
                this.ageing = 0f;
                this.normalisation = kind instanceof Kind.Many many ? many.normalisation() : Normalisation.ROOT;
            }
        }

        /** Whether it is the candidate's own id. */
        boolean isItem() {
            return ofCandidate && slot < 0;
        }

        boolean isHistory() {
            return weights.length > 0;
        }

        /**
         * Weighs a history: what each of its rows is multiplied by in the side's vector.
         *
         * @param out out: the weight of each position
         * @return how many positions count; those after them have no weight
         */
        int weigh(Context context, float[] out) {
            int length = Math.min(context.length, weights.length);
            if (ageing == 0f) {
                for (int p = 0; p < length; p++) {
                    out[p] = weights[p] * norms[length];
                }
                return length;
            }
            int counting = 0;
            float sum = 0f;
            for (int p = 0; p < length; p++) {
                float w = weights[p] * FloatMath.exp(ageing * context.age(p));
                out[p] = w < NEGLIGIBLE_WEIGHT ? 0f : w;
                sum += out[p];
                counting = out[p] > 0f ? p + 1 : counting;
            }
            float norm = (float) normalisation.factor(sum);
            for (int p = 0; p < counting; p++) {
                out[p] *= norm;
            }
            return counting;
        }

        /** What the sum of n rows is multiplied by, for sides of values. */
        float norm(int n) {
            return n == 1 ? 1f : (float) normalisation.factor(n);
        }
    }

    /** A feature with its sides laid out. */
    static final class Laid {
        final JointFeature feature;
        final Side[] sides;
        /** Whether it is a summand of the association term. */
        final boolean associated;
        /** Whether it is a Hadamard product of the user's side with the candidate's. */
        final boolean factorises;
        /** Where a candidate's part in such a product lies in the item's own row, −1 where it is more than that. */
        final int ownOffset;
        /**
         * Where it lies for a summand of the association term that is linear in this part, of which it is all that the
         * candidate decides; else −1.
         */
        final int itemOffset;
        /** The side that lies there, −1 where there is none. */
        final int itemSide;
        /** Number of its weight in {@link DeepAssociationNetwork#mixing}, −1 where that is 1 for good. */
        final int weight;
        /** Number of the table of its pairs, −1 where it has none. */
        final int pairTable;
        /** The embedding of its outer product, null where it has none. */
        final @Nullable OuterEmbedding outer;
        /** How many overlaps come before it, −1 where it is none. */
        final int overlap;

        private final boolean ofCandidate;

        private Laid(
                JointFeature feature,
                Side[] sides,
                boolean associated,
                int weight,
                int pairTable,
                @Nullable OuterEmbedding outer,
                int overlap) {
            this.feature = feature;
            this.overlap = overlap;
            this.weight = weight;
            this.factorises = feature.factorises();
            this.sides = sides;
            this.associated = associated;
            this.pairTable = pairTable;
            this.outer = outer;
            this.ofCandidate = feature.ofCandidate();
            int own = -1;
            int candidates = 0;
            for (int s = 0; s < sides.length; s++) {
                candidates += sides[s].ofCandidate ? 1 : 0;
                own = sides[s].isItem() ? s : own;
            }
            int offset = own < 0 || candidates > 1 ? -1 : sides[own].offset;
            this.ownOffset = factorises ? offset : -1;
            this.itemOffset = associated && (factorises || outer != null) ? offset : -1;
            this.itemSide = itemOffset < 0 ? -1 : own;
        }

        /** Whether the candidate plays a part in it. */
        boolean ofCandidate() {
            return ofCandidate;
        }

        /** The side that is a history, if it is the only one of the context: the common case, with a path of its own. */
        @Nullable
        Side soleHistory() {
            return factorises && itemOffset >= 0 && sides.length == 2
                    ? sides[0].isHistory() ? sides[0] : sides[1].isHistory() ? sides[1] : null
                    : null;
        }
    }

    private final FloatKernel kernel = FloatKernels.CURRENT;
    final Laid[] features;
    final int dimension;
    /** Width of an item's row. */
    final int itemWidth;
    /** Categories of the context with values, in the order of {@link Context#values}. */
    final List<String> contextCategories;
    /** Categories of the item other than its id. */
    final List<String> itemCategories;
    /** Further tables, the context's categories first, then the item's, then pairs. */
    final EmbeddingTable[] tables;
    /** Whether the rows of a table belong to one user each. */
    final boolean[] ownedByUser;

    private final EmbeddingTable items;
    private final int sideValues;
    /** Learned weights of combinations. */
    final int weights;

    private final boolean pairs;
    /** Items of the longest history that a side is made of; 0 where there is none. */
    final int longestPast;
    /** Per category of {@link #itemCategories} and item: rows of its active values. */
    private int[][][] itemValues;
    /** Per category and value: items that have it. */
    private final int[][] described;
    /** Per category: items that have any value. */
    private final int[] describedItems;
    /** The combinations that are overlaps, in the schema's order. */
    final Overlap[] overlaps;

    JointFeatures(ModelSettings settings, List<JointFeature> list, boolean trainable) {
        this.dimension = settings.dimension();
        Map<String, Map<String, Integer>> vectors = new LinkedHashMap<>();
        List<String> contextNames = new ArrayList<>();
        List<String> itemNames = new ArrayList<>();
        List<String> pairNames = new ArrayList<>();
        List<String> users = new ArrayList<>();
        vectors.put(DeepAssociationNetwork.ITEM, new LinkedHashMap<>());
        for (JointFeature feature : list) {
            for (JointFeature.Side side : feature.sides()) {
                Map<String, Integer> ofTable = vectors.computeIfAbsent(side.table(), name -> new LinkedHashMap<>());
                if (feature.form() != JointFeature.Form.PAIR_ID && feature.form() != JointFeature.Form.OVERLAP) {
                    ofTable.putIfAbsent(side.vector(), ofTable.size() * dimension);
                }
                if (!side.table().equals(DeepAssociationNetwork.ITEM)) {
                    addOnce(side.ofCandidate() ? itemNames : contextNames, side.table());
                }
                if (isUser(side.category())) {
                    addOnce(users, side.table());
                }
            }
            if (feature.form() == JointFeature.Form.PAIR_ID) {
                pairNames.add(feature.name());
            }
        }
        this.contextCategories = List.copyOf(contextNames);
        this.itemCategories = List.copyOf(itemNames);
        List<String> names = new ArrayList<>(contextNames);
        names.addAll(itemNames);
        this.itemWidth =
                vectors.getOrDefault(DeepAssociationNetwork.ITEM, Map.of()).size() * dimension;
        this.items = new EmbeddingTable(DeepAssociationNetwork.ITEM, itemWidth, true, settings, trainable);
        this.tables = new EmbeddingTable[names.size() + pairNames.size()];
        this.ownedByUser = new boolean[tables.length];
        for (int t = 0; t < names.size(); t++) {
            int width = vectors.getOrDefault(names.get(t), Map.of()).size() * dimension;
            tables[t] = new EmbeddingTable(names.get(t), width, false, settings, trainable);
            ownedByUser[t] = users.contains(names.get(t));
        }
        for (int p = 0; p < pairNames.size(); p++) {
            tables[names.size() + p] = new EmbeddingTable(pairNames.get(p), dimension, false, settings, trainable);
        }
        this.itemValues = new int[itemNames.size()][0][];
        this.described = new int[itemNames.size()][16];
        this.describedItems = new int[itemNames.size()];
        List<Overlap> ofSchema = new ArrayList<>();
        this.features = new Laid[list.size()];
        int weights = 0;
        int at = 0;
        for (int f = 0; f < features.length; f++) {
            JointFeature feature = list.get(f);
            Side[] sides = new Side[feature.sides().size()];
            for (int s = 0; s < sides.length; s++, at += dimension) {
                JointFeature.Side side = feature.sides().get(s);
                boolean item = side.table().equals(DeepAssociationNetwork.ITEM);
                sides[s] = new Side(
                        item ? ITEMS : names.indexOf(side.table()),
                        vectors.getOrDefault(side.table(), Map.of()).getOrDefault(side.vector(), 0),
                        item ? -1 : (side.ofCandidate() ? itemNames : contextNames).indexOf(side.table()),
                        side.ofCandidate(),
                        at,
                        side.category().kind());
            }
            int pair = pairNames.indexOf(feature.name());
            boolean associated = settings.association() && feature.associates();
            features[f] = new Laid(
                    feature,
                    sides,
                    associated,
                    associated && settings.combinationRate() > 0f
                            ? DeepAssociationNetwork.FIRST_WEIGHT + weights++
                            : -1,
                    pair < 0 || feature.form() != JointFeature.Form.PAIR_ID ? -1 : names.size() + pair,
                    feature.form() == JointFeature.Form.OUTER_PRODUCT
                            ? new OuterEmbedding(feature.name(), dimension, sides.length, settings, trainable)
                            : null,
                    feature.form() == JointFeature.Form.OVERLAP ? ofSchema.size() : -1);
            if (features[f].overlap >= 0) {
                Side history = sides[0].isHistory() ? sides[0] : sides[1];
                ofSchema.add(new Overlap(this, history, sides[0].isHistory() ? sides[1] : sides[0]));
            }
        }
        this.overlaps = ofSchema.toArray(Overlap[]::new);
        this.sideValues = at;
        this.weights = weights;
        this.pairs = !pairNames.isEmpty();
        int longest = 0;
        for (Laid laid : features) {
            for (Side side : laid.sides) {
                longest = Math.max(longest, side.weights.length);
            }
        }
        this.longestPast = longest;
    }

    private static boolean isUser(Category category) {
        return category.isKey() && category.owner() == Category.Owner.USER;
    }

    private static void addOnce(List<String> names, String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
    }

    /** The item table. */
    EmbeddingTable items() {
        return items;
    }

    /** The table of a number. */
    EmbeddingTable table(int number) {
        return number == ITEMS ? items : tables[number];
    }

    /** Values that {@link DeepAssociationNetwork.Scoring#sides} needs. */
    int sideValues() {
        return sideValues;
    }

    /** Sets the rows of an item's categories, by category of {@link #itemCategories}. */
    void setItemValues(int item, int[][] rows) {
        for (int c = 0; c < itemValues.length; c++) {
            if (item >= itemValues[c].length) {
                itemValues[c] = Arrays.copyOf(itemValues[c], Math.max(item + 1, itemValues[c].length * 2));
            }
            count(c, itemValues(c, item), -1);
            itemValues[c][item] = rows[c];
            count(c, rows[c], 1);
        }
    }

    private void count(int category, int[] rows, int by) {
        describedItems[category] += rows.length == 0 ? 0 : by;
        for (int row : rows) {
            if (row >= described[category].length) {
                described[category] = Arrays.copyOf(described[category], Math.max(row + 1, row * 2));
            }
            described[category][row] += by;
        }
    }

    /** By value of a category of {@link #itemCategories}, how many items have it; may be shorter than there are values. Live. */
    int[] described(int category) {
        return described[category];
    }

    /** How many items have a value of a category of {@link #itemCategories}. */
    int describedItems(int category) {
        return describedItems[category];
    }

    /** The rows of an item's categories; empty where it has no categories or nothing is known of them. */
    int[][] itemValues(int item) {
        int[][] rows = new int[itemValues.length][];
        for (int c = 0; c < rows.length; c++) {
            rows[c] = itemValues(c, item);
        }
        return rows;
    }

    /** The rows of an item's values of one of {@link #itemCategories}; empty where nothing is known. Live. */
    int[] itemValues(int category, int item) {
        int[][] ofCategory = itemValues[category];
        int[] rows = item < ofCategory.length ? ofCategory[item] : null;
        return rows == null ? Context.NO_VALUES : rows;
    }

    /**
     * Computes what the user's side decides: the vector of each of its sides, and for each feature the product of these
     * (or, where no candidate plays a part, the joint feature itself).
     */
    void context(Context context, DeepAssociationNetwork.Scoring s) {
        for (int f = 0; f < features.length; f++) {
            Laid laid = features[f];
            if (laid.pairTable >= 0) {
                if (!laid.ofCandidate()) {
                    pair(laid, context, -1, s.joint, f * dimension);
                }
                continue;
            }
            if (laid.overlap >= 0) {
                continue;
            }
            boolean first = true;
            for (Side side : laid.sides) {
                if (side.ofCandidate) {
                    continue;
                }
                contextVector(side, context, s);
                product(s.sides, side.at, s.joint, f * dimension, first);
                first = false;
            }
            if (laid.outer != null && !laid.ofCandidate()) {
                laid.outer.embed(laid, s.sides, s.joint, f * dimension);
            }
        }
    }

    private void product(float[] vector, int from, float[] out, int at, boolean first) {
        if (first) {
            System.arraycopy(vector, from, out, at, dimension);
            return;
        }
        kernel.multiply(out, at, vector, from, out, at, dimension);
    }

    /** q = norm · Σₚ w_p V[hₚ] for a history, norm · Σ V[value] for values. */
    private void contextVector(Side side, Context context, DeepAssociationNetwork.Scoring s) {
        float[] out = s.sides;
        int at = side.at;
        if (!side.isHistory()) {
            sum(side, context.values[side.slot], out, at);
            return;
        }
        if (side.ageing != 0f) {
            int counting = side.weigh(context, s.pastWeights);
            kernel.weightedSum(
                    items.records, context.history, counting, side.offset, s.pastWeights, out, at, dimension);
            return;
        }
        int length = Math.min(context.length, side.weights.length);
        kernel.weightedSum(items.records, context.history, length, side.offset, side.weights, out, at, dimension);
        float norm = side.norms[length];
        for (int d = at; d < at + dimension; d++) {
            out[d] *= norm;
        }
    }

    private void sum(Side side, int[] rows, float[] out, int at) {
        EmbeddingTable table = tables[side.table];
        if (rows.length == 1) {
            System.arraycopy(table.record(rows[0]), side.offset, out, at, dimension);
            return;
        }
        Arrays.fill(out, at, at + dimension, 0f);
        float norm = side.norm(rows.length);
        for (int value : rows) {
            kernel.axpy(norm, table.record(value), side.offset, out, at, dimension);
        }
    }

    /** The vector of a candidate's side. */
    private void candidateVector(Side side, int item, float[] out, int at) {
        if (side.isItem()) {
            System.arraycopy(items.record(item), side.offset, out, at, dimension);
        } else {
            sum(side, itemValues(side.slot, item), out, at);
        }
    }

    /** Π of the vectors of a feature's candidate sides into {@code out}. */
    void candidateProduct(Laid laid, int item, float[] out, float[] scratch) {
        boolean first = true;
        for (Side side : laid.sides) {
            if (side.ofCandidate) {
                candidateVector(side, item, scratch, 0);
                product(scratch, 0, out, 0, first);
                first = false;
            }
        }
    }

    /**
     * Writes one joint feature of a candidate.
     *
     * @param f the feature
     * @param s a scoring on which {@link #context} has run for the user
     * @param context the user's side
     * @param item the candidate
     * @param out out: {@code dimension} values from {@code at}
     */
    void joint(int f, DeepAssociationNetwork.Scoring s, Context context, int item, float[] out, int at) {
        Laid laid = features[f];
        if (!laid.ofCandidate()) {
            System.arraycopy(s.joint, f * dimension, out, at, dimension);
        } else if (laid.pairTable >= 0) {
            pair(laid, context, item, out, at);
        } else if (laid.ownOffset >= 0) {
            kernel.multiply(s.joint, f * dimension, items.record(item), laid.ownOffset, out, at, dimension);
        } else if (laid.outer != null) {
            sides(laid, item, s);
            laid.outer.embed(laid, s.sides, out, at);
        } else {
            boolean started = laid.feature.ofContext();
            if (started) {
                System.arraycopy(s.joint, f * dimension, out, at, dimension);
            }
            for (Side side : laid.sides) {
                if (side.ofCandidate) {
                    candidateVector(side, item, s.sides, side.at);
                    product(s.sides, side.at, out, at, !started);
                    started = true;
                }
            }
        }
    }

    /** Computes the vectors of the candidate's sides. */
    private void sides(Laid laid, int item, DeepAssociationNetwork.Scoring s) {
        for (Side side : laid.sides) {
            if (side.ofCandidate) {
                candidateVector(side, item, s.sides, side.at);
            }
        }
    }

    /** A pair's row; what it would start at where it has none. Zeros where one of the values is unknown. */
    private void pair(Laid laid, Context context, int item, float[] out, int at) {
        String id = pairId(laid, context, item);
        if (id == null) {
            Arrays.fill(out, at, at + dimension, 0f);
            return;
        }
        EmbeddingTable table = tables[laid.pairTable];
        int row = table.indexOf(id);
        System.arraycopy(row < 0 ? table.initial(id) : table.record(row), 0, out, at, dimension);
    }

    private @Nullable String pairId(Laid laid, Context context, int item) {
        StringBuilder id = new StringBuilder();
        for (Side side : laid.sides) {
            if (id.length() > 0) {
                id.append(PAIR_SEPARATOR);
            }
            if (side.isItem()) {
                id.append(items.id(item));
                continue;
            }
            int[] rows = side.ofCandidate ? itemValues(side.slot, item) : context.values[side.slot];
            if (rows.length == 0) {
                return null;
            }
            id.append(tables[side.table].id(rows[0]));
        }
        return id.toString();
    }

    /** Whether some feature has a row for each pair. */
    boolean hasPairs() {
        return pairs;
    }

    /** Admits the rows of the pairs that an example meets, so that they can be learned. */
    void admitPairs(Context context, int item, LearningGuard guard) {
        for (Laid laid : features) {
            if (laid.pairTable >= 0) {
                String id = pairId(laid, context, item);
                if (id != null && tables[laid.pairTable].admit(id) < 0) {
                    guard.refuse(LearningGuard.Reason.TABLE_FULL);
                }
            }
        }
    }

    /** Reads the rows that a context's sides are made of; see {@link EmbeddingTable#fetch}. */
    int fetch(Context context, boolean head) {
        int mix = 0;
        for (int c = 0; c < contextCategories.size(); c++) {
            for (int row : context.values[c]) {
                mix ^= tables[c].fetch(row, head);
            }
        }
        for (int p = 0; p < Math.min(context.length, longestPast); p++) {
            mix ^= items.fetch(context.history[p], head);
        }
        return mix;
    }

    /** Removes the rows that users own, pairs with them included. */
    void forgetUsers(Set<String> ids) {
        for (int t = 0; t < tables.length; t++) {
            if (ownedByUser[t]) {
                ids.forEach(tables[t]::remove);
            }
        }
        removePairs(side -> side.table >= 0 && ownedByUser[side.table], ids);
    }

    /** Removes the pairs with items; the items' own rows are the network's. */
    void forgetItems(Set<String> ids) {
        removePairs(Side::isItem, ids);
    }

    private void removePairs(Predicate<Side> of, Set<String> ids) {
        for (Laid laid : features) {
            if (laid.pairTable < 0) {
                continue;
            }
            for (int s = 0; s < laid.sides.length; s++) {
                if (of.test(laid.sides[s])) {
                    removePairs(tables[laid.pairTable], s, ids);
                }
            }
        }
    }

    private static void removePairs(EmbeddingTable table, int side, Set<String> ids) {
        for (int row = 0; row < table.size(); row++) {
            if (table.holds(row) && ids.contains(table.id(row).split(PAIR_SEPARATOR, -1)[side])) {
                table.remove(table.id(row));
            }
        }
    }

    /** The active rows of a context's categories without those that are the user's own. */
    int[][] withoutUser(int[][] values) {
        int[][] kept = values;
        for (int c = 0; c < values.length; c++) {
            if (ownedByUser[c] && values[c].length > 0) {
                kept = kept == values ? values.clone() : kept;
                kept[c] = Context.NO_VALUES;
            }
        }
        return kept;
    }

    /**
     * Carries the gradient of one joint feature back to the rows behind it, and to the weights of its embedding.
     *
     * @param f the feature
     * @param s the scoring with which {@link #joint} ran
     * @param context the user's side
     * @param item the candidate
     * @param gradient ∂L/∂z, {@code dimension} values from {@code from}
     * @param sinks where gradients of rows go
     */
    void backward(
            int f,
            DeepAssociationNetwork.Scoring s,
            Context context,
            int item,
            float[] gradient,
            int from,
            Sinks sinks) {
        Laid laid = features[f];
        if (laid.pairTable >= 0) {
            String id = pairId(laid, context, item);
            int row = id == null ? -1 : tables[laid.pairTable].indexOf(id);
            if (row >= 0) {
                sinks.of(laid.pairTable).add(row, 0, gradient, from, 1f, dimension);
            }
            return;
        }
        if (laid.ofCandidate()) {
            sides(laid, item, s);
        }
        if (laid.outer != null) {
            float[] products = laid.outer.backward(laid, s.sides, gradient, from);
            for (int k = 0; k < laid.sides.length; k++) {
                laid.outer.contract(laid, k, s.sides, products, sinks.scratch);
                spread(laid.sides[k], context, item, sinks);
            }
            return;
        }
        for (int k = 0; k < laid.sides.length; k++) {
            System.arraycopy(gradient, from, sinks.scratch, 0, dimension);
            for (int o = 0; o < laid.sides.length; o++) {
                if (o != k) {
                    product(s.sides, laid.sides[o].at, sinks.scratch, 0, false);
                }
            }
            spread(laid.sides[k], context, item, sinks);
        }
    }

    /**
     * Carries the gradients of an outer product's sum with many candidates, of which it is linear, to its weights and to
     * the rows of its other sides at once.
     *
     * @param laid an outer product with an {@link Laid#itemSide}
     * @param gradient Σ over the candidates of ∂L/∂(Σ z) times the candidate's own part, {@code dimension} values from
     *     {@code from}
     */
    void backwardOuter(
            Laid laid, DeepAssociationNetwork.Scoring s, Context context, float[] gradient, int from, Sinks sinks) {
        OuterEmbedding outer = laid.outer;
        if (outer == null) {
            return;
        }
        System.arraycopy(gradient, from, s.sides, laid.sides[laid.itemSide].at, dimension);
        Arrays.fill(sinks.scratch, 1f);
        float[] products = outer.backward(laid, s.sides, sinks.scratch, 0);
        for (int k = 0; k < laid.sides.length; k++) {
            if (k != laid.itemSide) {
                outer.contract(laid, k, s.sides, products, sinks.scratch);
                spread(laid.sides[k], context, -1, sinks);
            }
        }
    }

    /** Σ of the squares of the gradients of the embeddings of outer products. */
    double outerSquaredNorm() {
        double sum = 0.0;
        for (Laid laid : features) {
            sum += laid.outer == null ? 0.0 : laid.outer.squaredNorm();
        }
        return sum;
    }

    /** Moves the embeddings of outer products and forgets their gradients. */
    void applyOuter(ModelSettings.Optimiser optimiser, long step) {
        for (Laid laid : features) {
            if (laid.outer != null) {
                laid.outer.apply(optimiser, step);
            }
        }
    }

    /** Forgets the gradients of the embeddings of outer products. */
    void clearOuter() {
        for (Laid laid : features) {
            if (laid.outer != null) {
                laid.outer.clear();
            }
        }
    }

    /**
     * Carries the gradient of the product of a feature's context sides to their rows.
     *
     * @param laid a Hadamard product
     * @param gradient ∂L/∂q, {@code dimension} values from {@code from}
     */
    void backwardContext(
            Laid laid, DeepAssociationNetwork.Scoring s, Context context, float[] gradient, int from, Sinks sinks) {
        backwardProduct(laid, false, s, context, -1, gradient, from, sinks);
    }

    /** Carries the gradient of the product of a feature's candidate sides to their rows. */
    void backwardCandidate(
            Laid laid, DeepAssociationNetwork.Scoring s, Context context, int item, float[] gradient, Sinks sinks) {
        sides(laid, item, s);
        backwardProduct(laid, true, s, context, item, gradient, 0, sinks);
    }

    private void backwardProduct(
            Laid laid,
            boolean ofCandidate,
            DeepAssociationNetwork.Scoring s,
            Context context,
            int item,
            float[] gradient,
            int from,
            Sinks sinks) {
        for (Side side : laid.sides) {
            if (side.ofCandidate != ofCandidate) {
                continue;
            }
            System.arraycopy(gradient, from, sinks.scratch, 0, dimension);
            for (Side other : laid.sides) {
                if (other != side && other.ofCandidate == ofCandidate) {
                    product(s.sides, other.at, sinks.scratch, 0, false);
                }
            }
            spread(side, context, item, sinks);
        }
    }

    /** Adds the scratch's gradient of a side's vector to the rows it is the weighted sum of. */
    private void spread(Side side, Context context, int item, Sinks sinks) {
        RowGradients sink = sinks.of(side.table);
        if (side.isItem()) {
            sink.add(item, side.offset, sinks.scratch, 0, 1f, dimension);
        } else if (side.isHistory()) {
            int counting = side.weigh(context, sinks.pastWeights);
            for (int p = 0; p < counting; p++) {
                sink.add(context.history[p], side.offset, sinks.scratch, 0, sinks.pastWeights[p], dimension);
            }
        } else {
            int[] rows = side.ofCandidate ? itemValues(side.slot, item) : context.values[side.slot];
            for (int row : rows) {
                sink.add(row, side.offset, sinks.scratch, 0, side.norm(rows.length), dimension);
            }
        }
    }

    /** Gradients of every table's rows. */
    static final class Sinks {
        final float[] scratch;
        private final float[] pastWeights;
        private final RowGradients ofItems;
        private final RowGradients[] ofTables;

        Sinks(JointFeatures joints) {
            scratch = new float[joints.dimension];
            pastWeights = new float[joints.longestPast];
            ofItems = new RowGradients(joints.items);
            ofTables = new RowGradients[joints.tables.length];
            for (int t = 0; t < ofTables.length; t++) {
                ofTables[t] = new RowGradients(joints.tables[t]);
            }
        }

        RowGradients of(int table) {
            return table == ITEMS ? ofItems : ofTables[table];
        }

        /** Σ of the squares of all gradients, weight decay not included. */
        double squaredNorm() {
            double sum = ofItems.squaredNorm();
            for (RowGradients sink : ofTables) {
                sum += sink.squaredNorm();
            }
            return sum;
        }

        /** Moves the rows and forgets the gradients; see {@link RowGradients#apply}. */
        void apply(ModelSettings.Optimiser optimiser, long step, boolean wholeRows) {
            ofItems.apply(optimiser, step, wholeRows);
            for (RowGradients sink : ofTables) {
                sink.apply(optimiser, step, wholeRows);
            }
        }

        /** Forgets the gradients. */
        void clear() {
            ofItems.clear();
            for (RowGradients sink : ofTables) {
                sink.clear();
            }
        }
    }

    private static float[] powers(float decay, int length) {
        float[] weights = new float[length];
        float w = 1f;
        for (int p = 0; p < length; p++) {
            weights[p] = w;
            w *= decay;
        }
        return weights;
    }

    private static float[] norms(float[] weights, Normalisation normalisation) {
        float[] norms = new float[weights.length + 1];
        double sum = 0.0;
        for (int n = 0; n < weights.length; n++) {
            sum += weights[n];
            norms[n + 1] = (float) normalisation.factor(sum);
        }
        return norms;
    }
}
