package org.eridanus.experiment;

import java.util.List;

/**
 * The figures that the paper prints, in Tables 3 to 5: by row the number of factors, by column the number of hidden layers.
 * Its Table 6 and the values of its Figs. 6 to 9 are not in the text at hand.
 */
final class PaperValues {
    /** Rows of the tables. */
    static final List<Integer> FACTORS = List.of(1, 2, 4, 8, 16, 32, 64, 128);

    /** HR@10 by chance: the test item among 21, the first 10 of them. */
    static final double CHANCE = 10.0 / 21.0;

    /** Table 3: HR@10 of MLP_2_n. */
    static final double[][] HR_MLP_2 = {
        {.400, .405, .425, .452, .405},
        {.405, .452, .476, .524, .524},
        {.429, .452, .524, .548, .595},
        {.385, .405, .476, .550, .560},
        {.350, .400, .452, .500, .550},
        {.381, .476, .548, .560, .561},
        {.333, .405, .405, .545, .530},
        {.400, .452, .476, .490, .500},
    };

    /** Table 4: NDCG@10 of MLP_2_n. */
    static final double[][] NDCG_MLP_2 = {
        {.364, .204, .217, .350, .453},
        {.189, .339, .235, .235, .265},
        {.153, .223, .158, .259, .222},
        {.202, .181, .229, .231, .268},
        {.180, .172, .195, .205, .250},
        {.174, .202, .254, .204, .244},
        {.141, .170, .200, .240, .222},
        {.216, .176, .220, .215, .202},
    };

    /** Table 5: HR@10 of MLP_5_n. */
    static final double[][] HR_MLP_5 = {
        {.400, .524, .571, .571, .570},
        {.405, .595, .619, .643, .640},
        {.405, .518, .524, .590, .650},
        {.476, .500, .500, .500, .595},
        {.476, .452, .476, .548, .550},
        {.476, .480, .500, .548, .561},
        {.524, .500, .500, .548, .619},
        {.571, .571, .619, .640, .643},
    };

    private PaperValues() {}

    /** How many values of the two tables of HR@10 lie below chance. */
    static long belowChance() {
        long count = 0;
        for (double[][] table : List.of(HR_MLP_2, HR_MLP_5)) {
            for (double[] row : table) {
                for (double value : row) {
                    count += value < CHANCE - 0.0005 ? 1 : 0;
                }
            }
        }
        return count;
    }
}
