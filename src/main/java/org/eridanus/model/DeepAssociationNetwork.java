package org.eridanus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The network's parameters and its score, for training and serving alike.
 *
 * <p>Score of item j: a · [ b_j + Σ_c m_c Σ z_c(j) ] + w₁ φ(j) + Σ_o w_o ψ_o(j), the <em>base score</em>, and for the best
 * candidates by it, + t(j), the tower's output over the joint features z_c: q_c ∘ V_c[j] or another {@link JointFeature.Form}. Scale a,
 * the weights m_c of combinations (1, unless {@link ModelSettings#combinationRate} has them learned), w₁ of the pair counts φ
 * and w_o of each {@link Overlap} ψ are learned. A
 * Hadamard product's sum is q_c · V_c[j], an outer product's is linear in V_c[j] as well, so that all of these are one
 * product of a query with the item's row; a pair's row, and what the item's categories decide, are added one by one. Without an
 * association term the base score is 0 and the tower scores every item: the paper's form (section 4.2, eqs. 16–30), with a
 * combination formed from category vectors as in its Fig. 4, because an id for each distinct pair cannot generalise ({@link
 * JointFeature} says where that departs from eqs. 19–25). With one, eqs. 21–30 are the correction t(j) beside a sum of the same
 * joint features, which is ours.
 *
 * <p>With an association term item vectors are kept twice: by row, for learning, and by dimension ([width + 1, items]), so that scoring a
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

    /** Where the weights of combinations start in the mix. */
    static final int FIRST_WEIGHT = 2;

    /** Items whose scores stay in the processor's first cache while every dimension is added. */
    private static final int SCORED_AT_ONCE = 4096;

    /** Changed rows that are copied into the layout by dimension at once. */
    private static final int REFRESHED_AT_ONCE = 64;

    /** Values beside the joint features that the tower sees: vector score, pair feature, logarithm of occurrences. */
    static final int SCALARS = 3;

    /** What these are multiplied by, to be of the size of the others. */
    static final float SCALAR_SCALE = 0.25f;

    private final FloatKernel kernel = FloatKernels.CURRENT;
    final ModelSettings settings;
    final List<JointFeature> features;
    final JointFeatures joints;
    final EmbeddingTable items;
    final EmbeddingTable[] tables;
    final int dimension;
    /** Features that the tower's first layer sees, and those that reach its output by a linear layer of their own. */
    final int[] towerFeatures;

    final int[] wideFeatures;
    final @Nullable PairCounts pairs;
    final @Nullable Tower tower;
    final @Nullable Tower wide;
    final float[] mixing;
    private final LearningGuard guard;
    /** Per item: positive events so far, and the logarithm to base 2 of its decayed popularity. */
    private int[] occurrences = new int[64];

    /** Per item: ln(1 + occurrences). */
    private float[] logOccurrences = new float[64];

    private double[] popularity = new double[64];
    /** Per item: the logarithm to base 2 of its decayed popularity among users' first events. */
    private double[] startPopularity = unknown(0, new double[64]);

    private float[][] columns;
    private boolean[] candidate = new boolean[64];
    private int[] live = new int[0];
    private int liveCount;
    private boolean liveStale;
    private int[] staleItems = new int[0];
    /** Items whose description changed since the last version. */
    private final RowSet described = new RowSet();

    /**
     * A network without rows.
     *
     * @param settings preset
     * @param features joint features, in order
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
        this.joints = new JointFeatures(settings, this.features, trainable);
        this.items = joints.items();
        this.tables = joints.tables;
        this.guard = new LearningGuard(settings.maxGradient());
        ModelSettings.Pairs pairSettings = settings.pairs();
        this.pairs = pairSettings == null ? null : new PairCounts(pairSettings);
        this.mixing = new float[FIRST_WEIGHT + joints.weights + joints.overlaps.length];
        Arrays.fill(mixing, 0, firstOverlap(), 1f);
        this.mixing[1] = pairSettings == null ? 0f : pairSettings.initialWeight();
        ModelSettings.TowerSettings towerSettings = settings.tower();
        this.wideFeatures = towerSettings == null ? new int[0] : numbers(towerSettings.wide());
        this.towerFeatures = towerSettings == null ? new int[0] : towerFeatures(towerSettings);
        this.tower =
                towerSettings == null ? null : towers.tower(towerInputs(), towerSettings, settings.seed(), trainable);
        this.wide = towerSettings == null || wideFeatures.length == 0
                ? null
                : towers.tower(wideFeatures.length * dimension, linear(towerSettings), ~settings.seed(), trainable);
        this.columns = new float[settings.association() ? items.width() + 1 : 0][64];
        checkFeaturesAct();
    }

    private int[] numbers(List<String> names) {
        List<String> all = features.stream().map(JointFeature::name).toList();
        int[] numbers = new int[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = all.indexOf(names.get(i));
            if (numbers[i] >= 0 && joints.features[numbers[i]].overlap >= 0) {
                throw new IllegalArgumentException("tower.inputs and tower.wide name joint features with a vector, got "
                        + names.get(i) + ", which is an overlap: leave it out");
            }
            if (numbers[i] < 0) {
                throw new IllegalArgumentException(
                        "tower.inputs and tower.wide name joint features, got " + names.get(i) + "; there are " + all);
            }
        }
        return numbers;
    }

    private int[] towerFeatures(ModelSettings.TowerSettings towerSettings) {
        if (!towerSettings.inputs().isEmpty()) {
            return numbers(towerSettings.inputs());
        }
        return IntStream.range(0, features.size())
                .filter(f -> joints.features[f].overlap < 0)
                .filter(f -> !towerSettings.wide().contains(features.get(f).name()))
                .toArray();
    }

    private static ModelSettings.TowerSettings linear(ModelSettings.TowerSettings settings) {
        return new ModelSettings.TowerSettings(
                List.of(),
                settings.optimiser(),
                settings.initialDeviation(),
                settings.zeroOutput(),
                List.of(),
                List.of(),
                settings.dropout(),
                0f);
    }

    private void checkFeaturesAct() {
        if (tower != null && towerInputs() == 0) {
            throw new IllegalArgumentException("the tower has no input: name joint features in tower.inputs that"
                    + " tower.wide does not take, or leave the tower out");
        }
        for (int f = 0; f < features.size(); f++) {
            int number = f;
            if (!settings.association() && joints.features[f].overlap >= 0) {
                throw new IllegalArgumentException(
                        "joint feature " + features.get(f).name()
                                + " is an overlap, which acts beside an association term, and there is none: give it another form");
            }
            boolean acts = joints.features[f].associated
                    || joints.features[f].overlap >= 0
                    || IntStream.concat(IntStream.of(towerFeatures), IntStream.of(wideFeatures))
                            .anyMatch(t -> t == number);
            if (!acts) {
                throw new IllegalArgumentException(
                        "joint feature " + features.get(f).name()
                                + " acts nowhere: the association term takes what the candidate has a part in, and the"
                                + " tower what tower.inputs and tower.wide name; leave"
                                + " it out of the schema, or give it to a tower");
            }
        }
    }

    /** The preset. */
    public ModelSettings settings() {
        return settings;
    }

    /** Categories with a table of their own, in the order of {@link Context#values}. */
    public List<String> categories() {
        return joints.contextCategories;
    }

    /** What was kept away from the parameters, by reason. */
    public LearningGuard guard() {
        return guard;
    }

    /**
     * The active rows of each category in {@link #categories()}, for a {@link Context}; values without a row are left out.
     *
     * @param values category name to its active values
     */
    public int[][] rows(Map<String, List<String>> values) {
        return rows(joints.contextCategories, 0, values, false);
    }

    /** The same, admitting values that have no row yet; those that find their table full are left out and counted. */
    public int[][] admitRows(Map<String, List<String>> values) {
        return rows(joints.contextCategories, 0, values, true);
    }

    /**
     * Sets what is known of an item beside its id, admitting rows of its values.
     *
     * @param item the item's index
     * @param values item-owned category name to its active values; others are not read
     */
    public void describe(int item, Map<String, List<String>> values) {
        if (joints.itemCategories.isEmpty()) {
            return;
        }
        int[][] rows = rows(joints.itemCategories, joints.contextCategories.size(), values, true);
        if (!Arrays.deepEquals(rows, joints.itemValues(item))) {
            joints.setItemValues(item, rows);
            described.add(item);
        }
    }

    /** Whether an item was ever {@linkplain #describe described}; true where the model asks for no description. */
    public boolean isDescribed(int item) {
        return joints.itemCategories.isEmpty()
                || Arrays.stream(joints.itemValues(item)).anyMatch(rows -> rows.length > 0);
    }

    private int[][] rows(List<String> names, int firstTable, Map<String, List<String>> values, boolean admit) {
        int[][] rows = new int[names.size()][];
        for (int c = 0; c < rows.length; c++) {
            List<String> active = values.getOrDefault(names.get(c), List.of());
            EmbeddingTable table = tables[firstTable + c];
            int[] found = new int[active.size()];
            int count = 0;
            for (String value : active) {
                int row = admit ? table.admit(value) : table.indexOf(value);
                if (row >= 0) {
                    found[count++] = row;
                } else if (admit) {
                    guard.refuse(LearningGuard.Reason.TABLE_FULL);
                }
            }
            rows[c] = count == 0 ? Context.NO_VALUES : Arrays.copyOf(found, count);
        }
        return rows;
    }

    /** The item table. */
    public EmbeddingTable items() {
        return items;
    }

    /** The pair counts, null where the preset has none. */
    public @Nullable PairCounts pairs() {
        return pairs;
    }

    /**
     * Scale a of the association term, weight w₁ of the pair feature, the weights of combinations that are learned, and those
     * of overlaps.
     */
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
        for (float[] column : columns) {
            bytes += (long) Float.BYTES * column.length;
        }
        for (Tower part : towers()) {
            bytes += (long) Float.BYTES * (part.length() + part.firstMoments.length + part.secondMoments.length);
        }
        for (JointFeatures.Laid laid : joints.features) {
            bytes += laid.outer == null ? 0 : laid.outer.bytes();
        }
        return bytes;
    }

    /** Length of the tower's input. */
    int towerInputs() {
        return towerFeatures.length * dimension + (settings.association() ? SCALARS : 0);
    }

    /** Admits an item on first use; −1 where the table is full. */
    public int admitItem(String id) {
        int known = items.indexOf(id);
        if (known >= 0) {
            return known;
        }
        int index = items.admit(id);
        if (index >= 0) {
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
     * @param startLogarithm the same among users' first events, −∞ for an item that nobody started with
     */
    public void setStatistics(int item, int count, double logarithm, double startLogarithm) {
        ensureItems(item + 1);
        occurrences[item] = count;
        logOccurrences[item] = FloatMath.log(1f + count);
        popularity[item] = logarithm;
        startPopularity[item] = startLogarithm;
    }

    /** Positive events of an item so far. */
    public int occurrences(int item) {
        return occurrences[item];
    }

    /** Logarithm to base 2 of an item's decayed popularity; only differences between items mean anything. */
    public double popularity(int item) {
        return popularity[item];
    }

    /** The same as {@link #popularity} among users' first events; −∞ for an item that nobody started with. */
    public double startPopularity(int item) {
        return startPopularity[item];
    }

    /**
     * The order of items for a user without a history: by their popularity among users' first events, then, as among those
     * that nobody started with, by that among all events; those without events last.
     *
     * @return positive where {@code item} comes before {@code other}, 0 where neither does
     */
    public int compareAtStart(int item, int other) {
        int byStart = Double.compare(startPopularity[item], startPopularity[other]);
        if (byStart != 0) {
            return byStart;
        }
        int byEvents = Boolean.compare(occurrences[item] > 0, occurrences[other] > 0);
        return byEvents != 0 || occurrences[item] == 0 ? byEvents : Double.compare(popularity[item], popularity[other]);
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
        float[] row = items.record(item);
        for (int d = 0; d < columns.length; d++) {
            columns[d][item] = row[d];
        }
    }

    /**
     * Refreshes the by-dimension copy of every row changed since the last time: so many rows at once, and of them so many
     * dimensions, that what is read and what is written stay in the processor's first cache.
     */
    void refreshStale() {
        RowSet stale = items.stale();
        int count = stale.inOrder(staleItems = room(staleItems, stale.count()));
        ensureItems(items.size());
        for (int from = 0; from < count; from += REFRESHED_AT_ONCE) {
            int to = Math.min(count, from + REFRESHED_AT_ONCE);
            int d = 0;
            for (; d + 4 <= columns.length; d += 4) {
                refresh(d, columns[d], columns[d + 1], columns[d + 2], columns[d + 3], from, to);
            }
            for (; d < columns.length; d++) {
                for (int i = from; i < to; i++) {
                    columns[d][staleItems[i]] = items.records[staleItems[i]][d];
                }
            }
        }
        stale.clear();
    }

    private void refresh(int d, float[] c0, float[] c1, float[] c2, float[] c3, int from, int to) {
        float[][] records = items.records;
        int[] which = staleItems;
        for (int i = from; i < to; i++) {
            int item = which[i];
            float[] row = records[item];
            c0[item] = row[d];
            c1[item] = row[d + 1];
            c2[item] = row[d + 2];
            c3[item] = row[d + 3];
        }
    }

    private static int[] room(int[] values, int count) {
        return values.length < count ? new int[count + (count >> 1)] : values;
    }

    /**
     * Computes the base score of every item for a user.
     *
     * @param context the user's side
     * @param s out: query, vector scores, evidence, pair feature and base score
     */
    public void score(Context context, Scoring s) {
        int n = items.size();
        s.ensure(n);
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
        addIndirect(s, n);
        float a = mixing[0];
        if (pairs == null) {
            for (int j = 0; j < n; j++) {
                s.base[j] = a * vector[j];
            }
        } else {
            float w = mixing[1];
            pairs.evidence(context, s.evidence, n);
            pairs.feature(s.evidence, s.phi, n);
            for (int j = 0; j < n; j++) {
                s.base[j] = a * vector[j] + w * s.phi[j];
            }
        }
        overlap(context, s, n);
        for (int o = 0; o < s.overlaps.length; o++) {
            float w = mixing[firstOverlap() + o];
            float[] overlap = s.overlaps[o];
            for (int j = 0; j < n; j++) {
                s.base[j] += w * overlap[j];
            }
        }
    }

    /** Computes the overlaps ψ of every item. */
    private void overlap(Context context, Scoring s, int n) {
        for (int o = 0; o < joints.overlaps.length; o++) {
            Overlap overlap = joints.overlaps[o];
            float[] out = s.overlaps[o];
            float[] profile = s.profile(overlap.profileLength());
            if (!overlap.profile(context, s.pastWeights, profile)) {
                Arrays.fill(out, 0, n, 0f);
                continue;
            }
            for (int j = 0; j < n; j++) {
                out[j] = overlap.of(j, profile);
            }
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

    /** Adds the summands of the association term that are not read off an item's own row. */
    private void addIndirect(Scoring s, int n) {
        for (int f = 0; f < features.size(); f++) {
            JointFeatures.Laid laid = joints.features[f];
            if (laid.associated && laid.itemOffset < 0) {
                for (int j = 0; j < n; j++) {
                    s.vector[j] += indirect(laid, f, s, j);
                }
            }
        }
    }

    /** One summand of the association term, m_c Σ z_c, by way of the vectors of the candidate's sides. */
    float indirect(JointFeatures.Laid laid, int f, Scoring s, int item) {
        return weight(laid) * sum(laid, f, s, item);
    }

    /** Σ z_c of a candidate. */
    float sum(JointFeatures.Laid laid, int f, Scoring s, int item) {
        if (laid.factorises) {
            if (laid.ownOffset >= 0) {
                return kernel.dot(s.joint, f * dimension, items.record(item), laid.ownOffset, dimension);
            }
            joints.candidateProduct(laid, item, s.product, s.scratch);
            return kernel.dot(s.joint, f * dimension, s.product, 0, dimension);
        }
        joints.joint(f, s, s.context(), item, s.product, 0);
        float sum = 0f;
        for (int d = 0; d < dimension; d++) {
            sum += s.product[d];
        }
        return sum;
    }

    /** Whether a number of {@link #mixing} is a combination's weight in the association term. */
    boolean isWeight(int k) {
        return k >= FIRST_WEIGHT && k < firstOverlap();
    }

    /** Where the weights of overlaps start in the mix. */
    int firstOverlap() {
        return FIRST_WEIGHT + joints.weights;
    }

    /** The weight m_c of a combination in the association term. */
    float weight(JointFeatures.Laid laid) {
        return laid.weight < 0 ? 1f : mixing[laid.weight];
    }

    /** Computes the user's side: the query, and the joint features that no candidate changes. */
    void query(Context context, Scoring s) {
        s.prepare(context, joints, items.width());
        joints.context(context, s);
        Arrays.fill(s.query, 0, items.width(), 0f);
        for (int f = 0; f < features.size(); f++) {
            JointFeatures.Laid laid = joints.features[f];
            if (laid.itemOffset < 0) {
                continue;
            }
            float m = weight(laid);
            float[] part = s.joint;
            int at = f * dimension;
            if (laid.outer != null) {
                laid.outer.query(laid, laid.itemSide, s.sides, s.scratch);
                part = s.scratch;
                at = 0;
            }
            for (int d = 0; d < dimension; d++) {
                s.query[laid.itemOffset + d] += m * part[at + d];
            }
        }
    }

    /** Computes what {@link #baseScore} and {@link #towerInput} need of the user's side, for candidates one by one. */
    void prepare(Context context, Scoring s) {
        s.ensure(items.size());
        query(context, s);
        if (pairs != null) {
            pairs.evidence(context, s.evidence, items.size());
            pairs.feature(s.evidence, s.phi, items.size());
        }
        overlap(context, s, items.size());
    }

    /** The base score of one candidate after {@link #prepare}. */
    float baseScore(Scoring s, int item) {
        if (!settings.association()) {
            return 0f;
        }
        s.vector[item] = vectorScore(s, item);
        float sum = mixing[0] * s.vector[item] + mixing[1] * s.phi[item];
        for (int o = 0; o < s.overlaps.length; o++) {
            sum += mixing[firstOverlap() + o] * s.overlaps[o][item];
        }
        return sum;
    }

    /** b_j + Σ_c m_c Σ z_c(j) of one candidate, the user's side computed by {@link #query}. */
    float vectorScore(Scoring s, int item) {
        float[] row = items.record(item);
        float sum = row[items.width()] + kernel.dot(s.query, 0, row, 0, items.width());
        for (int f = 0; f < features.size(); f++) {
            JointFeatures.Laid laid = joints.features[f];
            if (laid.associated && laid.itemOffset < 0) {
                sum += indirect(laid, f, s, item);
            }
        }
        return sum;
    }

    /**
     * Writes the tower's input for one candidate.
     *
     * @param s a scoring of the user on which {@link #score} has run
     * @param item the candidate
     * @param out out, {@link #towerInputs()} values from {@code at}
     */
    void towerInput(Scoring s, int item, float[] out, int at) {
        for (int i = 0; i < towerFeatures.length; i++) {
            joints.joint(towerFeatures[i], s, s.context(), item, out, at + i * dimension);
        }
        if (settings.association()) {
            int scalar = at + towerFeatures.length * dimension;
            out[scalar] = SCALAR_SCALE * s.vector[item];
            out[scalar + 1] = SCALAR_SCALE * s.phi[item];
            out[scalar + 2] = SCALAR_SCALE * logOccurrences[item];
        }
    }

    /** Writes the linear layer's input for one candidate, {@code wideFeatures.length × dimension} values. */
    void wideInput(Scoring s, int item, float[] out, int at) {
        for (int i = 0; i < wideFeatures.length; i++) {
            joints.joint(wideFeatures[i], s, s.context(), item, out, at + i * dimension);
        }
    }

    /** Marks an item's row as changed. */
    public void touch(int item) {
        items.touch(item);
    }

    /** Removes the rows that users own. */
    public void forgetUsers(Set<String> users) {
        joints.forgetUsers(users);
    }

    /** The active rows of a context's categories without those that are the user's own, which may have been removed. */
    public int[][] withoutUser(int[][] values) {
        return joints.withoutUser(values);
    }

    /**
     * Removes items' rows and all that is known of them; what comes back is a new item. Nothing may be left that names one by
     * its index: another item gets it.
     *
     * @param indices of items that have rows
     * @param removed where the keys of everything go that was written of them
     */
    public void evictItems(int[] indices, Consumer<String> removed) {
        // None of them may wait for its copy by dimension any longer.
        refreshStale();
        Set<String> ids = new HashSet<>();
        for (int item : indices) {
            String id = items.id(item);
            ids.add(id);
            drop(item);
            removed.accept(ModelRow.Embedding.keyOf(ITEM, id));
            if (!joints.itemCategories.isEmpty()) {
                removed.accept(ModelRow.Description.keyOf(id));
            }
            if (pairs != null) {
                removed.accept(ModelRow.Pairs.keyOf(id));
            }
        }
        joints.forgetItems(ids);
    }

    /** Drops an item's row and what is known of it. */
    private void drop(int item) {
        items.remove(items.id(item));
        items.takeRemoved();
        setCandidate(item, false);
        setStatistics(item, 0, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        int[][] nothing = new int[joints.itemCategories.size()][];
        Arrays.fill(nothing, Context.NO_VALUES);
        joints.setItemValues(item, nothing);
        if (pairs != null) {
            pairs.drop(item);
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
            if (items.holds(item)) {
                rows.accept(itemRow(item));
                count++;
            }
        }
        for (int item : described.sorted()) {
            if (items.holds(item)) {
                rows.accept(new ModelRow.Description(items.id(item), item, joints.itemValues(item)));
            }
        }
        for (EmbeddingTable table : tables) {
            table.takeRemoved().forEach(id -> removed.accept(ModelRow.Embedding.keyOf(table.name(), id)));
            for (int row : table.changed().sorted()) {
                if (table.holds(row)) {
                    rows.accept(row(table, row));
                    count++;
                }
            }
        }
        clearChanged();
        return count;
    }

    private ModelRow itemRow(int item) {
        return new ModelRow.Embedding(
                ITEM,
                items.id(item),
                item,
                candidate[item],
                occurrences[item],
                popularity[item],
                startPopularity[item],
                items.values(item),
                items.state(item));
    }

    private static ModelRow row(EmbeddingTable table, int row) {
        return new ModelRow.Embedding(
                table.name(),
                table.id(row),
                row,
                false,
                0,
                0.0,
                Double.NEGATIVE_INFINITY,
                table.values(row),
                table.state(row));
    }

    /**
     * Hands over everything that this network is made of, table after table in the order of indices; what changed since the
     * last version stays noted.
     *
     * @param rows where they go; their arrays are live
     */
    public void writeAllRows(Consumer<ModelRow> rows) {
        for (int item = 0; item < items.size(); item++) {
            if (items.holds(item)) {
                rows.accept(itemRow(item));
            }
        }
        for (int item = 0; !joints.itemCategories.isEmpty() && item < items.size(); item++) {
            if (items.holds(item)) {
                rows.accept(new ModelRow.Description(items.id(item), item, joints.itemValues(item)));
            }
        }
        for (EmbeddingTable table : tables) {
            for (int row = 0; row < table.size(); row++) {
                if (table.holds(row)) {
                    rows.accept(row(table, row));
                }
            }
        }
        for (int item = 0; pairs != null && item < items.size(); item++) {
            ModelRow.Pairs row = pairs.row(item, items.id(item), Integer.MAX_VALUE);
            if (row.occurrences > 0 || row.successors.length > 0) {
                rows.accept(row);
            }
        }
        rows.accept(dense(new float[0], tower == null ? 0 : tower.steps()));
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
        described.clear();
    }

    /**
     * Puts a row that was read from the {@code model} topic into a network that is not trainable; the row's arrays are
     * not changed, those of pair counts are kept. Markers say nothing to a network.
     *
     * @throws IllegalStateException for a row that belongs to another preset
     */
    public void load(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            put(embedding);
        } else if (row instanceof ModelRow.Description description) {
            put(description);
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
            return dense.mixing.length == mixing.length && dense.tower.length == denseLength();
        }
        if (row instanceof ModelRow.Description description) {
            return description.values.length == joints.itemCategories.size() && description.index < settings.maxRows();
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
        String item = ModelRow.Embedding.keyOf(ITEM, "");
        if (key.startsWith(item)) {
            int index = items.indexOf(key.substring(item.length()));
            if (index >= 0) {
                drop(index);
            }
            return;
        }
        for (EmbeddingTable table : tables) {
            String prefix = ModelRow.Embedding.keyOf(table.name(), "");
            if (key.startsWith(prefix)) {
                table.remove(key.substring(prefix.length()));
                table.takeRemoved();
            }
        }
    }

    /**
     * What each part adds to an item's score. {@link Contribution#sum} of the parts is the score that a list shows, exactly;
     * it differs from the ranked one, base score plus tower, by rounding alone, since that is added up dimension by
     * dimension. The association term's parts are named by their combination, the pair counts by {@link #COUNTS}, the item bias {@link #BIAS}, and the tower's output, which
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
            float[] row = items.record(item);
            for (int f = 0; f < features.size(); f++) {
                if (joints.features[f].associated) {
                    parts.add(new Contribution(features.get(f).name(), a * indirect(joints.features[f], f, s, item)));
                }
                int overlap = joints.features[f].overlap;
                if (overlap >= 0) {
                    parts.add(new Contribution(
                            features.get(f).name(), mixing[firstOverlap() + overlap] * s.overlaps[overlap][item]));
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

    /** Number of dense parameters beside the mix: the tower's, its linear layer's, those of embedded outer products. */
    int denseLength() {
        int length = (tower == null ? 0 : tower.length()) + (wide == null ? 0 : wide.length());
        for (JointFeatures.Laid laid : joints.features) {
            length += laid.outer == null ? 0 : laid.outer.length();
        }
        return length;
    }

    /**
     * The dense weights with the optimiser's state; the state live where the tower is all there is.
     *
     * @param mixingState Adagrad's accumulators of the mix
     * @param steps steps taken by the tower
     */
    ModelRow.Dense dense(float[] mixingState, long steps) {
        int length = denseLength();
        Tower whole = tower;
        if (whole != null && whole.length() == length) {
            return new ModelRow.Dense(
                    mixing, mixingState, whole.parameters(), whole.firstMoments, whole.secondMoments, steps);
        }
        float[] values = new float[length];
        float[] first = new float[stateLength(1)];
        float[] second = new float[stateLength(2)];
        int at = 0;
        for (Tower part : towers()) {
            System.arraycopy(part.parameters(), 0, values, at, part.length());
            if (part.firstMoments.length > 0) {
                System.arraycopy(part.firstMoments, 0, first, at, part.firstMoments.length);
            }
            if (part.secondMoments.length > 0) {
                System.arraycopy(part.secondMoments, 0, second, at, part.secondMoments.length);
            }
            at += part.length();
        }
        for (JointFeatures.Laid laid : joints.features) {
            if (laid.outer != null) {
                laid.outer.copyTo(values, first, second, at);
                at += laid.outer.length();
            }
        }
        return new ModelRow.Dense(mixing, mixingState, values, first, second, steps);
    }

    /** Length of the dense parameters' first or second state values: 0 where none of them has any. */
    private int stateLength(int copy) {
        boolean any = false;
        for (Tower part : towers()) {
            any |= (copy == 1 ? part.firstMoments : part.secondMoments).length > 0;
        }
        for (JointFeatures.Laid laid : joints.features) {
            any |= laid.outer != null && laid.outer.hasState(copy);
        }
        return any ? denseLength() : 0;
    }

    /** The tower and its linear layer, where there are any. */
    List<Tower> towers() {
        List<Tower> towers = new ArrayList<>(2);
        if (tower != null) {
            towers.add(tower);
        }
        if (wide != null) {
            towers.add(wide);
        }
        return towers;
    }

    /** Puts dense weights, and the optimiser's state where this network is trainable. */
    void put(ModelRow.Dense row) {
        System.arraycopy(row.mixing, 0, mixing, 0, mixing.length);
        int at = 0;
        for (Tower part : towers()) {
            part.restore(
                    part(row.tower, at, part.length()),
                    part(row.firstMoments, at, part.firstMoments.length),
                    part(row.secondMoments, at, part.secondMoments.length),
                    row.steps);
            at += part.length();
        }
        for (JointFeatures.Laid laid : joints.features) {
            if (laid.outer != null) {
                laid.outer.copyFrom(row.tower, row.firstMoments, row.secondMoments, at);
                at += laid.outer.length();
            }
        }
    }

    private static float[] part(float[] values, int at, int length) {
        return length == 0 ? values : Arrays.copyOfRange(values, at, at + length);
    }

    /** Puts what is known of an item beside its id. */
    void put(ModelRow.Description row) {
        joints.setItemValues(row.index, row.values);
    }

    /** Puts an embedding row that was read from a store or a topic. */
    void put(ModelRow.Embedding row) {
        if (row.table.equals(ITEM)) {
            items.put(row.index, row.id, row.values, row.state);
            setCandidate(row.index, row.candidate);
            setStatistics(row.index, row.occurrences, row.popularity, row.startPopularity);
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
                        + Arrays.stream(tables).map(EmbeddingTable::name).collect(Collectors.joining(", "))
                        + "; use the preset that the model was trained with");
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
        if (wide != null) {
            int wideInputs = wideFeatures.length * dimension;
            s.ensureRows(count * wideInputs);
            if (s.wideOutputs.length < count) {
                s.wideOutputs = new float[count];
            }
            for (int i = 0; i < count; i++) {
                wideInput(s, chosen[i], s.rows, i * wideInputs);
            }
            wide.forward(s.wideWorkspace(wide), s.rows, count, s.wideOutputs);
            for (int i = 0; i < count; i++) {
                out[i] += s.wideOutputs[i];
            }
        }
    }

    /**
     * The whole scores of some candidates, base score and tower.
     *
     * @param context the user's side
     * @param s scratch; holds the base scores of the whole catalogue afterwards
     * @param chosen item indices
     * @param count how many
     * @param out out: the score of each
     */
    public void scores(Context context, Scoring s, int[] chosen, int count, float[] out) {
        score(context, s);
        tower(s, chosen, count, out);
        for (int i = 0; i < count; i++) {
            out[i] += s.base[chosen[i]];
        }
    }

    private void ensureItems(int n) {
        if (n > candidate.length) {
            int capacity = Math.max(n, candidate.length + (candidate.length >> 1));
            candidate = Arrays.copyOf(candidate, capacity);
            occurrences = Arrays.copyOf(occurrences, capacity);
            logOccurrences = Arrays.copyOf(logOccurrences, capacity);
            popularity = Arrays.copyOf(popularity, capacity);
            startPopularity = unknown(startPopularity.length, Arrays.copyOf(startPopularity, capacity));
        }
        if (columns.length > 0 && n > columns[0].length) {
            int capacity = Math.max(n, columns[0].length + (columns[0].length >> 1));
            for (int d = 0; d < columns.length; d++) {
                columns[d] = Arrays.copyOf(columns[d], capacity);
            }
        }
    }

    /** Statistics in which nothing is known from an index on. */
    private static double[] unknown(int from, double[] statistics) {
        Arrays.fill(statistics, from, statistics.length, Double.NEGATIVE_INFINITY);
        return statistics;
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

    /** Where one thread's scoring leaves its results; reused, grows with the catalogue. */
    public static final class Scoring {
        float[] query = new float[0];
        float[] joint = new float[0];
        float[] vector = new float[0];
        float[] evidence = new float[0];
        float[] phi = new float[0];
        float[] base = new float[0];
        float[] rows = new float[0];
        float[] wideOutputs = new float[0];
        /** The vector of each side of each feature. */
        float[] sides = new float[0];

        /** The weights of a history that ages. */
        float[] pastWeights = new float[0];

        float[] product = new float[0];
        float[] scratch = new float[0];
        /** The overlaps of each item, by number. */
        float[][] overlaps = new float[0][];

        private float[] profile = new float[0];
        private @Nullable Context context;
        private Tower.@Nullable Workspace tower;
        private Tower.@Nullable Workspace wide;

        /** Base score of each item after {@link DeepAssociationNetwork#score}. Live. */
        public float[] base() {
            return base;
        }

        /** Evidence of the pair counts for each item. Live. */
        public float[] evidence() {
            return evidence;
        }

        /** The user's side that was queried last. */
        Context context() {
            return Objects.requireNonNull(context, "query() comes first");
        }

        /** Makes room for the user's side. */
        void prepare(Context user, JointFeatures joints, int width) {
            context = user;
            int values = joints.features.length * joints.dimension;
            if (query.length < width || joint.length < values || sides.length < joints.sideValues()) {
                query = new float[width];
                joint = new float[values];
                sides = new float[joints.sideValues()];
                pastWeights = new float[joints.longestPast];
                product = new float[joints.dimension];
                scratch = new float[joints.dimension];
            }
            if (overlaps.length != joints.overlaps.length) {
                overlaps = new float[joints.overlaps.length][base.length];
            }
        }

        /** Room for what a history says of so many values. */
        float[] profile(int length) {
            if (profile.length < length) {
                profile = new float[length + (length >> 1)];
            }
            return profile;
        }

        void ensure(int items) {
            if (base.length < items) {
                int capacity = items + (items >> 1);
                vector = new float[capacity];
                evidence = new float[capacity];
                phi = new float[capacity];
                base = new float[capacity];
                for (int o = 0; o < overlaps.length; o++) {
                    overlaps[o] = new float[capacity];
                }
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

        /** The same for the linear layer beside the tower. */
        Tower.Workspace wideWorkspace(Tower network) {
            Tower.Workspace made = wide;
            if (made == null) {
                made = network.workspace();
                wide = made;
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
