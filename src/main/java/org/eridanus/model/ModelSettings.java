package org.eridanus.model;

import java.util.List;
import java.util.stream.Collectors;
import org.eridanus.feature.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Everything that defines a model apart from its schema and its data: two models with equal settings, schemas and training
 * logs have equal bytes.
 *
 * @param preset name, for people
 * @param seed source of every random number
 * @param dimension length of one embedding vector, a multiple of 4
 * @param initialDeviation standard deviation σ of initial vectors, N(0, σ²)
 * @param join how categories are joined
 * @param association whether the linear association term, with its item bias, is part of the score
 * @param combinationRate Adagrad rate of a learned weight of each combination in the association term; 0 for none, which
 *     leaves every combination at 1
 * @param schedule what moves when
 * @param loss what is minimised
 * @param negatives negatives drawn for each positive
 * @param pool distinct items that one mini-batch draws its negatives from (at most half the catalogue is used); 0
 *     draws from the whole catalogue
 * @param batch events in a mini-batch
 * @param replay past events learned again with each mini-batch
 * @param optimiser how embedding rows move
 * @param pairs the pair counts of the memorising combination, null for none
 * @param tower the tower, null for none
 * @param rerank the candidates that the tower is asked about, null for the whole catalogue
 * @param maxGradient largest Euclidean norm of a gradient that may reach a row or the tower; what exceeds it is refused and
 *     counted, see {@link LearningGuard}
 * @param maxRows rows a table may hold; further ones are refused and counted
 */
