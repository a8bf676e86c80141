package org.eridanus.feature;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The categories that events are described by and the combinations that are formed of them. A schema that
 * exists keeps the {@link MembershipRule}, and every name in a combination is one of its categories.
 *
 * <p>Immutable.
 */
public final class FeatureSchema {
    /** The most categories, and the most combinations, that a schema may hold. */
    public static final int MAX_SIZE = 64;

    private static final Kind SINGLE = new Kind.Single();
    private static final Kind MANY = new Kind.Many();

    /** The age bands of MovieLens-1M. */
    private static final Kind AGE = new Kind.Bands(List.of(18, 25, 35, 45, 50, 56));

    private static final FeatureSchema ONLINE = new FeatureSchema(
            List.of(
                    Category.id("user", Owner.USER),
                    Category.id("item", Owner.ITEM),
                    Category.attribute("occupation", Owner.USER, SINGLE, "occupation", "user"),
                    Category.attribute("gender", Owner.USER, SINGLE, "gender", "user"),
                    Category.attribute("age", Owner.USER, AGE, "age", "user"),
                    Category.attribute("genre", Owner.ITEM, MANY, "genres", "item"),
                    Category.past("recent", 50, .85, 86_400_000),
                    Category.past("history", 100, 1),
                    Category.session("session", 20, 40_000)),
            List.of(
                    Combination.of("recent", "item"),
                    Combination.of("history", "item"),
                    Combination.of("session", "item"),
                    Combination.of("session", "genre")));

    private static final FeatureSchema PAPER = new FeatureSchema(
            List.of(
                    Category.id("user", Owner.USER),
                    Category.id("item", Owner.ITEM),
                    Category.attribute("occupation", Owner.USER, SINGLE, "occupation", "user"),
                    Category.attribute("gender", Owner.USER, SINGLE, "gender", "user"),
                    Category.attribute("age", Owner.USER, AGE, "age", "user")),
            List.of(
                    Combination.of("user", "item"),
                    Combination.of("occupation", "gender"),
                    Combination.of("age", "gender"),
                    Combination.of("occupation", "age")));

    private final List<Category> categories;
    private final List<Combination> combinations;
    private final Map<String, Category> byName;
    private final String hash;

    /**
     * A schema of these categories and combinations, in this order.
     *
     * @throws IllegalArgumentException if a name is used twice, a combination names an unknown category, is
     *     listed twice (in any order) or breaks the {@link MembershipRule}, or a category describes something
     *     that is not the key of its own entity
     */
    public FeatureSchema(List<Category> categories, List<Combination> combinations) {
        this.categories = List.copyOf(categories);
        this.combinations = List.copyOf(combinations);
        if (this.categories.size() > MAX_SIZE || this.combinations.size() > MAX_SIZE) {
            throw new IllegalArgumentException("a schema holds at most " + MAX_SIZE + " categories and as many"
                    + " combinations, got " + this.categories.size() + " and " + this.combinations.size());
        }
        this.byName = byName(this.categories);
        this.categories.forEach(this::checkDescribes);
        checkCombinations();
        this.hash = hash(this.categories, this.combinations);
    }

    /**
     * The default: who the user and the item are, and the recent, the whole and the session's history combined with the
     * candidate, which is what lifts accuracy above every other method measured; the session with what is said of it, too.
     */
    public static FeatureSchema online() {
        return ONLINE;
    }

    /** The paper's own five categories and four combinations (section 4.2): U·I, O·G, A·G and O·A. */
    public static FeatureSchema paper() {
        return PAPER;
    }

    /**
     * A schema with every pair of {@code categories} that the {@link MembershipRule} allows. Within a pair
     * histories come first, then users, events and items, so that a pair reads from the asking side to the
     * candidate: {@code recent·item}, {@code occupation·genre}.
     */
    public static FeatureSchema allAllowed(List<Category> categories) {
        return allAllowed(categories, 2);
    }

    /**
     * A schema with every combination of 2 to {@code most} categories that the {@link MembershipRule} allows, pairs first.
     * Combinations of more than two, which the paper leaves to future work, keep the rule when each two of their categories
     * do.
     *
     * @param most most categories of a combination, at least 2
     * @throws IllegalArgumentException if there are more than {@value #MAX_SIZE}
     */
    public static FeatureSchema allAllowed(List<Category> categories, int most) {
        if (most < 2) {
            throw new IllegalArgumentException("a combination joins at least two categories, got " + most);
        }
        List<Combination> allowed = new ArrayList<>();
        List<List<Category>> shorter = new ArrayList<>();
        categories.forEach(category -> shorter.add(List.of(category)));
        for (int size = 2; size <= most && allowed.size() <= MAX_SIZE; size++) {
            List<List<Category>> longer = new ArrayList<>();
            for (List<Category> members : shorter) {
                int last = categories.indexOf(members.get(members.size() - 1));
                for (Category next : categories.subList(last + 1, categories.size())) {
                    if (members.stream()
                            .allMatch(
                                    member -> MembershipRule.check(member, next).isEmpty())) {
                        List<Category> joined = new ArrayList<>(members);
                        joined.add(next);
                        longer.add(joined);
                        allowed.add(inOrder(joined));
                    }
                }
            }
            shorter.clear();
            shorter.addAll(longer);
        }
        return new FeatureSchema(categories, allowed);
    }

