package org.eridanus.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that defines a model apart from its data: two models with equal settings and equal training logs have
 * equal bytes.
 *
 * @param preset name, for people
 * @param seed source of every random number
 * @param dimension length of one embedding vector, a multiple of 4
 * @param initialDeviation standard deviation σ of initial vectors, N(0, σ²)
 * @param association whether the linear association term is part of the score
 * @param loss what is minimised; sampled softmax goes with an association term, binary cross-entropy with a tower alone
 * @param negatives negatives drawn for each positive
 * @param pool distinct items that one mini-batch draws its negatives from (at most half the catalogue is used); 0
 *     draws from the whole catalogue
 * @param batch events in a mini-batch
 * @param replay past events learned again with each mini-batch
 * @param optimiser how embedding rows move
 * @param pairs the pair counts of the memorising combination, null for none
 * @param tower the tower, null for none
 * @param maxRows rows a table may hold; further ones are refused and counted
 */
public record ModelSettings(
        String preset,
        long seed,
        int dimension,
        float initialDeviation,
        boolean association,
        Loss loss,
        int negatives,
        int pool,
        int batch,
        Replay replay,
        Optimiser optimiser,
        @Nullable Pairs pairs,
        @Nullable TowerSettings tower,
        int maxRows) {

    /** What training minimises. */
    public enum Loss {
        /** Cross-entropy of the softmax over the positive and its sampled negatives. */
        SAMPLED_SOFTMAX,
        /** Binary cross-entropy (paper, eq. 35). */
        BINARY_CROSS_ENTROPY
    }

    /**
     * Past events learned again with a full mini-batch, in proportion with a smaller one.
     *
     * @param uniform drawn uniformly from the whole remembered past
     * @param own drawn from the newest {@code ownWindow} events of the mini-batch's own users
     * @param ownWindow how far back the own ones reach
     */
    public record Replay(int uniform, int own, int ownWindow) {}

    /**
     * A sparse optimiser: it moves the rows of a mini-batch and no others.
     *
     * @param kind the rule
     * @param rate learning rate
     * @param initialAccumulator Adagrad's initial accumulator, positive
     * @param weightDecay added to the gradient of touched rows, before the rule
     * @param negligible candidates whose loss gradient is smaller than this stay as they are
     */
    public record Optimiser(Kind kind, float rate, float initialAccumulator, float weightDecay, float negligible) {
        /** The rules. */
        public enum Kind {
            /** Duchi, Hazan, Singer 2011: one accumulator a value. */
            ADAGRAD,
            /** Kingma, Ba 2015 (β₁ .9, β₂ .999), the paper's choice: two moments a value, bias corrected by step. */
            ADAM
        }

        /** State values an embedding value carries. */
        int stateCopies() {
            return kind == Kind.ADAGRAD ? 1 : 2;
        }

        /** What state values start at. */
        float initialState() {
            return kind == Kind.ADAGRAD ? initialAccumulator : 0f;
        }
    }

    /**
     * Pair counts; see {@link PairCounts}.
     *
     * @param window newest history items that an event is counted for
     * @param scanned newest history items that give evidence
     * @param decay weight of each further one
     * @param scale factor inside the logarithm
     * @param maxSuccessors M, successors an item keeps
     * @param publishedSuccessors successors of an item that travel to the scorers
     * @param initialWeight w₁ at the start
     * @param mixingRate Adagrad rate of the scale a and the weight w₁
     */
    public record Pairs(
            int window,
            int scanned,
            float decay,
            float scale,
            int maxSuccessors,
            int publishedSuccessors,
            float initialWeight,
            float mixingRate) {}

    /**
     * The tower of n ≥ 1 ReLU layers and a linear output over the joint features.
     *
     * @param hidden widths of the hidden layers
     * @param rate learning rate of the tower (Adam)
     * @param rerank candidates that the association term hands to the tower; 0 for the whole catalogue
     * @param negatives candidates from among those that an example of the tower is contrasted with
     * @param zeroOutput whether the output layer starts at zero, so that the tower first changes nothing
     * @param trainsEmbeddings whether its gradient reaches the embedding rows
     */
    public record TowerSettings(
            List<Integer> hidden, float rate, int rerank, int negatives, boolean zeroOutput, boolean trainsEmbeddings) {
        public TowerSettings {
            hidden = List.copyOf(hidden);
            if (hidden.isEmpty() || hidden.stream().anyMatch(n -> n < 1)) {
                throw new IllegalArgumentException("tower.hidden must list widths of at least 1, got " + hidden
                        + "; leave the tower out for the association term alone");
            }
        }
    }

    public ModelSettings {
        require(dimension >= 4 && dimension % 4 == 0, "dimension must be a multiple of 4, got " + dimension);
        require(batch >= 1, "batch must be at least 1, got " + batch);
        require(negatives >= 1, "negatives must be at least 1, got " + negatives);
        require(association || tower != null, "a model needs an association term or a tower, got neither");
        require(
                loss == (association ? Loss.SAMPLED_SOFTMAX : Loss.BINARY_CROSS_ENTROPY),
                "loss must be " + Loss.SAMPLED_SOFTMAX + " with an association term and " + Loss.BINARY_CROSS_ENTROPY
                        + " without one, got " + loss);
        require(
                !association || optimiser.kind() == Optimiser.Kind.ADAGRAD,
                "optimiser.kind must be " + Optimiser.Kind.ADAGRAD + " with an association term, got "
                        + optimiser.kind());
        require(
                optimiser.kind() != Optimiser.Kind.ADAGRAD || optimiser.initialAccumulator() > 0f,
                "optimiser.initial-accumulator must be positive, because a gradient of 0 is divided by its root, got "
                        + optimiser.initialAccumulator());
    }

    /** The settings' identity: the first 16 hexadecimal digits of the SHA-256 of their canonical text. */
    public String hash() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
