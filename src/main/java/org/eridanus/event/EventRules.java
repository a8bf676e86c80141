package org.eridanus.event;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eridanus.event.Rejection.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The rules that input has to keep, in one place and apart from any format: raw fields in, where null means
 * that a field is absent, an accepted value or the first broken rule out. Every detail gives the rule, the
 * value (shortened, control characters escaped) and the remedy. Limits are those of {@link Limits}.
 */
public final class EventRules {
    private static final int QUOTED = 48;

    private EventRules() {}

    /**
     * Checks an interaction.
     *
     * @param key the record's key, which has to be the user
     * @param type what happened; if absent {@code rating} where there is a rating, else {@code view}
     * @param timestamp event time, ms since the epoch; the record's time if absent
     * @param recordTime the record's time, ms since the epoch: the event may not lie further ahead of it than
     *     {@link Limits#AHEAD}
     */
    public static Validated<Interaction> interaction(
            @Nullable String key,
            @Nullable String user,
            @Nullable String item,
            @Nullable String type,
            @Nullable Double rating,
            @Nullable Long timestamp,
            long recordTime) {
        Check check = new Check();
        check.key(key, "user");
        check.id("user", user);
        check.agree(key, "user", user);
        check.id("item", item);
        if (type != null) {
            check.text("type", type, 1, Limits.TYPE);
        }
        check.rating(rating);
        check.timestamp(timestamp, recordTime);
        return check.accept(() -> new Interaction(
                Objects.requireNonNull(user),
                Objects.requireNonNull(item),
                type != null ? type : rating != null ? "rating" : "view",
                rating,
                timestamp != null ? timestamp : Math.max(0, recordTime)));
    }

    /**
     * Checks a user's profile.
     *
     * @param key the record's key, the user's id
     * @param user the id in the value, which may be absent but not another one
     * @param attributes name to values
     */
    public static Validated<UserProfile> userProfile(
            @Nullable String key, @Nullable String user, Map<String, List<String>> attributes) {
        Check check = new Check();
        check.key(key, "user");
        check.agree(key, "user", user);
        check.attributes(attributes);
        return check.accept(() -> new UserProfile(Objects.requireNonNull(key), new Attributes(attributes)));
    }

    /**
     * Checks an item.
     *
     * @param key the record's key, the item's id
     * @param item the id in the value, which may be absent but not another one
     * @param title what people call it, the id if absent
     * @param attributes name to values
     */
    public static Validated<Item> item(
            @Nullable String key, @Nullable String item, @Nullable String title, Map<String, List<String>> attributes) {
        Check check = new Check();
        check.key(key, "item");
        check.agree(key, "item", item);
        if (title != null) {
            check.text("title", title, 1, Limits.TITLE);
        }
        check.attributes(attributes);
        return check.accept(() -> {
            String id = Objects.requireNonNull(key);
            return new Item(id, title == null ? id : title, new Attributes(attributes));
        });
    }

    /**
     * Checks the id of a user or item that comes as the key of a record without a value.
     *
     * @param names what the key names, {@code user} or {@code item}
     */
    public static Validated<String> key(@Nullable String key, String names) {
        Check check = new Check();
        check.key(key, names);
        return check.accept(() -> Objects.requireNonNull(key));
    }

    /**
     * Checks a request for recommendations.
     *
     * @param key the record's key, the user's id
     * @param user the id in the value, which may be absent but not another one
     * @param k how many items, {@link Limits#DEFAULT_K} if absent
     * @param exclude ids that the answer must not contain
     */
    public static Validated<RecommendationRequest> request(
            @Nullable String key, @Nullable String user, @Nullable Long k, Collection<String> exclude) {
        Check check = new Check();
        check.key(key, "user");
        check.agree(key, "user", user);
        if (k != null && (k < 1 || k > Limits.K)) {
            check.broken(Reason.INVALID_FIELD, "k must be 1.." + Limits.K + ", got " + k);
        }
        check.size("exclude", exclude.size(), Limits.EXCLUDE, "items");
        exclude.forEach(id -> check.id("exclude", id));
        return check.accept(() -> new RecommendationRequest(
                Objects.requireNonNull(key), k == null ? Limits.DEFAULT_K : k.intValue(), Set.copyOf(exclude)));
    }

    /**
     * Checks a control command.
     *
     * @param action name of an action, in lower case
     * @param reason why, may be absent
     */
    public static Validated<ControlCommand> command(@Nullable String action, @Nullable String reason) {
        Check check = new Check();
        check.text("action", action, 1, Limits.TYPE);
        ControlCommand.Action known = null;
        for (ControlCommand.Action candidate : ControlCommand.Action.values()) {
            if (candidate.name().toLowerCase(Locale.ROOT).equals(action)) {
                known = candidate;
            }
        }
        if (known == null) {
            String actions = Stream.of(ControlCommand.Action.values())
                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
            check.broken(Reason.INVALID_FIELD, "action must be " + actions + ", got " + quote(action));
        }
        if (reason != null) {
            check.text("reason", reason, 0, Limits.REASON);
        }
        ControlCommand.Action recognised = known;
        return check.accept(() -> new ControlCommand(Objects.requireNonNull(recognised), reason == null ? "" : reason));
    }

