package org.eridanus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A shipped preset on random users over a catalogue whose items are consumed by a Zipf-like law: training steps of full
 * mini-batches, and scoring.
 *
 * <p>Threading: not thread-safe.
 */
public final class AssociationWorkload {
    private static final int USERS = 500;
    private static final int HISTORY = 50;

    private final ModelSettings settings;
    private final DeepAssociationNetwork network;
    private final IncrementalLearner learner;
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final Candidates top = new Candidates();
    private final List<Example> past = new ArrayList<>();
    private final Example[] examples;
    private final int[] chosen;
    private final float[] outputs;
    private long events;
    private long steps;

    /** A workload of a preset over {@code items} items, after a few hundred steps. */
    public AssociationWorkload(ModelSettings settings, int items) {
        this.settings = settings;
        this.network = new DeepAssociationNetwork(
                settings, ModelDefinition.of(settings).features(), true);
        this.learner = new IncrementalLearner(network);
        for (int i = 0; i < items; i++) {
            network.setCandidate(network.admitItem("i" + i), true);
        }
        SplittableRandom random = new SplittableRandom(2);
        this.examples = new Example
                [settings.batch()
                        + settings.replay().uniform()
                        + settings.replay().own()];
        int[][] consumed = new int[USERS][2 * HISTORY];
        int[] lengths = new int[USERS];
        for (int e = 0; e < USERS * HISTORY; e++) {
            int user = random.nextInt(USERS);
            if (lengths[user] == consumed[user].length) {
                continue;
            }
            int length = Math.min(HISTORY, lengths[user]);
            int[] history = new int[length];
            for (int p = 0; p < length; p++) {
                history[p] = consumed[user][lengths[user] - 1 - p];
            }
            int item = (int) (items * Math.pow(random.nextDouble(), 3));
            Example example = new Example(
                    new Context(history, length, new int[0][]), item, consumed[user].clone(), lengths[user]);
            consumed[user][lengths[user]++] = item;
            network.setStatistics(item, network.occurrences(item) + 1, 0.0, Double.NEGATIVE_INFINITY);
            learner.count(example);
            past.add(example);
        }
        this.chosen = new int[Math.min(items, 500)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = i;
        }
        this.outputs = new float[chosen.length];
    }

    /** Takes in a full mini-batch of fresh events, without ranking or learning. */
    public void collect() {
        for (int e = 0; e < settings.batch(); e++) {
            Example example = past.get((int) (events++ * 7 % past.size()));
            examples[e] = example;
            network.score(example.context(), scoring);
            top.clear();
            if (settings.reranked() >= 0) {
                top.select(scoring.base(), network.live(), network.candidates(), settings.reranked());
            }
            learner.observe(scoring, example, events, top.items(), top.count());
        }
        for (int e = settings.batch(); e < examples.length; e++) {
            examples[e] = past.get((int) ((events + 13L * e) % past.size()));
        }
    }

    /** The step on what {@link #collect} took in; returns the mean loss before it. */
    public double learn() {
        return learner.learn(examples, examples.length, steps++);
    }

    /** Scores the catalogue for one user. */
    public float[] score() {
        network.score(past.get(past.size() - 1).context(), scoring);
        return scoring.base();
    }

    /** The tower's outputs for up to 500 candidates of the user scored last. */
    public float[] rerank() {
        network.tower(scoring, chosen, chosen.length, outputs);
        return outputs;
    }
}
