package org.eridanus.feature;

import java.util.List;
import java.util.regex.Pattern;
import org.eridanus.event.Limits;
import org.jspecify.annotations.Nullable;

/**
 * A typed vocabulary: the user, the item, the occupation, the genre, the recent items. An event makes some of
 * its values active; the model joins category vectors into {@link Combination combinations}.
 *
 * @param name unique in its schema; a letter, then letters, digits, {@code -} or {@code _}, at most 64 in all
 * @param owner whose property it is, and so when its values are known
 * @param kind how values are read from their source
 * @param source where values come from: the attribute's name for {@link Owner#USER} and {@link Owner#ITEM}
 *     (ignored by {@link Kind.Id}); one of {@link #EVENT_SOURCES} for {@link Owner#EVENT}; ignored for
 *     {@link Owner#HISTORY}
 * @param describes name of the key category whose entity this one merely describes (the genre describes the
 *     item), null for keys, events and histories; the {@link MembershipRule} goes by it
 */
public record Category(
        String name,
        Owner owner,
        Kind kind,
        String source,
        @Nullable String describes) {
    /** What an {@link Owner#EVENT} category can be read from: the type, and hour or weekday of the event in UTC. */
    public static final List<String> EVENT_SOURCES = List.of("type", "hour", "weekday");

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    /** Whose property a category is. */
    public enum Owner {
        /** Known from the user's id and profile. */
        USER,
        /** Known from the item's id and attributes; completed for every candidate when scoring. */
        ITEM,
        /** Known from the event itself. */
        EVENT,
        /** The item ids that the user consumed before the event. */
        HISTORY
    }

    /** What the sum Σ w V of the rows of several active values is multiplied by to become the category's vector. */
    public enum Normalisation {
        /** 1 / √(Σ w): vectors of short and of long lists have about the same length, if their rows are independent. */
        ROOT,
        /** 1 / Σ w: the weighted mean. */
        MEAN,
        /** 1: the sum itself. */
        NONE;

        /** The factor for a sum of weights, 0 where nothing is active. */
        public double factor(double weights) {
            if (weights == 0.0) {
                return 0.0;
            }
            return switch (this) {
                case ROOT -> 1.0 / Math.sqrt(weights);
                case MEAN -> 1.0 / weights;
                case NONE -> 1.0;
            };
        }

        /** How the canonical text of a category ends; the default is not spelled out. */
        private String canonical() {
            return this == ROOT ? "" : "," + this;
        }
    }

    /** How values are read; sealed, because every reader and writer of values has to know all of them. */
    public sealed interface Kind {
        /** The entity's own id. */
        record Id() implements Kind {}

        /** One value; of several the first counts. */
        record Single() implements Kind {}

        /**
         * Any number of values, without order: sorted and without duplicates.
         *
         * @param normalisation what the sum of their rows is multiplied by
         */
        record Many(Normalisation normalisation) implements Kind {
            /** Values whose sum is divided by the root of their number. */
            public Many() {
                this(Normalisation.ROOT);
            }
        }

        /**
         * A number, known by the band it falls into. A missing or unparsable number is
         * {@link EnrichedInteraction#UNKNOWN}.
         *
         * @param bounds lower bounds of all bands but the first, inclusive and ascending: {@code [18, 25]} makes
         *     the bands {@code <18}, {@code 18-24} and {@code 25+}
         */
        record Bands(List<Integer> bounds) implements Kind {
            public Bands {
                bounds = List.copyOf(bounds);
                if (bounds.isEmpty()) {
                    throw new IllegalArgumentException("bands need at least one bound, got none");
                }
                for (int i = 1; i < bounds.size(); i++) {
                    if (bounds.get(i - 1) >= bounds.get(i)) {
                        throw new IllegalArgumentException("bounds of bands must ascend, got " + bounds);
                    }
                }
            }

            /** The band of a number in its decimal spelling; {@link EnrichedInteraction#UNKNOWN} if it is none. */
            public String of(String number) {
                double value;
                try {
                    value = Double.parseDouble(number);
                } catch (NumberFormatException notANumber) {
                    return EnrichedInteraction.UNKNOWN;
                }
                return Double.isFinite(value) ? of(value) : EnrichedInteraction.UNKNOWN;
            }

            private String of(double value) {
                if (value < bounds.get(0)) {
                    return "<" + bounds.get(0);
                }
                for (int i = 1; i < bounds.size(); i++) {
                    if (value < bounds.get(i)) {
                        return bounds.get(i - 1) + "-" + (bounds.get(i) - 1);
                    }
                }
                return bounds.get(bounds.size() - 1) + "+";
            }
        }

        /**
         * The user's past items, the newest first, the p-th weighted by decay<sup>p</sup> (p = 0 the newest), and by
         * 2<sup>−age / halfLife</sup> where there is a half-life. An item's age is how long before the newest of them it was
         * consumed, so that a list is the same whenever it is asked for.
         *
         * @param length how many of the newest items count, at least 1
         * @param decay in (0, 1]; 1 weighs all alike
         * @param halfLife the age at which an item counts half, ms; 0 where age does not matter
         * @param normalisation what the weighted sum of their rows is multiplied by
         */
        record Past(int length, double decay, long halfLife, Normalisation normalisation) implements Kind {
            /** A past whose sum is divided by the root of the sum of its weights. */
            public Past(int length, double decay) {
                this(length, decay, Normalisation.ROOT);
            }

            /** A past in which age does not matter. */
            public Past(int length, double decay, Normalisation normalisation) {
                this(length, decay, 0, normalisation);
            }

            public Past {
                if (length < 1 || length > Limits.HISTORY) {
                    throw new IllegalArgumentException(
                            "length of a history must be 1.." + Limits.HISTORY + ", got " + length);
                }
                if (!(decay > 0 && decay <= 1)) {
                    throw new IllegalArgumentException("decay must be above 0 and at most 1, got " + decay);
                }
                if (halfLife < 0) {
                    throw new IllegalArgumentException(
                            "the half-life of a history must be at least 0 ms, got " + halfLife);
                }
            }
        }
    }

    public Category {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a category's name must be a letter followed by at most 63 letters,"
                    + " digits, '-' or '_', got '" + name + "'");
        }
        if (owner == Owner.HISTORY != kind instanceof Kind.Past) {
            throw new IllegalArgumentException(
                    "category " + name + ": owner HISTORY and kind Past go together, got " + owner + " and " + kind);
        }
        if (kind instanceof Kind.Id && owner != Owner.USER && owner != Owner.ITEM) {
            throw new IllegalArgumentException("category " + name + ": only users and items have an id, got " + owner);
        }
        if (owner == Owner.EVENT && (!EVENT_SOURCES.contains(source) || kind instanceof Kind.Many)) {
            throw new IllegalArgumentException("category " + name + ": an event category has one value, read from one"
                    + " of " + EVENT_SOURCES + ", got " + source + " as " + kind);
        }
        boolean attribute = (owner == Owner.USER || owner == Owner.ITEM) && !(kind instanceof Kind.Id);
        if (describes != null && !attribute) {
            throw new IllegalArgumentException(
                    "category " + name + ": only an attribute of a user or an item describes a key, got " + describes);
        }
    }

    /** A key: the id of a user or of an item. */
    public static Category id(String name, Owner owner) {
        return new Category(name, owner, new Kind.Id(), "id", null);
    }

    /** An attribute of a user or an item that describes the key category {@code describes}. */
    public static Category attribute(String name, Owner owner, Kind kind, String source, String describes) {
        return new Category(name, owner, kind, source, describes);
    }

    /** A property of the event, read from one of {@link #EVENT_SOURCES}. */
    public static Category event(String name, Kind kind, String source) {
        return new Category(name, Owner.EVENT, kind, source, null);
    }

    /** The newest {@code length} items of the user's history, weighted by {@code decay}. */
    public static Category past(String name, int length, double decay) {
        return new Category(name, Owner.HISTORY, new Kind.Past(length, decay), "history", null);
    }

    /**
     * The newest {@code length} items of the user's history, weighted by {@code decay} and by how long before the newest they
     * were.
     *
     * @param halfLife the age at which an item counts half, ms
     */
    public static Category past(String name, int length, double decay, long halfLife) {
        return new Category(
                name, Owner.HISTORY, new Kind.Past(length, decay, halfLife, Normalisation.ROOT), "history", null);
    }

    /**
     * What the user consumed in one go: the newest {@code length} items, each weighted by how long before the newest it was.
     *
     * @param halfLife the age at which an item counts half, ms
     */
    public static Category session(String name, int length, long halfLife) {
        return past(name, length, 1, halfLife);
    }

    /** Whether this is a key, the id of an entity. */
    public boolean isKey() {
        return kind instanceof Kind.Id;
    }

    /** Everything about this category but its name, in words: owner, kind, source and what it describes. */
    public String describe() {
        return canonical().substring("category ".length() + name.length() + 1);
    }

    /** One line that holds everything about this category; the schema's hash is made of these. */
    String canonical() {
        String how;
        if (kind instanceof Kind.Bands bands) {
            how = "bands" + bands.bounds();
        } else if (kind instanceof Kind.Past past) {
            how = "past[" + past.length() + "," + Double.toHexString(past.decay())
                    + (past.halfLife() == 0 ? "" : "," + past.halfLife() + "ms")
                    + past.normalisation().canonical() + "]";
        } else if (kind instanceof Kind.Many many) {
            how = "many" + many.normalisation().canonical();
        } else if (kind instanceof Kind.Single) {
            how = "single";
        } else {
            how = "id";
        }
        return "category " + name + " " + owner + " " + how + " " + source + " "
                + (describes == null ? "-" : describes);
    }
}
