package org.eridanus.baseline;

import java.util.Arrays;

/** The indices of the largest positive values. */
final class Strongest {
    private Strongest() {}

    /** At most {@code k} indices with the largest positive values, ascending; of equal values the lower index. */
    static int[] of(float[] values, int k) {
        float[] positive = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (value > 0f) {
                positive[count++] = value;
            }
        }
        int kept = Math.min(k, count);
        int[] indices = new int[kept];
        if (kept == 0) {
            return indices;
        }
        Arrays.sort(positive, 0, count);
        float threshold = positive[count - kept];
        int above = 0;
        for (float value : values) {
            above += value > threshold ? 1 : 0;
        }
        int equal = kept - above;
        int n = 0;
        for (int i = 0; i < values.length && n < kept; i++) {
            if (values[i] > threshold || (values[i] == threshold && equal-- > 0)) {
                indices[n++] = i;
            }
        }
        return indices;
    }
}