public record ModelSettings(
        String preset,
        long seed,
        int dimension,
        float initialDeviation,
        JoinSettings join,
        boolean association,
        float combinationRate,
        Schedule schedule,
        Loss loss,
        int negatives,
        int pool,
        int batch,
        Replay replay,
        Optimiser optimiser,
        @Nullable Pairs pairs,
        @Nullable TowerSettings tower,
        @Nullable Rerank rerank,
        float maxGradient,
        int maxRows) {

    /** What training minimises, over a positive (Y = 1) and its negatives (Y = 0) with scores t. */
    public enum Loss {
        /**
         * −ln (e^{t₁} / Σ e^{tⱼ}): cross-entropy of the softmax over the positive and its sampled negatives, in place of the
         * paper's likelihood of each pair (eqs. 32–34); see {@link LossGradient}.
         */
        SAMPLED_SOFTMAX,
        /** −Y ln σ(t) − (1 − Y) ln (1 − σ(t)): binary cross-entropy (paper, eqs. 32–35, with σ for its φ_L). */
        BINARY_CROSS_ENTROPY,
        /** (Y − σ(t))²: squared error (paper, eq. 31, which argues against it for a target of two values). */
        MEAN_SQUARED_ERROR
    }

    /** What moves when. */
    public enum Schedule {
        /**
         * Examples of a mini-batch go one after the other, each moving the rows of the association term before the next
         * is looked at; the tower learns what the association term leaves, on fresh events, and does not move rows.
         */
        SEQUENTIAL,
        /** One step a mini-batch, by the mean gradient of the whole score, through tower and association term alike. */
        JOINT
    }

    /**
     * Past events learned again with a full mini-batch, in proportion with a smaller one.
     *
     * @param uniform drawn uniformly from the whole remembered past
     * @param own drawn from the newest {@code ownWindow} events of the mini-batch's own users
     * @param ownWindow how far back the own ones reach
     */
    public record Replay(int uniform, int own, int ownWindow) {
        /** No replay. */
        public static final Replay NONE = new Replay(0, 0, 1);

        public Replay {
            require(uniform >= 0 && own >= 0, "replay must not be negative, got " + uniform + " and " + own);
            require(ownWindow >= 1, "replay.own-window must be at least 1, got " + ownWindow);
        }
    }

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
            ADAM,
            /** Stochastic gradient descent without momentum: no state. */
            SGD
        }

        public Optimiser {
            require(rate > 0f && rate < Float.POSITIVE_INFINITY, "optimiser.rate must be positive, got " + rate);
            require(
                    weightDecay >= 0f && weightDecay < 1f,
                    "optimiser.weight-decay must be at least 0 and below 1, got " + weightDecay);
            require(negligible >= 0f, "optimiser.negligible must not be negative, got " + negligible);
            require(
                    kind != Kind.ADAGRAD || initialAccumulator > 0f,
                    "optimiser.initial-accumulator must be positive, because a gradient of 0 is divided by its root, got "
                            + initialAccumulator);
        }

        /** Adagrad that starts at an accumulator. */
        public static Optimiser adagrad(float rate, float initialAccumulator) {
            return new Optimiser(Kind.ADAGRAD, rate, initialAccumulator, 0f, 0f);
        }

        /** Adam. */
        public static Optimiser adam(float rate) {
            return new Optimiser(Kind.ADAM, rate, 0f, 0f, 0f);
        }

        /** Stochastic gradient descent. */
        public static Optimiser sgd(float rate) {
            return new Optimiser(Kind.SGD, rate, 0f, 0f, 0f);
        }

        /** The same with weight decay. */
        public Optimiser withWeightDecay(float decay) {
            return new Optimiser(kind, rate, initialAccumulator, decay, negligible);
        }

        /** State values an embedding value carries. */
        int stateCopies() {
            return switch (kind) {
                case SGD -> 0;
                case ADAGRAD -> 1;
                case ADAM -> 2;
            };
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
     * @param backward what a count in the other direction is worth: of an item for those that came before it
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
            float backward,
            int maxSuccessors,
            int publishedSuccessors,
            float initialWeight,
            float mixingRate) {
        public Pairs {
            require(
                    backward >= 0f && backward <= 1f,
                    "pairs.backward must be at least 0 and at most 1, got " + backward);
        }

        /** The same with another factor inside the logarithm. */
        public Pairs withScale(float factor) {
            return new Pairs(
                    window,
                    scanned,
                    decay,
                    factor,
                    backward,
                    maxSuccessors,
                    publishedSuccessors,
                    initialWeight,
                    mixingRate);
        }

        /** The same with another worth of what came before. */
        public Pairs withBackward(float share) {
            return new Pairs(
                    window,
                    scanned,
                    decay,
                    scale,
                    share,
                    maxSuccessors,
                    publishedSuccessors,
                    initialWeight,
                    mixingRate);
        }

        /** The same with another rate of the mix. */
        public Pairs withMixingRate(float rate) {
            return new Pairs(
                    window, scanned, decay, scale, backward, maxSuccessors, publishedSuccessors, initialWeight, rate);
        }
    }

    /**
     * The tower of n ≥ 0 ReLU layers and a linear output of one value. Without layers it is a learned weight for each
     * value of its input: over ⟨user·item⟩ that is generalised matrix factorisation (GMF).
     *
     * @param hidden widths of the hidden layers; the paper halves them
     * @param optimiser how its parameters move; weight decay takes hold of weights and biases alike
     * @param initialDeviation standard deviation of initial weights; 0 for √(2 / inputs) (He et al. 2015)
     * @param zeroOutput whether the output layer starts at zero, so that the tower first changes nothing
     * @param inputs joint features that enter the first layer, by name; empty for all but those of {@code wide}
     * @param wide joint features that reach the output by a linear layer of their own, beside the hidden ones, as the
     *     product of user and item does in NCF (NeuMF); empty for none
     * @param dropout share of the input values that each example of training goes without, in [0, 1); the others are
     *     scaled up by 1 / (1 − share) (Srivastava et al. 2014)
     * @param hiddenDropout the same of the hidden layers' values
     */
    public record TowerSettings(
            List<Integer> hidden,
            Optimiser optimiser,
            float initialDeviation,
            boolean zeroOutput,
            List<String> inputs,
            List<String> wide,
            float dropout,
            float hiddenDropout) {
        public TowerSettings {
            hidden = List.copyOf(hidden);
            inputs = List.copyOf(inputs);
            wide = List.copyOf(wide);
            require(
                    hidden.stream().allMatch(n -> n >= 1),
                    "tower.hidden must list widths of at least 1, got " + hidden);
            require(
                    optimiser.negligible() == 0f,
                    "a tower has no candidates to leave out: its optimiser's negligible must be 0, got "
                            + optimiser.negligible());
            require(
                    initialDeviation >= 0f && initialDeviation < Float.POSITIVE_INFINITY,
                    "tower.initial-deviation must not be negative, got " + initialDeviation);
            require(dropout >= 0f && dropout < 1f, "tower.dropout must be at least 0 and below 1, got " + dropout);
            require(
                    hiddenDropout >= 0f && hiddenDropout < 1f,
                    "tower.hidden-dropout must be at least 0 and below 1, got " + hiddenDropout);
        }

        /** A tower over every joint feature, of He's initial weights, that moves by Adam. */
        public TowerSettings(List<Integer> hidden, float rate, boolean zeroOutput) {
            this(hidden, Optimiser.adam(rate), 0f, zeroOutput, List.of(), List.of(), 0f, 0f);
        }

        /** The same tower with other initial weights; 0 for √(2 / inputs). */
        public TowerSettings withInitialDeviation(float deviation) {
            return new TowerSettings(hidden, optimiser, deviation, zeroOutput, inputs, wide, dropout, hiddenDropout);
        }

        /** The same tower with another dropout of its inputs. */
        public TowerSettings withDropout(float share) {
            return new TowerSettings(
                    hidden, optimiser, initialDeviation, zeroOutput, inputs, wide, share, hiddenDropout);
        }
    }

    /**
     * How the tower serves behind the association term. It fits {@link Schedule#SEQUENTIAL}, whose base score ranks by itself. By
     * {@link Schedule#JOINT} only the whole score is learned, and what base score and tower make of it together may leave the best
     * items out of the best by base score: HR@10 on MovieLens-100K, prequential, was .002 so. There, ask the tower about the
     * whole catalogue.
     *
     * @param candidates how many of the best by base score the tower is asked about, at least 1
     * @param negatives of these, how many an example of the tower is contrasted with ({@link Schedule#SEQUENTIAL})
     */
    public record Rerank(int candidates, int negatives) {
        public Rerank {
            require(candidates >= 1, "rerank.candidates must be at least 1, got " + candidates);
            require(negatives >= 1, "rerank.negatives must be at least 1, got " + negatives);
        }
    }

    public ModelSettings {
        require(dimension >= 4 && dimension % 4 == 0, "dimension must be a multiple of 4, got " + dimension);
        require(
                initialDeviation >= 0f && initialDeviation < Float.POSITIVE_INFINITY,
                "initial-deviation must not be negative, got " + initialDeviation);
        require(
                combinationRate >= 0f && combinationRate < Float.POSITIVE_INFINITY,
                "combination-rate must not be negative, got " + combinationRate);
        require(batch >= 1, "batch must be at least 1, got " + batch);
        require(negatives >= 1, "negatives must be at least 1, got " + negatives);
        require(pool >= 0, "pool must not be negative, got " + pool);
        require(maxGradient > 0f, "max-gradient must be positive, got " + maxGradient);
        require(association || tower != null, "a model needs an association term or a tower, got neither");
        require(
                pairs == null || association,
                "pairs are a part of the association term: leave them out, or set association");
        require(
                combinationRate == 0f || association,
                "combination-rate weighs the combinations of an association term, which this model lacks: set association,"
                        + " or leave the rate at 0");
        require(
                rerank == null || (association && tower != null),
                "rerank needs an association term that ranks and a tower that re-ranks; leave it out");
        require(
                schedule != Schedule.SEQUENTIAL || (association && loss == Loss.SAMPLED_SOFTMAX),
                "schedule SEQUENTIAL needs an association term and loss " + Loss.SAMPLED_SOFTMAX + ", got "
                        + (association ? "loss " + loss : "no association term") + "; use JOINT");
        require(
                schedule != Schedule.SEQUENTIAL || optimiser.kind() == Optimiser.Kind.ADAGRAD,
                "schedule SEQUENTIAL needs optimiser.kind ADAGRAD, got " + optimiser.kind() + "; use JOINT");
        require(
                schedule != Schedule.SEQUENTIAL || (tower == null) == (rerank == null),
                "schedule SEQUENTIAL trains a tower as a re-ranker: give both tower and rerank, or neither");
        require(
                schedule == Schedule.SEQUENTIAL || optimiser.negligible() == 0f,
                "optimiser.negligible is for schedule SEQUENTIAL, got " + optimiser.negligible() + "; leave it at 0");
    }

    /** Candidates that the tower is asked about: 0 for the whole catalogue, −1 without a tower. */
    public int reranked() {
        if (tower == null) {
            return -1;
        }
        return rerank == null ? 0 : rerank.candidates();
    }

    /** The settings' identity: the first 16 hexadecimal digits of the SHA-256 of their canonical text. */
    public String hash() {
        String text = CanonicalSettings.of(this).entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
        return Sha256.identity(text);
    }

    /** A builder that starts from these settings. */
    public ModelSettingsBuilder toBuilder() {
        return new ModelSettingsBuilder(this);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
