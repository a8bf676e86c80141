package org.eridanus.model;

import java.util.ArrayList;
import java.util.List;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;

/**
 * A combination as the network computes it: category vectors of {@code dimension} values each, joined into one vector of
 * as many. A single category that stands beside the combinations (DAN+MLP) is a joint feature of one side.
 *
 * <p>The paper (section 4.2) takes a sample's category vectors (eqs. 16 and 18, X = z⁽¹⁾ = [U, I, O, G, A]) through a preparation
 * layer λᵢ⁽¹⁾ = φ_C(E(X)ᵢ) (eq. 19) with E(X) = (⟨U,I⟩, ⟨O,G⟩, ⟨A,G⟩, ⟨O,A⟩) (eq. 20) to the input z⁽²⁾ = (λ₀⁽¹⁾ … λ_{l₁}⁽¹⁾) (eq. 21),
 * whose layer gives λ⁽²⁾ = φ₂(z⁽²⁾) (eq. 22), and embeds that (eqs. 23–25). It leaves φ_C open but for Fig. 4. We depart from
 * it in three ways. Which combinations there are is the schema's, of which eq. 20 is one, and categories may also
 * be the item's, the event's or a history. We embed first and combine then: of the one-hot vectors that eq. 19 combines, a
 * product has a single 1, so that eqs. 23–25 would look up a row for each pair of values, which is {@link Form#PAIR_ID} and
 * cannot generalise; φ_C is therefore a {@link Form} of embedded vectors. And φ₂ is the identity: a ReLU there would drop the
 * sign of a product, while the layer above has an activation of its own.
 *
 * @param name the combination's name, e.g. {@code recent·item}, or the single category's
 * @param form how the sides are joined
 * @param sides its categories, in the combination's order
 */
public record JointFeature(String name, Form form, List<Side> sides) {
    /** How category vectors x, y … become one joint feature z. */
    public enum Form {
        /** z = x ∘ y …, value by value. */
        HADAMARD,
        /**
         * z = W vec(x ⊗ y …): all products of one value of each side, then a learned embedding W [dimension,
         * dimension<sup>sides</sup>] (paper, Fig. 4 and eqs. 23–25; the paper's bias is that of the layer above, its
         * activation the identity).
         */
        OUTER_PRODUCT,
        /**
         * z = V[x, y …]: each distinct tuple of values has an id and a learned row of its own. The literal reading of the
         * paper's "each new feature is numerically encoded" (section 4.2); kept to show that it cannot generalise.
         */
        PAIR_ID,
        /**
         * One number and no vector: how far the candidate's values of an attribute are those of a history's items ({@link
         * Overlap}). Part of the base score by a learned weight of its own, beside the association term. Ours.
         */
        OVERLAP
    }

    /**
     * One category of a joint feature.
     *
     * @param category the category
     * @param vector name of the vector that its rows lend to this feature; sides with the same table and vector are tied
     */
    public record Side(Category category, String vector) {
        /** Whether it belongs to the candidate, and not to the user's side. */
        public boolean ofCandidate() {
            return category.owner() == Owner.ITEM;
        }

        /** The table that holds its rows: that of the items for items and histories, else its own. */
        public String table() {
            boolean items = category.owner() == Owner.HISTORY || (ofCandidate() && category.isKey());
            return items ? DeepAssociationNetwork.ITEM : category.name();
        }
    }

    public JointFeature {
        sides = List.copyOf(sides);
        if (sides.isEmpty()) {
            throw new IllegalArgumentException("a joint feature has at least one category, got none: " + name);
        }
    }

    /** Whether some side belongs to the candidate. Without one, the feature can act only through a tower. */
    public boolean ofCandidate() {
        return sides.stream().anyMatch(Side::ofCandidate);
    }

    /** Whether it is a Hadamard product of the user's side with the candidate's, so that each can be multiplied first. */
    boolean factorises() {
        return form == Form.HADAMARD && ofCandidate() && ofContext();
    }

    /** Whether some side belongs to the user, the event or the history. */
    public boolean ofContext() {
        return !sides.stream().allMatch(Side::ofCandidate);
    }

    /**
     * Whether it is a summand Σ z of an association term. What the user's side decides alone is none: it adds the same to
     * every candidate; nor is an overlap, which stands beside it.
     */
    public boolean associates() {
        return ofCandidate() && form != Form.OVERLAP;
    }

    /**
     * The joint features of a schema, combinations first, in its order, then the single categories.
     *
     * @param schema which categories and combinations there are
     * @param settings how they are joined
     * @throws IllegalArgumentException for what the network cannot compute, with the reason
     */
    public static List<JointFeature> of(FeatureSchema schema, JoinSettings settings) {
        List<JointFeature> features = new ArrayList<>();
        for (String name : settings.forms().keySet()) {
            if (schema.combinations().stream()
                    .noneMatch(combination -> combination.name().equals(name))) {
                throw new IllegalArgumentException("join.forms names the combination " + name
                        + ", which the schema lacks; it has " + schema.combinations());
            }
        }
        for (Combination combination : schema.combinations()) {
            List<Category> categories = combination.categories().stream()
                    .map(name -> schema.category(name).orElseThrow())
                    .toList();
            features.add(join(combination.name(), categories, settings));
        }
        for (String name : settings.singles()) {
            Category category = schema.category(name)
                    .orElseThrow(() -> new IllegalArgumentException("join.singles names the category " + name
                            + ", which the schema lacks; it has "
                            + schema.categories().stream().map(Category::name).toList()));
            features.add(join(name, List.of(category), settings));
        }
        return List.copyOf(features);
    }

    private static JointFeature join(String name, List<Category> categories, JoinSettings settings) {
        Form form = categories.size() == 1 ? Form.HADAMARD : settings.form(name);
        if (form == Form.PAIR_ID) {
            for (Category category : categories) {
                if (category.owner() == Owner.HISTORY || category.kind() instanceof Category.Kind.Many) {
                    throw new IllegalArgumentException("combination " + name + ": a pair id needs one value of each"
                            + " category, and " + category.name() + " may have many; use " + Form.HADAMARD + " or "
                            + Form.OUTER_PRODUCT);
                }
            }
        }
        if (form == Form.OVERLAP
                && !(categories.size() == 2
                        && categories.stream().anyMatch(category -> category.owner() == Owner.HISTORY)
                        && categories.stream()
                                .anyMatch(category -> category.owner() == Owner.ITEM && !category.isKey()))) {
            throw new IllegalArgumentException(
                    "combination " + name + ": an overlap is that of a history's items with the"
                            + " candidate in an attribute of items, such as [session, genre], got "
                            + categories.stream().map(Category::name).toList() + "; use another form");
        }
        boolean item = categories.stream().anyMatch(category -> category.owner() == Owner.ITEM && category.isKey());
        List<Side> sides = new ArrayList<>();
        for (Category category : categories) {
            String vector = settings.tables() == JoinSettings.Tables.SHARED ? "shared" : name;
            boolean untied = category.owner() == Owner.HISTORY
                    && !settings.tied()
                    && (item || settings.tables() == JoinSettings.Tables.SHARED);
            sides.add(new Side(category, untied ? vector + "/history" : vector));
        }
        return new JointFeature(name, form, sides);
    }
}
