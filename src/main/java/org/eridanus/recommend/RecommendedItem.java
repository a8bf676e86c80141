package org.eridanus.recommend;

import java.util.List;
import org.eridanus.model.Contribution;

/**
 * One place of a list.
 *
 * @param item item id
 * @param score higher is better, comparable within its list alone
 * @param why the parts of the score, which sum to it up to rounding
 */
public record RecommendedItem(String item, float score, List<Contribution> why) {
    public RecommendedItem {
        why = List.copyOf(why);
    }
}
