package org.eridanus.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Limits;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.jspecify.annotations.Nullable;

/** How categories, combinations and the feedback table are written. */
final class SchemaTypes {
    private enum Form {
        ID,
        SINGLE,
        MANY,
        BANDS,
        PAST
    }

    static final ValueType<String> NAME = ValueType.text("", text -> !text.isBlank());

    private static final Setting<String> CATEGORY_NAME =
            Setting.required("name", NAME, "Its name, unique in the schema.");
    private static final Setting<Category.Owner> CATEGORY_OWNER = Setting.required(
            "owner", ValueType.choice(Category.Owner.class), "Whose property it is, and so when its values are known.");
    private static final Setting<Form> CATEGORY_KIND = Setting.required(
            "kind",
            ValueType.choice(Form.class),
            "How values are read: the owner's id, a single value, any number of values, a number by the band it falls"
                    + " into, or the past items of the user's history.");
    private static final Setting<String> CATEGORY_SOURCE = Setting.optional(
            "source",
            NAME,
            "The attribute of the user or item that values come from, by default its name; for an event one of "
                    + String.join(", ", Category.EVENT_SOURCES) + ".");
    private static final Setting<List<Integer>> CATEGORY_BOUNDS = Setting.optional(
            "bounds",
            ValueType.list(ValueType.whole(Integer.MIN_VALUE + 1, Integer.MAX_VALUE, ""), 1, 64),
            "Lower bounds of all bands but the first, ascending (kind bands).");
    private static final Setting<Integer> CATEGORY_LENGTH = Setting.optional(
            "length", ValueType.whole(1, Limits.HISTORY, "items"), "How many of the newest items count (kind past).");
    private static final Setting<Double> CATEGORY_DECAY = Setting.optional(
            "decay", ValueType.number(0, true, 1), "Weight of each further item; 1 weighs all alike (kind past).");

    private static final ValueType<Duration> HALF_LIFE =
            ValueType.duration(Duration.ofMillis(1), Duration.ofDays(3650));
    private static final Setting<Duration> CATEGORY_HALF_LIFE = Setting.optional(
            "half-life",
            HALF_LIFE,
            "How long before the newest item one was consumed that counts half as much, by event time; without it, age does"
                    + " not matter (kind past).");
    private static final Setting<Category.Normalisation> CATEGORY_NORMALISATION = Setting.optional(
            "normalisation",
            ValueType.choice(Category.Normalisation.class),
            "What the sum of several values' vectors is divided by: the root of their weights' sum, by default, that sum, or"
                    + " nothing (kinds many and past).");

    /** A category of the schema. */
    static final ValueType<List<Category>> CATEGORIES = ValueType.list(
                    ValueType.map(
                            List.of(
                                    CATEGORY_NAME,
                                    CATEGORY_OWNER,
                                    CATEGORY_KIND,
                                    CATEGORY_SOURCE,
                                    CATEGORY_BOUNDS,
                                    CATEGORY_LENGTH,
                                    CATEGORY_DECAY,
                                    CATEGORY_HALF_LIFE,
                                    CATEGORY_NORMALISATION),
                            SchemaTypes::category,
                            SchemaTypes::written),
                    1,
                    FeatureSchema.MAX_SIZE)
            .as(SchemaTypes::described, categories -> categories)
            .called("list of maps", "1.." + FeatureSchema.MAX_SIZE + " categories");

    /** Stands for every pair of categories that may be combined. */
    static final List<Combination> ALL_PAIRS = List.of();

    /** The combinations of the schema. */
    static final ValueType<List<Combination>> COMBINATIONS = ValueType.list(
                    ValueType.list(NAME, 2, FeatureSchema.MAX_SIZE).as(Combination::new, Combination::categories),
                    1,
                    FeatureSchema.MAX_SIZE)
            .called("list of lists", "1.." + FeatureSchema.MAX_SIZE + " lists of names of categories")
            .or("all", ALL_PAIRS);

    private static final Setting<String> ROW_TYPE =
            Setting.optional("type", NAME, "The type of interaction that the row is about; every type if absent.");
    private static final Setting<Double> ROW_FROM = Setting.optional(
            "from", ValueType.number(-Limits.RATING, false, Limits.RATING), "Lowest rating, inclusive.");
    private static final Setting<Double> ROW_BELOW = Setting.optional(
            "below",
            ValueType.number(-Limits.RATING, false, Limits.RATING),
            "The rating from which on it no longer applies.");
    private static final Setting<Feedback> ROW_FEEDBACK =
            Setting.required("feedback", ValueType.choice(Feedback.class), "What the interaction says.");
    private static final Setting<Double> ROW_WEIGHT =
            Setting.optional("weight", ValueType.number(0, true, 1e6), "How much it counts; 1 if absent.");

    /** The rows of a feedback table. */
    static final ValueType<List<FeedbackTable.Row>> ROWS = ValueType.list(
                    ValueType.map(
                            List.of(ROW_TYPE, ROW_FROM, ROW_BELOW, ROW_FEEDBACK, ROW_WEIGHT),
                            SchemaTypes::row,
                            SchemaTypes::written),
                    0,
                    FeatureSchema.MAX_SIZE)
            .called("list of maps", "at most " + FeatureSchema.MAX_SIZE + " rows");

    private SchemaTypes() {}