    private static Combination inOrder(List<Category> members) {
        return new Combination(members.stream()
                .sorted(Comparator.comparingInt(category -> side(category.owner())))
                .map(Category::name)
                .toList());
    }

    private static int side(Owner owner) {
        return switch (owner) {
            case HISTORY -> 0;
            case USER -> 1;
            case EVENT -> 2;
            case ITEM -> 3;
        };
    }

    /** All categories, in the order given. */
    public List<Category> categories() {
        return categories;
    }

    /** The categories of one owner, in the order given. */
    public List<Category> categoriesOf(Owner owner) {
        return categories.stream().filter(category -> category.owner() == owner).toList();
    }

    /** The category of this name, if the schema has one. */
    public Optional<Category> category(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All combinations, in the order given. */
    public List<Combination> combinations() {
        return combinations;
    }

    /** First 64 bits of the SHA-256 of everything in this schema, hexadecimal; names and order count. */
    public String hash() {
        return hash;
    }

    /**
     * The active values of the user-owned categories; those that the profile lacks, or all but the key where
     * there is no profile, are {@link EnrichedInteraction#UNKNOWN}.
     *
     * @param user the user's id
     * @param profile what is known of the user, null if nothing is
     */
    public Map<String, List<String>> valuesOfUser(String user, @Nullable UserProfile profile) {
        return values(Owner.USER, user, profile == null ? Attributes.NONE : profile.attributes());
    }

    /** The active values of the item-owned categories of an announced item. */
    public Map<String, List<String>> valuesOfItem(Item item) {
        return values(Owner.ITEM, item.id(), item.attributes());
    }

    /** The active values of the item-owned categories of an item of which only the id is known. */
    public Map<String, List<String>> valuesOfUnknownItem(String item) {
        return values(Owner.ITEM, item, Attributes.NONE);
    }

    /** The active values of the event-owned categories. */
    public Map<String, List<String>> valuesOfEvent(Interaction interaction) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Category category : categories) {
            if (category.owner() == Owner.EVENT) {
                values.put(category.name(), List.of(read(category.kind(), eventValue(category.source(), interaction))));
            }
        }
        return values;
    }

    private Map<String, List<String>> values(Owner owner, String id, Attributes attributes) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Category category : categories) {
            if (category.owner() == owner) {
                values.put(
                        category.name(),
                        category.isKey() ? List.of(id) : read(category.kind(), attributes.all(category.source())));
            }
        }
        return values;
    }

    private static List<String> read(Kind kind, List<String> attribute) {
        if (attribute.isEmpty()) {
            return List.of(EnrichedInteraction.UNKNOWN);
        }
        if (kind instanceof Kind.Many) {
            return attribute.size() == 1 ? attribute : List.copyOf(new TreeSet<>(attribute));
        }
        return List.of(read(kind, attribute.get(0)));
    }

    private static String read(Kind kind, String value) {
        return kind instanceof Kind.Bands bands ? bands.of(value) : value;
    }

    private static String eventValue(String source, Interaction interaction) {
        if (source.equals("type")) {
            return interaction.type();
        }
        var time = Instant.ofEpochMilli(interaction.timestamp()).atOffset(ZoneOffset.UTC);
        return source.equals("hour")
                ? Integer.toString(time.getHour())
                : time.getDayOfWeek().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Category> byName(List<Category> categories) {
        Map<String, Category> byName = new LinkedHashMap<>();
        for (Category category : categories) {
            if (byName.put(category.name(), category) != null) {
                throw new IllegalArgumentException(
                        "a schema names a category once, got " + category.name() + " twice: rename one of them");
            }
        }
        return byName;
    }

    private void checkDescribes(Category category) {
        String name = category.describes();
        Category key = name == null ? null : byName.get(name);
        if (key != null && (!key.isKey() || key.owner() != category.owner())) {
            throw new IllegalArgumentException("category " + category.name() + " must describe the key of its own "
                    + category.owner().name().toLowerCase(Locale.ROOT) + ", got " + name);
        }
    }

    private void checkCombinations() {
        Set<Set<String>> seen = new HashSet<>();
        for (Combination combination : combinations) {
            List<Category> members = combination.categories().stream()
                    .map(name -> category(name)
                            .orElseThrow(() -> new IllegalArgumentException("combination " + combination
                                    + " names the category " + name + ", which the schema lacks; it has "
                                    + byName.keySet())))
                    .toList();
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    MembershipRule.check(members.get(i), members.get(j)).ifPresent(violation -> {
                        throw new IllegalArgumentException(
                                "combination " + combination + " is refused: " + violation.message());
                    });
                }
            }
            if (!seen.add(Set.copyOf(combination.categories()))) {
                throw new IllegalArgumentException("a schema lists a combination once, got " + combination
                        + " twice (the order of the names does not matter): remove one of them");
            }
        }
    }

    private static String hash(List<Category> categories, List<Combination> combinations) {
        String text = categories.stream().map(Category::canonical).collect(Collectors.joining("\n"))
                + combinations.stream().map(Combination::name).collect(Collectors.joining("\n", "\n", ""));
        return Sha256.identity(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureSchema that
                && categories.equals(that.categories)
                && combinations.equals(that.combinations);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "FeatureSchema[" + categories.stream().map(Category::name).toList() + ", " + combinations + ", " + hash
                + "]";
    }
}
