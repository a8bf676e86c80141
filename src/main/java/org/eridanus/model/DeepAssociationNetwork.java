package org.eridanus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network's parameters and its score, for training and serving alike.
 *
 * <p>Score of item j: a · [ b_j + Σ_c q_c · V_c[j] ] + w₁ φ(j), the <em>base score</em>, and for the best candidates by
 * it, + t(j), the tower's output over the joint features q_c ∘ V_c[j]. Without an association term the base score is 0
 * and the tower scores every item: the paper's form (section 4.2), with a combination formed from category vectors as
 * in its Fig. 4, because an id for each distinct pair cannot generalise.
 *
 * <p>Item vectors are kept twice: by row, for learning, and by dimension ([width + 1, items]), so that scoring a
 * catalogue is a few passes over contiguous memory that the compiler vectorises, summed in one order.
 *
 * <p>Threading: not thread-safe; one writer, or readers under a lock with one {@link Scoring} each. A writer that hands
 * over to readers calls {@link #candidates()} last, so that none of them refreshes the list of live items.
 */
public final class DeepAssociationNetwork {
    /** Name of the item table. */
    public static final String ITEM = "item";

    /** Name of the table whose rows a user owns. */
    public static final String USER = "user";

    /** Name of the pair counts' part of a score. */
    public static final String COUNTS = "recent·item counts";

    /** Name of the pair counts' rows. */
    public static final String PAIRS = "pairs";

    /** Name of the item bias's part of a score. */
    public static final String BIAS = "item";

    /** Name of the tower's part of a score. */
    public static final String TOWER = "tower";

    /** Items whose scores stay in the processor's first cache while every dimension is added. */
    private static final int SCORED_AT_ONCE = 4096;

    /** Values beside the joint features that the tower sees: vector score, pair feature, logarithm of occurrences. */
    static final int SCALARS = 3;

    private final FloatKernel kernel = FloatKernels.CURRENT;
    final ModelSettings settings;
    final List<JointFeature> features;
    final EmbeddingTable items;
    final EmbeddingTable[] tables;
    final int dimension;
    /** Per feature: where its vector starts in an item's row, −1 where the candidate plays no part. */
    final int[] itemOffsets;
    /** Per feature: weights of history positions, empty where the history plays no part. */
    final float[][] historyWeights;
    /** Per feature: 1 / √(sum of the first n history weights), by n. */
    final float[][] historyNorms;
    /** Per feature: tables of its category sides, {left, right}, {category} or {}. */
    final int[][] sides;

    final @Nullable PairCounts pairs;
    final @Nullable Tower tower;
    final float[] mixing;
    /** Per item: positive events so far, and the logarithm to base 2 of its decayed popularity. */
    private int[] occurrences = new int[64];

    /** Per item: ln(1 + occurrences). */
    private float[] logOccurrences = new float[64];

    private double[] popularity = new double[64];
    private final List<String> categories;
    private float[][] columns;
    private boolean[] candidate = new boolean[64];
    private int[] live = new int[0];
    private int liveCount;
    private boolean liveStale;

    /**
     * A network without rows.
     *
     * @param settings preset
     * @param features joint features, in the order of their slots
     * @param trainable whether to keep the optimiser's state
     */
    public DeepAssociationNetwork(ModelSettings settings, List<JointFeature> features, boolean trainable) {
        this(settings, features, trainable, Tower::new);
    }

    /** Makes the tower; see {@link Tower#Tower}. */
    interface TowerFactory {
        Tower tower(int inputs, ModelSettings.TowerSettings settings, long seed, boolean trainable);
    }

    /** A network whose tower comes from elsewhere. */
    DeepAssociationNetwork(
            ModelSettings settings, List<JointFeature> features, boolean trainable, TowerFactory towers) {
        this.settings = settings;
        this.features = List.copyOf(features);
        this.dimension = settings.dimension();
        int count = features.size();
        this.itemOffsets = new int[count];
        this.historyWeights = new float[count][];
        this.historyNorms = new float[count][];
        this.sides = new int[count][];
        List<String> names = new ArrayList<>();
        int width = 0;
        for (int c = 0; c < count; c++) {
            historyWeights[c] = new float[0];
            historyNorms[c] = new float[0];
            itemOffsets[c] = -1;
            JointFeature feature = features.get(c);
            if (feature instanceof JointFeature.HistoryWithItem f) {
                sides[c] = new int[0];
                historyWeights[c] = powers(f.decay(), f.length());
                historyNorms[c] = norms(historyWeights[c]);
            } else if (feature instanceof JointFeature.CategoryWithItem f) {
                sides[c] = new int[] {slot(names, f.category())};
            } else if (feature instanceof JointFeature.CategoryWithCategory f) {
                sides[c] = new int[] {slot(names, f.left()), slot(names, f.right())};
            }
            if (sides[c].length < 2) {
                itemOffsets[c] = width;
                width += dimension;
            }
        }
        this.categories = List.copyOf(names);
        this.items = new EmbeddingTable(ITEM, width, true, settings, trainable);
        this.tables = new EmbeddingTable[names.size()];
        for (int t = 0; t < tables.length; t++) {
            tables[t] = new EmbeddingTable(names.get(t), dimension, false, settings, trainable);
        }
        ModelSettings.Pairs pairSettings = settings.pairs();
        this.pairs = pairSettings == null ? null : new PairCounts(pairSettings);
        this.mixing = new float[] {1f, pairSettings == null ? 0f : pairSettings.initialWeight()};
        ModelSettings.TowerSettings towerSettings = settings.tower();
        this.tower =
                towerSettings == null ? null : towers.tower(towerInputs(), towerSettings, settings.seed(), trainable);
        this.columns = new float[width + 1][64];
    }

    /** The preset. */
    public ModelSettings settings() {
        return settings;
    }

    /** Categories with a table of their own, in the order of {@link Context#values}. */
    public List<String> categories() {
        return categories;
    }

    /** The item table. */
    public EmbeddingTable items() {
        return items;
    }

    /** The pair counts, null where the preset has none. */
    public @Nullable PairCounts pairs() {
        return pairs;
    }

    /** Scale a of the association term and weight w₁ of the pair feature. */
    public float[] mixing() {
        return mixing.clone();
    }

    /** The table of a category, by its position in {@link #categories()}. */
    public EmbeddingTable table(int category) {
        return tables[category];
    }

    /** Rows in use by table, the pair counts' under {@value #PAIRS}. */
    public SortedMap<String, Integer> rows() {
        SortedMap<String, Integer> rows = new TreeMap<>();
        rows.put(ITEM, items.rows());
        for (EmbeddingTable table : tables) {
            rows.put(table.name(), table.rows());
        }
        if (pairs != null) {
            rows.put(PAIRS, pairs.rows());
        }
        return rows;
    }

    /** Bytes of all parameters, the optimiser's state and the copy by dimension included, array headers not. */
    public long bytes() {
        long bytes = items.bytes() + (pairs == null ? 0 : pairs.bytes()) + Float.BYTES * (long) mixing.length;
        for (EmbeddingTable table : tables) {
            bytes += table.bytes();
        }
        bytes += (long) Float.BYTES * columns.length * columns[0].length;
        return tower == null
                ? bytes
                : bytes
                        + Float.BYTES
                                * (long) (tower.length() + tower.firstMoments.length + tower.secondMoments.length);
    }

    /** Length of the tower's input. */
    int towerInputs() {
        return features.size() * dimension + (settings.association() ? SCALARS : 0);
    }

    /** Admits an item on first use; −1 where the table is full. */
    public int admitItem(String id) {
        int before = items.size();
        int index = items.admit(id);
        if (index >= before) {
            refreshColumns(index);
        }
        return index;
    }

    /** Sets whether an item may be recommended. */
    public void setCandidate(int item, boolean may) {
        ensureItems(item + 1);
        if (candidate[item] != may) {
            candidate[item] = may;
            liveStale = true;
        }
    }

    /**
     * Sets what is known of an item's popularity.
     *
     * @param count positive events so far
     * @param logarithm logarithm to base 2 of its decayed popularity, on a scale that all items share
     */
    public void setStatistics(int item, int count, double logarithm) {
        ensureItems(item + 1);
        occurrences[item] = count;
        logOccurrences[item] = FloatMath.log(1f + count);
        popularity[item] = logarithm;
    }

    /** Positive events of an item so far. */
    public int occurrences(int item) {
        return occurrences[item];
    }

    /** Logarithm to base 2 of an item's decayed popularity; only differences between items mean anything. */
    public double popularity(int item) {
        return popularity[item];
    }

    /** Whether an item may be recommended. */
    public boolean isCandidate(int item) {
        return item >= 0 && item < candidate.length && candidate[item];
    }

    /** How many items may be recommended. */
    public int candidates() {
        refreshLive();
        return liveCount;
    }

    /**
     * Items that may be recommended, ascending; the first {@link #candidates()} values are valid. The array never changes: when
     * the items do, there is another.
     */
    public int[] live() {
        refreshLive();
        return live;
    }

    /** Copies an item's row into the by-dimension layout that scoring reads. */
    void refreshColumns(int item) {
        ensureItems(item + 1);
        float[] row = items.row(item);
        for (int d = 0; d < columns.length; d++) {
            columns[d][item] = row[d];
        }
    }

    /** Refreshes the by-dimension copy of every row changed since the last time. */
    void refreshStale() {
        RowSet stale = items.stale();
        for (int i = 0; i < stale.count(); i++) {
            refreshColumns(stale.get(i));
        }
        stale.clear();
    }

    /**
     * Computes the base score of every item for a user.
     *
     * @param context the user's side
     * @param s out: query, vector scores, evidence, pair feature and base score
     */
    public void score(Context context, Scoring s) {
        int n = items.size();
        s.ensure(n, items.width(), features.size() * dimension);
        query(context, s);
        if (!settings.association()) {
            Arrays.fill(s.base, 0, n, 0f);
            return;
        }
        float[] vector = s.vector;
        System.arraycopy(columns[items.width()], 0, vector, 0, n);
        for (int from = 0; from < n; from += SCORED_AT_ONCE) {
            int to = Math.min(n, from + SCORED_AT_ONCE);
            for (int d = 0; d < items.width(); d += 4) {
                addColumns(
                        s.query[d],
                        columns[d],
                        s.query[d + 1],
                        columns[d + 1],
                        s.query[d + 2],
                        columns[d + 2],
                        s.query[d + 3],
                        columns[d + 3],
                        vector,
                        from,
                        to);
            }
        }
        float a = mixing[0];
        if (pairs == null) {
            for (int j = 0; j < n; j++) {
                s.base[j] = a * vector[j];
            }
            return;
        }
        float w = mixing[1];
        pairs.evidence(context, s.evidence, n);
        pairs.feature(s.evidence, s.phi, n);
        for (int j = 0; j < n; j++) {
            s.base[j] = a * vector[j] + w * s.phi[j];
        }
    }

    private static void addColumns(
            float q0,
            float[] c0,
            float q1,
            float[] c1,
            float q2,
            float[] c2,
            float q3,
            float[] c3,
            float[] out,
            int from,
            int to) {
        for (int j = from; j < to; j++) {
            out[j] = out[j] + q0 * c0[j] + q1 * c1[j] + q2 * c2[j] + q3 * c3[j];
        }
    }

    /** Computes the user's side: the query, and the joint features that no candidate changes. */
    void query(Context context, Scoring s) {
        Arrays.fill(s.query, 0, items.width(), 0f);
        for (int c = 0; c < features.size(); c++) {
            int offset = itemOffsets[c];
            float[] weights = historyWeights[c];
            if (weights.length > 0) {
                int length = Math.min(context.length, weights.length);
                for (int p = 0; p < length; p++) {
                    float[] row = items.row(context.history[p]);
                    kernel.axpy(weights[p], row, offset, s.query, offset, dimension);
                }
                float norm = historyNorms[c][length];
                for (int d = offset; d < offset + dimension; d++) {
                    s.query[d] *= norm;
                }
            } else if (sides[c].length == 1) {
                int value = context.values[sides[c][0]];
                if (value >= 0) {
                    System.arraycopy(tables[sides[c][0]].row(value), 0, s.query, offset, dimension);
                }
            } else {
                contextJoint(context, c, s.joint, c * dimension);
            }
        }
    }

    private void contextJoint(Context context, int c, float[] out, int at) {
        int left = context.values[sides[c][0]];
        int right = context.values[sides[c][1]];
        if (left < 0 || right < 0) {
            Arrays.fill(out, at, at + dimension, 0f);
            return;
        }
        float[] l = tables[sides[c][0]].row(left);
        float[] r = tables[sides[c][1]].row(right);
        for (int d = 0; d < dimension; d++) {
            out[at + d] = l[d] * r[d];
        }
    }

    /**
     * Writes the tower's input for one candidate.
     *
     * @param s a scoring of the user on which {@link #score} has run
     * @param item the candidate
     * @param out out, {@link #towerInputs()} values from {@code at}
     */
    void towerInput(Scoring s, int item, float[] out, int at) {
        float[] row = items.row(item);
        for (int c = 0; c < features.size(); c++) {
            int slot = at + c * dimension;
            int offset = itemOffsets[c];
            if (offset < 0) {
                System.arraycopy(s.joint, c * dimension, out, slot, dimension);
            } else {
                kernel.multiply(s.query, offset, row, offset, out, slot, dimension);
            }
        }
        if (settings.association()) {
            int scalar = at + features.size() * dimension;
            out[scalar] = 0.25f * s.vector[item];
            out[scalar + 1] = 0.25f * s.phi[item];
            out[scalar + 2] = 0.25f * logOccurrences[item];
        }
    }

    /** Marks an item's row as changed. */
    public void touch(int item) {
        items.touch(item);
    }

    /** Removes the rows that a user owns. */
    public void forget(String user) {
        for (EmbeddingTable table : tables) {
            if (table.name().equals(USER)) {
                table.remove(user);
            }
        }
    }

    /**
     * Hands over the embedding rows that changed since the last call, with the optimiser's state.
     *
     * @param rows where they go; their arrays are live
     * @param removed where the keys of removed rows go
     * @return how many rows
     */
    public int writeChangedRows(Consumer<ModelRow> rows, Consumer<String> removed) {
        int count = 0;
        for (int item : items.changed().sorted()) {
            rows.accept(new ModelRow.Embedding(
                    ITEM,
                    items.id(item),
                    item,
                    candidate[item],
                    occurrences[item],
                    popularity[item],
                    items.row(item),
                    items.state(item)));
            count++;
        }
        for (EmbeddingTable table : tables) {
            table.takeRemoved().forEach(id -> removed.accept(ModelRow.Embedding.keyOf(table.name(), id)));
            for (int row : table.changed().sorted()) {
                if (table.holds(row)) {
                    rows.accept(new ModelRow.Embedding(
                            table.name(), table.id(row), row, false, 0, 0.0, table.row(row), table.state(row)));
                    count++;
                }
            }
        }
        clearChanged();
        return count;
    }

    /**
     * Hands over the pair rows that have grown enough since they were published.
     *
     * @param growth as a fraction of what was published
     * @return how many rows
     */
    public int writeGrownPairs(double growth, Consumer<ModelRow> rows) {
        ModelSettings.Pairs pairSettings = settings.pairs();
        if (pairs == null || pairSettings == null) {
            return 0;
        }
        int count = 0;
        for (int item : pairs.changed().sorted()) {
            if (pairs.grown(item, growth)) {
                rows.accept(pairs.publish(item, items.id(item), pairSettings.publishedSuccessors()));
                count++;
            }
        }
        pairs.changed().clear();
        return count;
    }

    /** Forgets which rows changed. */
    public void clearChanged() {
        items.changed().clear();
        for (EmbeddingTable table : tables) {
            table.changed().clear();
        }
    }

    /**
     * Puts a row that was read from the {@code model} topic into a network that is not trainable; the row's arrays are
     * kept. Markers say nothing to a network.
     *
     * @throws IllegalStateException for a row that belongs to another preset
     */
    public void load(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            put(embedding);
        } else if (row instanceof ModelRow.Dense dense) {
            put(dense);
        } else if (row instanceof ModelRow.Pairs counts && pairs != null) {
            pairs.put(counts);
        }
    }

    /** Whether a row has the shape that {@link #load} needs: its table is known, and the lengths are this network's. */
    public boolean fits(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            int length = embedding.table.equals(ITEM) ? items.rowLength() : rowLength(embedding.table);
            return embedding.values.length == length && embedding.index < settings.maxRows();
        }
        if (row instanceof ModelRow.Dense dense) {
            return dense.mixing.length == mixing.length && dense.tower.length == (tower == null ? 0 : tower.length());
        }
        return !(row instanceof ModelRow.Pairs counts)
                || (pairs != null
                        && counts.index < settings.maxRows()
                        && counts.counts.length == counts.successors.length);
    }

    private int rowLength(String name) {
        for (EmbeddingTable table : tables) {
            if (table.name().equals(name)) {
                return table.rowLength();
            }
        }
        return -1;
    }

    /** Drops a row by its key, as a tombstone in the {@code model} topic asks. */
    public void unload(String key) {
        for (EmbeddingTable table : tables) {
            String prefix = ModelRow.Embedding.keyOf(table.name(), "");
            if (key.startsWith(prefix)) {
                table.remove(key.substring(prefix.length()));
                table.takeRemoved();
            }
        }
    }

    /**
     * What each part adds to an item's score; the parts sum to it up to rounding. The association term's parts are named by
     * their combination, the pair counts by {@link #COUNTS}, the item bias {@link #BIAS}, and the tower's output, which
     * cannot be divided among combinations, {@link #TOWER}.
     *
     * @param s a scoring of the user on which {@link #score} has run
     * @param item the item
     * @param towerOutput the tower's output for it, 0 where it was not asked
     */
    public List<Contribution> explain(Scoring s, int item, float towerOutput) {
        List<Contribution> parts = new ArrayList<>();
        if (settings.association()) {
            float a = mixing[0];
            float[] row = items.row(item);
            for (int c = 0; c < features.size(); c++) {
                int offset = itemOffsets[c];
                if (offset >= 0) {
                    float sum = 0f;
                    for (int d = offset; d < offset + dimension; d++) {
                        sum += s.query[d] * row[d];
                    }
                    parts.add(new Contribution(features.get(c).name(), a * sum));
                }
            }
            if (pairs != null) {
                parts.add(new Contribution(COUNTS, mixing[1] * s.phi[item]));
            }
            parts.add(new Contribution(BIAS, a * row[items.width()]));
        }
        if (tower != null) {
            parts.add(new Contribution(TOWER, towerOutput));
        }
        return parts;
    }

    /** Puts dense weights, and the optimiser's state where this network is trainable. */
    void put(ModelRow.Dense row) {
        System.arraycopy(row.mixing, 0, mixing, 0, mixing.length);
        if (tower != null) {
            tower.restore(row.tower, row.firstMoments, row.secondMoments, row.steps);
        }
    }

    /** Puts an embedding row that was read from a store or a topic. */
    void put(ModelRow.Embedding row) {
        if (row.table.equals(ITEM)) {
            items.put(row.index, row.id, row.values, row.state);
            setCandidate(row.index, row.candidate);
            setStatistics(row.index, row.occurrences, row.popularity);
            refreshColumns(row.index);
            return;
        }
        for (EmbeddingTable table : tables) {
            if (table.name().equals(row.table)) {
                table.put(row.index, row.id, row.values, row.state);
                return;
            }
        }
        throw new IllegalStateException(
                "the model holds a row of table " + row.table + ", this network has tables item, "
                        + String.join(", ", categories) + "; use the preset that the model was trained with");
    }

    /**
     * Adds the tower's output for some candidates.
     *
     * @param s a scoring of the user on which {@link #score} has run
     * @param chosen item indices
     * @param count how many
     * @param out out: the tower's output of each
     */
    public void tower(Scoring s, int[] chosen, int count, float[] out) {
        if (tower == null || count == 0) {
            Arrays.fill(out, 0, count, 0f);
            return;
        }
        int inputs = towerInputs();
        s.ensureRows(count * inputs);
        for (int i = 0; i < count; i++) {
            towerInput(s, chosen[i], s.rows, i * inputs);
        }
        tower.forward(s.towerWorkspace(tower), s.rows, count, out);
    }

    private void ensureItems(int n) {
        if (n > candidate.length) {
            int capacity = Math.max(n, candidate.length + (candidate.length >> 1));
            candidate = Arrays.copyOf(candidate, capacity);
            occurrences = Arrays.copyOf(occurrences, capacity);
            logOccurrences = Arrays.copyOf(logOccurrences, capacity);
            popularity = Arrays.copyOf(popularity, capacity);
        }
        if (n > columns[0].length) {
            int capacity = Math.max(n, columns[0].length + (columns[0].length >> 1));
            for (int d = 0; d < columns.length; d++) {
                columns[d] = Arrays.copyOf(columns[d], capacity);
            }
        }
    }

    private void refreshLive() {
        if (!liveStale) {
            return;
        }
        int[] next = new int[candidate.length];
        liveCount = 0;
        for (int j = 0; j < candidate.length; j++) {
            if (candidate[j]) {
                next[liveCount++] = j;
            }
        }
        live = next;
        liveStale = false;
    }

    private static int slot(List<String> names, String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
        return names.indexOf(name);
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

    private static float[] norms(float[] weights) {
        float[] norms = new float[weights.length + 1];
        double sum = 0.0;
        for (int n = 0; n < weights.length; n++) {
            sum += weights[n];
            norms[n + 1] = (float) (1.0 / Math.sqrt(sum));
        }
        return norms;
    }

    /** Where one thread's scoring leaves its results; reused, grows with the catalogue. */
    public static final class Scoring {
        float[] query = new float[0];
        float[] joint = new float[0];
        float[] vector = new float[0];
        float[] evidence = new float[0];
        float[] phi = new float[0];
        float[] base = new float[0];
        float[] rows = new float[0];
        private Tower.@Nullable Workspace tower;

        /** Base score of each item after {@link DeepAssociationNetwork#score}. Live. */
        public float[] base() {
            return base;
        }

        /** Evidence of the pair counts for each item. Live. */
        public float[] evidence() {
            return evidence;
        }

        void ensure(int items, int width, int joints) {
            if (query.length < width) {
                query = new float[width];
            }
            if (joint.length < joints) {
                joint = new float[joints];
            }
            if (base.length < items) {
                int capacity = items + (items >> 1);
                vector = new float[capacity];
                evidence = new float[capacity];
                phi = new float[capacity];
                base = new float[capacity];
            }
        }

        /** Buffers for the tower; a scoring stays with networks of one preset. */
        Tower.Workspace towerWorkspace(Tower network) {
            Tower.Workspace made = tower;
            if (made == null) {
                made = network.workspace();
                tower = made;
            }
            return made;
        }

        void ensureRows(int length) {
            if (rows.length < length) {
                rows = new float[length];
            }
        }
    }
}
