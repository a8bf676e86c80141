package org.eridanus.feature;

import java.util.HashSet;
import java.util.List;

/**
 * Two or more categories whose vectors are joined into one joint feature, e.g. {@code recent·item}. The order
 * gives the name and nothing else: {@code item·recent} is the same combination (paper, section 4.2: joint
 * features x<sub>i</sub>x<sub>j</sub> and x<sub>j</sub>x<sub>i</sub> are equivalent), and a schema holds one
 * of the two.
 *
 * @param categories names of the categories, at least two and all different
 */
public record Combination(List<String> categories) {
    /** Stands between the names of the categories, as the paper writes it: {@code <O·G>}. */
    public static final String SEPARATOR = "·";

    public Combination {
        categories = List.copyOf(categories);
        if (categories.size() < 2) {
            throw new IllegalArgumentException("a combination joins at least two categories, got " + categories);
        }
        if (new HashSet<>(categories).size() < categories.size()) {
            throw new IllegalArgumentException("a combination joins different categories, got " + categories
                    + ": values of one category are not combined with each other (paper, section 4.2)");
        }
    }

    /** The combination of these categories. */
    public static Combination of(String... categories) {
        return new Combination(List.of(categories));
    }

    /** Reads a name such as {@code recent·item}. */
    public static Combination parse(String name) {
        return new Combination(List.of(name.split(SEPARATOR, -1)));
    }

    /** The canonical name, e.g. {@code recent·item}. */
    public String name() {
        return String.join(SEPARATOR, categories);
    }

    @Override
    public String toString() {
        return name();
    }
}