    private static Category category(Values values) {
        String name = values.get(CATEGORY_NAME);
        Category.Owner owner = values.get(CATEGORY_OWNER);
        Form form = values.get(CATEGORY_KIND);
        refuseOthers(values, form);
        String given = values.find(CATEGORY_SOURCE);
        String source = given == null ? name : given;
        Category.Normalisation found = values.find(CATEGORY_NORMALISATION);
        Category.Normalisation normalisation = found == null ? Category.Normalisation.ROOT : found;
        return switch (form) {
            case ID -> Category.id(name, owner);
            case SINGLE -> new Category(name, owner, new Category.Kind.Single(), source, null);
            case MANY -> new Category(name, owner, new Category.Kind.Many(normalisation), source, null);
            case BANDS -> {
                List<Integer> bounds = values.find(CATEGORY_BOUNDS);
                if (bounds == null) {
                    throw new IllegalArgumentException(
                            "category " + name + ": kind bands needs bounds, such as [18, 25]");
                }
                yield new Category(name, owner, new Category.Kind.Bands(bounds), source, null);
            }
            case PAST -> {
                Integer length = values.find(CATEGORY_LENGTH);
                Double decay = values.find(CATEGORY_DECAY);
                if (length == null || decay == null || owner != Category.Owner.HISTORY) {
                    throw new IllegalArgumentException(
                            "category " + name + ": kind past needs owner history, a length and a decay");
                }
                Duration halfLife = values.find(CATEGORY_HALF_LIFE);
                yield new Category(
                        name,
                        owner,
                        new Category.Kind.Past(
                                length, decay, halfLife == null ? 0 : halfLife.toMillis(), normalisation),
                        "history",
                        null);
            }
        };
    }

    private static void refuseOthers(Values values, Form form) {
        refuse(values, CATEGORY_BOUNDS, form, Form.BANDS);
        refuse(values, CATEGORY_LENGTH, form, Form.PAST);
        refuse(values, CATEGORY_DECAY, form, Form.PAST);
        refuse(values, CATEGORY_HALF_LIFE, form, Form.PAST);
        if (form != Form.MANY) {
            refuse(values, CATEGORY_NORMALISATION, form, Form.PAST);
        }
        if (values.find(CATEGORY_SOURCE) != null && (form == Form.ID || form == Form.PAST)) {
            throw new IllegalArgumentException("source does not go with kind " + ValueType.label(form) + "; remove it");
        }
    }

    private static void refuse(Values values, Setting<?> setting, Form form, Form goesWith) {
        if (values.find(setting) != null && form != goesWith) {
            throw new IllegalArgumentException(
                    setting.key() + " goes with kind " + ValueType.label(goesWith) + ", got " + ValueType.label(form));
        }
    }

    /** Attributes of users and items describe the key of their owner, where the schema has one. */
    private static List<Category> described(List<Category> categories) {
        return categories.stream()
                .map(category -> {
                    boolean attribute = !category.isKey()
                            && (category.owner() == Category.Owner.USER || category.owner() == Category.Owner.ITEM);
                    String key = categories.stream()
                            .filter(other -> other.isKey() && other.owner() == category.owner())
                            .map(Category::name)
                            .findFirst()
                            .orElse(null);
                    return attribute
                            ? new Category(category.name(), category.owner(), category.kind(), category.source(), key)
                            : category;
                })
                .toList();
    }

    private static Map<String, @Nullable Object> written(Category category) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", category.name());
        map.put("owner", ValueType.label(category.owner()));
        Category.Kind kind = category.kind();
        if (kind instanceof Category.Kind.Id) {
            map.put("kind", "id");
            return map;
        }
        if (kind instanceof Category.Kind.Past past) {
            map.put("kind", "past");
            map.put("length", past.length());
            map.put("decay", past.decay());
            if (past.halfLife() > 0) {
                map.put("half-life", HALF_LIFE.write(Duration.ofMillis(past.halfLife())));
            }
            putNormalisation(past.normalisation(), map);
            return map;
        }
        map.put(
                "kind",
                kind instanceof Category.Kind.Single
                        ? "single"
                        : kind instanceof Category.Kind.Many ? "many" : "bands");
        map.put("source", category.source());
        if (kind instanceof Category.Kind.Bands bands) {
            map.put("bounds", bands.bounds());
        } else if (kind instanceof Category.Kind.Many many) {
            putNormalisation(many.normalisation(), map);
        }
        return map;
    }

    private static void putNormalisation(Category.Normalisation normalisation, Map<String, @Nullable Object> map) {
        if (normalisation != Category.Normalisation.ROOT) {
            map.put("normalisation", ValueType.label(normalisation));
        }
    }

    private static FeedbackTable.Row row(Values values) {
        Double weight = values.find(ROW_WEIGHT);
        return new FeedbackTable.Row(
                values.find(ROW_TYPE),
                values.find(ROW_FROM),
                values.find(ROW_BELOW),
                new FeedbackTable.Verdict(values.get(ROW_FEEDBACK), weight == null ? 1 : weight.floatValue()));
    }

    private static Map<String, @Nullable Object> written(FeedbackTable.Row row) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("type", row.type());
        map.put("from", row.from());
        map.put("below", row.below());
        map.put("feedback", ValueType.label(row.verdict().feedback()));
        map.put("weight", Settings.decimal(row.verdict().weight()));
        return map;
    }
}