    /** A value from outside as it may stand in a message: shortened, and without control characters. */
    public static String quote(@Nullable String value) {
        return quote(value, QUOTED);
    }

    /**
     * A value from outside as it may stand in a message, without control characters.
     *
     * @param max how many characters of it to show
     */
    public static String quote(@Nullable String value, int max) {
        if (value == null) {
            return "nothing";
        }
        StringBuilder quoted = new StringBuilder("'");
        int end = Math.min(value.length(), max);
        for (int i = 0; i < end; i++) {
            char unit = value.charAt(i);
            if (Character.isISOControl(unit) || Character.isSurrogate(unit)) {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(unit));
            } else {
                quoted.append(unit);
            }
        }
        quoted.append('\'');
        if (value.length() > max) {
            quoted.append("... (").append(value.length()).append(" characters)");
        }
        return quoted.toString();
    }

    /** Checks one field after the other and keeps the first rule that is broken. */
    private static final class Check {
        private @Nullable Rejection first;

        void broken(Reason reason, String detail) {
            if (first == null) {
                first = new Rejection(reason, detail);
            }
        }

        void key(@Nullable String key, String names) {
            if (key == null) {
                broken(
                        Reason.MISSING_KEY,
                        "the record's key must be the id of the " + names + ", got none: produce it with a key");
            } else {
                text("the key", key, 1, Limits.ID);
            }
        }

        void id(String field, @Nullable String id) {
            text(field, id, 1, Limits.ID);
        }

        void agree(@Nullable String key, String field, @Nullable String value) {
            if (key != null && value != null && !key.equals(value)) {
                broken(
                        Reason.KEY_MISMATCH,
                        field + " must be the record's key " + quote(key) + ", got " + quote(value)
                                + ": produce the record under its " + field);
            }
        }

        void text(String field, @Nullable String text, int min, int max) {
            if (text == null || text.length() < min) {
                broken(
                        Reason.MISSING_FIELD,
                        field + " must have " + min + ".." + max + " characters, got "
                                + (text == null ? "none" : "an empty text"));
            } else if (text.length() > max && text.codePointCount(0, text.length()) > max) {
                broken(
                        Reason.TOO_LARGE,
                        field + " must have at most " + max + " characters, got " + quote(text) + ": shorten it");
            } else {
                int at = unfit(text);
                if (at >= 0) {
                    broken(
                            Reason.INVALID_FIELD,
                            field + " must be free of control characters and of unpaired surrogates, got " + quote(text)
                                    + ", see position " + at);
                }
            }
        }

        void size(String field, int size, int max, String of) {
            if (size > max) {
                broken(Reason.TOO_LARGE, field + " must have at most " + max + " " + of + ", got " + size);
            }
        }

        void rating(@Nullable Double rating) {
            if (rating != null && !(Math.abs(rating) <= Limits.RATING)) {
                broken(
                        Reason.INVALID_FIELD,
                        "rating must be a finite number within ±1000000, got " + rating
                                + ": leave it out where there is none");
            }
        }

        void timestamp(@Nullable Long timestamp, long recordTime) {
            if (timestamp == null) {
                return;
            }
            if (timestamp < 0) {
                broken(Reason.INVALID_FIELD, "timestamp must be at least 0 (ms since the epoch), got " + timestamp);
            } else if (timestamp - Math.max(0, recordTime) > Limits.AHEAD.toMillis()) {
                broken(
                        Reason.IN_THE_FUTURE,
                        "timestamp must be at most " + Limits.AHEAD.toMinutes() + " minutes after the record's time "
                                + recordTime + ", got " + timestamp + ": check the producer's clock and that the unit"
                                + " is ms");
            }
        }

        void attributes(Map<String, List<String>> attributes) {
            size("the value", attributes.size(), Limits.ATTRIBUTES, "attributes");
            attributes.forEach((name, values) -> {
                text("an attribute's name", name, 1, Limits.ATTRIBUTE_NAME);
                size("attribute " + quote(name), values.size(), Limits.ATTRIBUTE_VALUES, "values");
                values.forEach(value -> text("attribute " + quote(name), value, 1, Limits.ATTRIBUTE_VALUE));
            });
        }

        <T> Validated<T> accept(Supplier<T> value) {
            return first == null ? Validated.valid(value.get()) : new Validated.Rejected<>(first);
        }

        /** Position of the first character that a text must not hold, -1 if there is none. */
        private static int unfit(String text) {
            for (int i = 0; i < text.length(); i++) {
                char unit = text.charAt(i);
                if (Character.isISOControl(unit)) {
                    return i;
                }
                if (Character.isSurrogate(unit)) {
                    boolean pair = Character.isHighSurrogate(unit)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
                    if (!pair) {
                        return i;
                    }
                    i++;
                }
            }
            return -1;
        }
    }
}
