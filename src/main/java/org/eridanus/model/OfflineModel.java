package org.eridanus.model;

import java.util.List;
import java.util.Map;

/**
 * A model that is trained outside the stream: examples in, scores out.
 *
 * <pre>{@code
 * OfflineModel model = new OfflineModel(PaperModels.dan(16, Form.HADAMARD));
 * int item = model.item("50", Map.of("genre", List.of("Comedy")));        // every item once
 * Context user = model.context(Map.of("user", List.of("196")), new int[0], 0);
 * model.epoch(examples);                                                  // as often as wanted
 * model.scores(user, candidates, count, scores);
 * }</pre>
 *
 * <p>Equal definitions and equal calls give equal bits.
 *
 * <p>Threading: not thread-safe; several models may run in several threads.
 */
public final class OfflineModel {
    private static final long PURPOSE_SHUFFLE = 0x73687566L;

    private final ModelSettings settings;
    private final DeepAssociationNetwork network;
    private final IncrementalLearner learner;
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private long batches;
    private long epochs;

    /** A model that has learned nothing. */
    public OfflineModel(ModelDefinition definition) {
        this.settings = definition.settings();
        this.network = definition.network(true);
        this.learner = new IncrementalLearner(network);
    }

    /** The network as it is. */
    public DeepAssociationNetwork network() {
        return network;
    }

    /**
     * The index of an item, which becomes a candidate: one that negatives are drawn from.
     *
     * @param id the item's id
     * @param categories item-owned category name to its active values; those that the model does not combine are not read
     * @throws IllegalStateException if the item table is full
     */
    public int item(String id, Map<String, List<String>> categories) {
        int item = network.admitItem(id);
        if (item < 0) {
            throw new IllegalStateException(
                    "the item table is full: max-rows is " + settings.maxRows() + "; raise it, or offer fewer items");
        }
        network.describe(item, categories);
        network.setCandidate(item, true);
        return item;
    }

    /**
     * The user's side of an example, or of a question.
     *
     * @param categories user- and event-owned category name to its active values; those that the model does not combine
     *     are not read
     * @param history item indices, newest first, kept
     * @param length how many of them are valid
     */
    public Context context(Map<String, List<String>> categories, int[] history, int length) {
        return new Context(history, length, network.admitRows(categories));
    }

    /**
     * Counts an event for the pair counts and for what the tower knows of an item's occurrences. In the order of time; models
     * without either ignore it.
     */
    public void count(Example example) {
        learner.count(example);
        int item = example.positive;
        network.setStatistics(
                item, network.occurrences(item) + 1, network.popularity(item), network.startPopularity(item));
    }

    /**
     * Learns every example once, in an order drawn anew for each epoch.
     *
     * @return mean loss over the mini-batches, natural logarithm
     */
    public double epoch(List<Example> examples) {
        Example[] order = examples.toArray(new Example[0]);
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_SHUFFLE, epochs++);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Example other = order[i];
            order[i] = order[j];
            order[j] = other;
        }
        return learn(order);
    }

    /**
     * Learns examples in their order, cut into mini-batches of {@link ModelSettings#batch}.
     *
     * @return mean loss over the mini-batches, natural logarithm
     */
    public double learn(Example[] examples) {
        double loss = 0.0;
        int cuts = 0;
        Example[] batch = new Example[settings.batch()];
        for (int from = 0; from < examples.length; from += batch.length) {
            int count = Math.min(batch.length, examples.length - from);
            System.arraycopy(examples, from, batch, 0, count);
            loss += learner.learn(batch, count, batches++);
            cuts++;
        }
        return cuts == 0 ? 0.0 : loss / cuts;
    }

    /**
     * Learns, from events that no row has learned yet, what only such events can teach: how far to trust vectors and
     * counts, and, by {@link ModelSettings.Schedule#SEQUENTIAL}, the tower's corrections. It is the test-then-learn step of
     * the stream; the tower moves with the next mini-batch.
     *
     * @param ranked the candidates the tower re-ranks, the example's item among them; permuted
     * @param count how many are valid
     * @param number of the event, from 0, for random numbers
     */
    public void observe(Example example, int[] ranked, int count, long number) {
        network.score(example.context, scoring);
        learner.observe(scoring, example, number, ranked, count);
    }

    /**
     * Scores candidates for a user: the higher, the better; logits.
     *
     * @param items item indices
     * @param count how many of them are valid
     * @param out out: the score of each
     */
    public void scores(Context context, int[] items, int count, float[] out) {
        network.scores(context, scoring, items, count, out);
    }
}
