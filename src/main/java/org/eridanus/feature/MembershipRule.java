package org.eridanus.feature;

import java.util.Optional;
import org.eridanus.feature.Category.Owner;

/**
 * Which categories may be combined (paper, section 4.2). The paper leaves out combinations whose weight would
 * only restate what one entity is:
 *
 * <ul>
 *   <li>values of one category are not combined with each other: two genres belong to the same movie, and
 *       nobody is both male and female;
 *   <li>a category is not combined with the key it merely describes: comedy and drama <em>are</em> "3 Idiots",
 *       so genre·item is refused, and occupation·user alike.
 * </ul>
 *
 * Attributes of one entity may be combined (occupation·gender: the female student), and so may categories of
 * different entities (user·item, occupation·genre). Two readings of the one history (the recent items, and all
 * of them) hold the same values and count as one category, which the paper, having no histories, does not say.
 */
public final class MembershipRule {
    private MembershipRule() {}

    /** The ways to break the rule. */
    public enum Rule {
        /** A category is not combined with itself. */
        SAME_CATEGORY,
        /** A category is not combined with the key of the entity that it merely describes. */
        DESCRIBES_KEY,
        /** Two readings of the one history are not combined. */
        SAME_HISTORY
    }

    /**
     * Why two categories may not be combined.
     *
     * @param rule the rule they break
     * @param message the same in words, with both names and the remedy
     */
    public record Violation(Rule rule, String message) {}

    /** Empty if {@code a} and {@code b} may be combined, else the rule that this would break. */
    public static Optional<Violation> check(Category a, Category b) {
        String pair = a.name() + Combination.SEPARATOR + b.name();
        if (a.name().equals(b.name())) {
            return broken(
                    Rule.SAME_CATEGORY,
                    pair + ": values of one category are not combined with each other, for they tell of the same"
                            + " entity; combine " + a.name() + " with another category");
        }
        if (a.name().equals(b.describes())) {
            return describes(pair, b, a);
        }
        if (b.name().equals(a.describes())) {
            return describes(pair, a, b);
        }
        if (a.owner() == Owner.HISTORY && b.owner() == Owner.HISTORY) {
            return broken(
                    Rule.SAME_HISTORY,
                    pair + ": both are readings of the same history; combine each with a category of the item");
        }
        return Optional.empty();
    }

    private static Optional<Violation> describes(String pair, Category attribute, Category key) {
        return broken(
                Rule.DESCRIBES_KEY,
                pair + ": " + attribute.name() + " merely describes what " + key.name() + " names; combine "
                        + attribute.name() + " with an attribute of the same entity or with another entity's category");
    }

    private static Optional<Violation> broken(Rule rule, String message) {
        return Optional.of(new Violation(rule, message + " (membership rule, paper, section 4.2)"));
    }
}
