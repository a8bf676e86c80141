package org.eridanus.recommend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.Candidates;
import org.eridanus.model.Context;
import org.eridanus.model.Contribution;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.ModelRow;
import org.jspecify.annotations.Nullable;

/**
 * Makes lists: base scores of the whole catalogue, filters, the tower for the best candidates, top k by the whole score.
 *
 * <p>A user of whom the model knows nothing gets what is most popular among users' first items, then what is most popular
 * among all ({@link DeepAssociationNetwork#compareAtStart}). The score is the popularity among first items relative to that
 * of the first candidate, 2^(pⱼ − p₁), p the logarithm of decayed popularity, and 0 for an item that nobody started with;
 * where nobody started with any candidate, it is the same of the popularity among all.
 *
 * <p>Threading: not thread-safe; one a thread. They share a {@link ServedModel}.
 */
public final class Recommender {
    /** Name of the one contribution to a score by popularity. */
    public static final String POPULARITY = "popularity";

    private static final int CONSUMED = 1;
    private static final int EXCLUDED = 2;

    private final ServedModel model;
    private final boolean hideConsumed;
    /** Buffers for {@link #scored}; another network may have another shape. */
    private DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();

    private @Nullable DeepAssociationNetwork scored;
    private final Candidates chosen = new Candidates();
    private int[] history = new int[0];
    private long[] times = new long[0];
    /** Per item: {@link #stamp} plus why it is hidden, anything smaller where it is not. */
    private int[] hidden = new int[0];

    private int stamp;
    private int[] eligible = new int[0];
    private float[] tower = new float[0];
    private int[] topItems = new int[0];
    private double[] topScores = new double[0];
    private float[] topTower = new float[0];
    private int topCount;

    /**
     * A recommender.
     *
     * @param model what it ranks with
     * @param hideConsumed whether items are left out that the user has met
     */
    public Recommender(ServedModel model, boolean hideConsumed) {
        this.model = model;
        this.hideConsumed = hideConsumed;
    }

