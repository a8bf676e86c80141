package org.eridanus.model;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Training steps of the paper's form at the size that frameworks are compared at: four combinations of width 44 (an input
 * of 176), layers of 128, 64, 32, 16 and 1, binary cross-entropy with 2 negatives, Adam on tower and rows. Two workloads
 * of one seed see the same examples in the same order.
 *
 * <p>Threading: not thread-safe.
 */
public final class TowerWorkload implements AutoCloseable {
    private static final int DIMENSION = 44;
    private static final float RATE = 0.002f;
    /** Of initial vectors: larger than the paper's, so that losses move within the steps that are compared. */
    private static final float DEVIATION = 0.3f;

    private static final ModelDefinition PAPER = PaperModels.dan(DIMENSION / 2, JointFeature.Form.HADAMARD);
    private static final int NEGATIVES = 2;
    private static final int OTHER_ROWS = 30;
    private static final int[] SIZES = {21, 2, 7};

    private final DeepAssociationNetwork network;
    private final IncrementalLearner learner;
    private final Example[] examples;
    private final SplittableRandom random;
    private final int users;
    private final int items;
    private long steps;

    /**
     * A workload.
     *
     * @param batch pairs of an example and a candidate in a step, a multiple of 3
     * @param rows rows of all tables together, at least 100; a tenth, or 1 682, are items
     * @param pyTorch whether the tower is PyTorch's
     */
    public TowerWorkload(int batch, int rows, boolean pyTorch) {
        ModelSettings settings = settings(batch / (NEGATIVES + 1));
        this.network =
                new DeepAssociationNetwork(settings, PAPER.features(), true, pyTorch ? PyTorchTower::new : Tower::new);
        this.items = rows < 10_000 ? Math.min(1_682, rows / 2) : rows / 10;
        this.users = rows - items - OTHER_ROWS;
        for (int i = 0; i < items; i++) {
            network.setCandidate(network.admitItem("i" + i), true);
        }
        for (int c = 0; c < network.categories().size(); c++) {
            String name = network.categories().get(c);
            int wanted = name.equals(DeepAssociationNetwork.USER) ? users : SIZES[other(name)];
            for (int v = 0; v < wanted; v++) {
                network.table(c).admit("v" + v);
            }
        }
        this.learner = new IncrementalLearner(network);
        this.examples = new Example[settings.batch()];
        this.random = new SplittableRandom(1);
    }

    private static int other(String category) {
        return List.of("occupation", "gender", "age").indexOf(category);
    }

    private static ModelSettings settings(int examples) {
        return PAPER.settings().toBuilder()
                .preset("paper-176")
                .dimension(DIMENSION)
                .initialDeviation(DEVIATION)
                .batch(examples)
                .optimiser(ModelSettings.Optimiser.adam(RATE))
                .tower(new ModelSettings.TowerSettings(List.of(128, 64, 32, 16), RATE, false))
                .maxRows(Integer.MAX_VALUE)
                .build();
    }

    /** One step on new examples; returns the mean loss before it. */
    public double step() {
        choose();
        return learn();
    }

    /** Chooses the examples of the next step. */
    public void choose() {
        for (int e = 0; e < examples.length; e++) {
            int user = random.nextInt(users);
            int[][] values = new int[network.categories().size()][];
            for (int c = 0; c < values.length; c++) {
                String name = network.categories().get(c);
                values[c] = new int[] {name.equals(DeepAssociationNetwork.USER) ? user : user % SIZES[other(name)]};
            }
            int positive = (int) (items * Math.pow(random.nextDouble(), 3));
            examples[e] = new Example(new Context(new int[0], 0, values), positive, new int[0], 0);
        }
    }

    /** The step on what {@link #choose} chose; returns the mean loss before it. */
    public double learn() {
        return learner.learn(examples, examples.length, steps++);
    }

    /** Length of the tower's input. */
    public int inputs() {
        return network.towerInputs();
    }

    @Override
    public void close() {
        if (Objects.requireNonNull(network.tower) instanceof PyTorchTower tower) {
            tower.close();
        }
    }
}