    /**
     * The best items for a user, by the version that is served now.
     *
     * @param user what is known of the user
     * @param k how many, at least 1
     * @param exclude item ids to leave out
     */
    public Recommendation recommend(UserContext user, int k, Set<String> exclude) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, got " + k);
        }
        return model.read(() -> model.marker()
                .map(marker -> recommend(marker, model.network(), user, k, exclude))
                .orElseGet(() -> new Recommendation(
                        model.generation(),
                        0,
                        Collections.emptySortedMap(),
                        List.of(),
                        Fallback.NO_MODEL,
                        Filtered.NONE)));
    }

    private Recommendation recommend(
            ModelRow.Marker marker, DeepAssociationNetwork network, UserContext user, int k, Set<String> exclude) {
        if (network != scored) {
            scored = network;
            scoring = new DeepAssociationNetwork.Scoring();
        }
        int length = historyIndices(network, user);
        int[][] values = network.rows(network.categories().isEmpty() ? Map.of() : user.categories(model.schema()));
        int known = Arrays.stream(values).mapToInt(rows -> rows.length).sum();
        int candidates = network.candidates();
        int removed = network.items().rows() - candidates;
        hide(network, user.history(), length, exclude);
        int count = 0;
        int consumed = 0;
        int excluded = 0;
        int[] live = network.live();
        for (int i = 0; i < candidates; i++) {
            int why = hidden[live[i]] - stamp;
            if (why == CONSUMED) {
                consumed++;
            } else if (why == EXCLUDED) {
                excluded++;
            } else {
                eligible[count++] = live[i];
            }
        }
        startTop(k);
        Fallback fallback = null;
        List<RecommendedItem> items;
        if (user.history().newest().isEmpty() || length + known == 0) {
            fallback = Fallback.NO_HISTORY;
            items = byPopularity(network, count, k);
        } else {
            items = byModel(network, new Context(history, times, length, values), count, k);
        }
        if (items.isEmpty()) {
            fallback = Fallback.NO_CANDIDATES;
        }
        return new Recommendation(
                model.generation(),
                marker.version(),
                marker.trainedThrough(),
                items,
                fallback,
                new Filtered(removed, consumed, excluded));
    }

    private List<RecommendedItem> byModel(DeepAssociationNetwork network, Context context, int count, int k) {
        int rerank = model.settings().reranked();
        network.score(context, scoring);
        float[] base = scoring.base();
        chosen.select(base, eligible, count, rerank < 0 ? k : rerank == 0 ? 0 : Math.max(rerank, k));
        int[] best = chosen.items();
        if (tower.length < chosen.count()) {
            tower = new float[chosen.count() + (chosen.count() >> 1)];
        }
        network.tower(scoring, best, chosen.count(), tower);
        for (int i = 0; i < chosen.count(); i++) {
            float score = base[best[i]] + tower[i];
            if (Float.isFinite(score)) {
                offer(best[i], score, tower[i], k);
            }
        }
        List<RecommendedItem> items = new ArrayList<>(topCount);
        for (int i = 0; i < topCount; i++) {
            List<Contribution> why = network.explain(scoring, topItems[i], topTower[i]);
            items.add(new RecommendedItem(network.items().id(topItems[i]), Contribution.sum(why), why));
        }
        // Parts add up to the score that is shown; where that rounds otherwise than the ranked one, it decides the
        // order.
        items.sort(Comparator.comparing(RecommendedItem::score).reversed());
        return items;
    }

    private List<RecommendedItem> byPopularity(DeepAssociationNetwork network, int count, int k) {
        for (int i = 0; i < count; i++) {
            offerAtStart(network, eligible[i], k);
        }
        List<RecommendedItem> items = new ArrayList<>(topCount);
        for (int i = 0; i < topCount; i++) {
            float share = startShare(network, topItems[i], topItems[0]);
            items.add(new RecommendedItem(
                    network.items().id(topItems[i]), share, List.of(new Contribution(POPULARITY, share))));
        }
        return items;
    }

    private static float startShare(DeepAssociationNetwork network, int item, int first) {
        if (network.occurrences(item) == 0) {
            return 0f;
        }
        boolean started = network.startPopularity(first) != Double.NEGATIVE_INFINITY;
        return (float) Math.pow(
                2,
                started
                        ? network.startPopularity(item) - network.startPopularity(first)
                        : network.popularity(item) - network.popularity(first));
    }

    /** Finds the history's items that the model knows, the newest first; returns how many. */
    private int historyIndices(DeepAssociationNetwork network, UserContext user) {
        List<String> newest = user.history().newest();
        if (history.length < newest.size()) {
            history = new int[newest.size()];
            times = new long[newest.size()];
        }
        int length = 0;
        for (int i = 0; i < newest.size(); i++) {
            int item = network.items().indexOf(newest.get(i));
            if (item >= 0) {
                times[length] = user.times().get(i);
                history[length++] = item;
            }
        }
        return length;
    }

    private void hide(DeepAssociationNetwork network, UserHistory past, int length, Set<String> exclude) {
        int n = network.items().size();
        if (hidden.length < n) {
            hidden = Arrays.copyOf(hidden, n + (n >> 1));
            eligible = new int[hidden.length];
        }
        if (stamp > Integer.MAX_VALUE - 2 * (EXCLUDED + 1)) {
            Arrays.fill(hidden, 0);
            stamp = 0;
        }
        stamp += EXCLUDED + 1;
        for (String id : exclude) {
            int item = network.items().indexOf(id);
            if (item >= 0) {
                hidden[item] = stamp + EXCLUDED;
            }
        }
        if (!hideConsumed) {
            return;
        }
        for (int i = 0; i < past.seenCount(); i++) {
            int item = model.indexOf(past.seenHash(i));
            if (item >= 0) {
                hidden[item] = stamp + CONSUMED;
            }
        }
        // The seen-set forgets by first meeting, so that it may lack an item that was consumed lately again.
        for (int i = 0; i < length; i++) {
            hidden[history[i]] = stamp + CONSUMED;
        }
    }

    private void startTop(int k) {
        if (topItems.length < k) {
            topItems = new int[k];
            topScores = new double[k];
            topTower = new float[k];
        }
        topCount = 0;
    }

    /** Takes an item into the top k; of equal scores the one offered first stands first. */
    private void offer(int item, double score, float towerOutput, int k) {
        if (topCount == k && !(score > topScores[k - 1])) {
            return;
        }
        int at = topCount < k ? topCount++ : k - 1;
        while (at > 0 && score > topScores[at - 1]) {
            topItems[at] = topItems[at - 1];
            topScores[at] = topScores[at - 1];
            topTower[at] = topTower[at - 1];
            at--;
        }
        topItems[at] = item;
        topScores[at] = score;
        topTower[at] = towerOutput;
    }

    /** Takes an item into the top k for a user without a history; of equal ones the one offered first stands first. */
    private void offerAtStart(DeepAssociationNetwork network, int item, int k) {
        if (topCount == k && network.compareAtStart(item, topItems[k - 1]) <= 0) {
            return;
        }
        int at = topCount < k ? topCount++ : k - 1;
        while (at > 0 && network.compareAtStart(item, topItems[at - 1]) > 0) {
            topItems[at] = topItems[at - 1];
            at--;
        }
        topItems[at] = item;
    }
}
