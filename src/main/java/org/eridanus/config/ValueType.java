package org.eridanus.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a setting are written in YAML: read strictly, and written back the same way.
 *
 * @param <T> what values become
 */
final class ValueType<T> {
    /** Reads a value. */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * The value of a node.
         *
         * @throws UnfitException if it is none of this type
         */
        T read(JsonNode node) throws UnfitException;
    }

    /** What is written is no value of the type; the message says what one would be. */
    static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1L;

        UnfitException(String rule) {
            super(rule);
        }
    }

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)");
    private static final List<String> TIME_UNITS = List.of("d", "h", "m", "s", "ms");
    private static final List<String> BYTE_UNITS = List.of("GiB", "MiB", "KiB", "B");

    private final String name;
    private final String unit;
    private final String range;
    private final Reader<T> reader;
    private final Function<T, Object> writer;
    private final List<Setting<?>> fields;

    private ValueType(String name, String unit, String range, Reader<T> reader, Function<T, Object> writer) {
        this(name, unit, range, reader, writer, List.of());
    }

    private ValueType(
            String name,
            String unit,
            String range,
            Reader<T> reader,
            Function<T, Object> writer,
            List<Setting<?>> fields) {
        this.name = name;
        this.unit = unit;
        this.range = range;
        this.reader = reader;
        this.writer = writer;
        this.fields = List.copyOf(fields);
    }

    /** The type's name, for people. */
    String name() {
        return name;
    }

    /** What numbers count, empty where there is nothing to say. */
    String unit() {
        return unit;
    }

    /** Which values are allowed, for people; empty if all of the type are. */
    String range() {
        return range;
    }

    /** The settings of one element, where the type is a list of maps. */
    List<Setting<?>> fields() {
        return fields;
    }

    /** Reads a value. */
    T read(JsonNode node) throws UnfitException {
        return reader.read(node);
    }

    /** The value as YAML would hold it: a text, a number, a truth value, a list or a map of those. */
    Object write(T value) {
        return writer.apply(value);
    }

    /** Whether values are texts, so that an environment variable's value is meant as it stands. */
    boolean plainText() {
        return name.equals("text");
    }

    /** A text that keeps a rule. */
    static ValueType<String> text(String range, Predicate<String> rule) {
        return new ValueType<>(
                "text",
                "",
                range,
                node -> {
                    if (!node.isTextual() || !rule.test(node.textValue())) {
                        throw new UnfitException("must be a text" + (range.isEmpty() ? "" : ": " + range) + hint(node));
                    }
                    return node.textValue();
                },
                value -> value);
    }

    private static String hint(JsonNode node) {
        return node.isNumber() || node.isBoolean() ? "; write it in quotes" : "";
    }

    /** A whole number in a range. */
    static ValueType<Integer> whole(int min, int max, String unit) {
        String range = range(min, max);
        return new ValueType<>(
                "integer",
                unit,
                range,
                node -> {
                    if (!node.isInt() || node.intValue() < min || node.intValue() > max) {
                        throw new UnfitException("must be a whole number, " + range);
                    }
                    return node.intValue();
                },
                value -> value);
    }

    /** A whole number that may be large. */
    static ValueType<Long> wide(long min, long max, String unit) {
        String range = range(min, max);
        return new ValueType<>(
                "integer",
                unit,
                range,
                node -> {
                    if (!node.isIntegralNumber()
                            || !node.canConvertToLong()
                            || node.longValue() < min
                            || node.longValue() > max) {
                        throw new UnfitException("must be a whole number, " + range);
                    }
                    return node.longValue();
                },
                value -> value);
    }

    private static String range(long min, long max) {
        String from = min == Long.MIN_VALUE ? "" : String.valueOf(min);
        if (max == Integer.MAX_VALUE || max == Long.MAX_VALUE) {
            return from.isEmpty() ? "any" : "at least " + from;
        }
        return from + ".." + max;
    }

    /**
     * A number in a range.
     *
     * @param open whether {@code min} itself is outside
     */
    static ValueType<Double> number(double min, boolean open, double max) {
        String range = (open ? "above " : "at least ")
                + shown(min)
                + (max == Double.MAX_VALUE ? "" : ", at most " + shown(max));
        return new ValueType<>(
                "number",
                "",
                range,
                node -> {
                    double value = node.doubleValue();
                    if (!node.isNumber() || !(open ? value > min : value >= min) || !(value <= max)) {
                        throw new UnfitException("must be a number, " + range);
                    }
                    return value;
                },
                value -> value);
    }

    private static String shown(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e9
                ? String.valueOf((long) bound)
                : String.valueOf(bound);
    }

    /** True or false. */
    static ValueType<Boolean> truth() {
        return new ValueType<>(
                "boolean",
                "",
                "true, false",
                node -> {
                    if (!node.isBoolean()) {
                        throw new UnfitException("must be true or false");
                    }
                    return node.booleanValue();
                },
                value -> value);
    }

    /** A length of time with its unit. */
    static ValueType<Duration> duration(Duration min, Duration max) {
        String range = show(min) + ".." + show(max);
        return new ValueType<>(
                "duration",
                "ms, s, m, h, d",
                range,
                node -> {
                    Matcher matcher = DURATION.matcher(node.asText());
                    if (!node.isTextual() || !matcher.matches()) {
                        throw new UnfitException(
                                "must be a duration with its unit, such as " + show(min) + ", " + range);
                    }
                    long number = Long.parseLong(matcher.group(1));
                    Duration value = switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(Math.min(number, Integer.MAX_VALUE));
                    };
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new UnfitException("must be a duration, " + range);
                    }
                    return value;
                },
                ValueType::show);
    }

    private static String show(Duration duration) {
        long millis = duration.toMillis();
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000, 1};
        for (int i = 0; i < sizes.length - 1; i++) {
            if (millis > 0 && millis % sizes[i] == 0) {
                return millis / sizes[i] + TIME_UNITS.get(i);
            }
        }
        return millis + "ms";
    }

    /** A number of bytes with its unit. */
    static ValueType<Long> bytes(long min, long max) {
        String range = showBytes(min) + ".." + showBytes(max);
        return new ValueType<>(
                "size",
                "B, KiB, MiB, GiB",
                range,
                node -> {
                    Matcher matcher = BYTES.matcher(node.asText());
                    if (!node.isTextual() || !matcher.matches()) {
                        throw new UnfitException("must be a size with its unit, such as 32MiB, " + range);
                    }
                    int shift = 30 - 10 * BYTE_UNITS.indexOf(matcher.group(2));
                    long number = Long.parseLong(matcher.group(1));
                    if (number > Long.MAX_VALUE >> shift || number << shift < min || number << shift > max) {
                        throw new UnfitException("must be a size, " + range);
                    }
                    return number << shift;
                },
                ValueType::showBytes);
    }

    private static String showBytes(long bytes) {
        for (int i = 0; i < BYTE_UNITS.size() - 1; i++) {
            long unit = 1L << (30 - 10 * i);
            if (bytes > 0 && bytes % unit == 0) {
                return bytes / unit + BYTE_UNITS.get(i);
            }
        }
        return bytes + "B";
    }

    /** One of an enum's values, by {@link #label}. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> values) {
        Map<String, E> byLabel = new LinkedHashMap<>();
        for (E value : values.getEnumConstants()) {
            byLabel.put(label(value), value);
        }
        return choice(byLabel, ValueType::label);
    }

    /** One of some names. */
    static ValueType<String> choice(List<String> names) {
        Map<String, String> byName = new LinkedHashMap<>();
        names.forEach(each -> byName.put(each, each));
        return choice(byName, value -> value);
    }

    private static <T> ValueType<T> choice(Map<String, T> byLabel, Function<T, Object> writer) {
        String range = String.join(", ", byLabel.keySet());
        return new ValueType<>(
                "choice",
                "",
                range,
                node -> {
                    T value = node.isTextual() ? byLabel.get(node.textValue()) : null;
                    if (value == null) {
                        throw new UnfitException("must be one of " + range);
                    }
                    return value;
                },
                writer);
    }

    /** How a value of an enum is written: in lower case, with dashes. */
    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A list of at most so many values of another type. */
    static <E> ValueType<List<E>> list(ValueType<E> element, int min, int max) {
        String range = min + ".." + max + " values" + (element.range.isEmpty() ? "" : ", each " + element.range);
        return new ValueType<>(
                "list of " + element.name,
                element.unit,
                range,
                node -> {
                    if (!node.isArray() || node.size() < min || node.size() > max) {
                        throw new UnfitException("must be a list of " + min + ".." + max + " values, such as [a, b]");
                    }
                    List<E> values = new ArrayList<>();
                    for (int i = 0; i < node.size(); i++) {
                        try {
                            values.add(element.read(node.get(i)));
                        } catch (UnfitException e) {
                            throw new UnfitException("element " + (i + 1) + " " + e.getMessage());
                        }
                    }
                    return List.copyOf(values);
                },
                values -> values.stream().map(element::write).toList(),
                element.fields);
    }

    /** The same type for values in another form, which may refuse some by an {@link IllegalArgumentException}. */
    <R> ValueType<R> as(Function<T, R> there, Function<R, T> back) {
        return new ValueType<>(
                name,
                unit,
                range,
                node -> {
                    try {
                        return there.apply(read(node));
                    } catch (IllegalArgumentException e) {
                        throw new UnfitException(String.valueOf(e.getMessage()));
                    }
                },
                value -> write(back.apply(value)),
                fields);
    }

    /** The same type under another name and range, for people. */
    ValueType<T> called(String otherName, String otherRange) {
        return new ValueType<>(otherName, unit, otherRange, reader, writer, fields);
    }

    /** The same, or a word that stands for a value which is written in no other way. */
    ValueType<T> or(String word, T value) {
        return new ValueType<>(
                name + ", or " + word,
                unit,
                range,
                node -> node.isTextual() && node.textValue().equals(word) ? value : read(node),
                each -> each.equals(value) ? word : write(each),
                fields);
    }

    /**
     * A map with these settings.
     *
     * @param build makes the value of what is given; an {@link IllegalArgumentException} refuses it
     * @param write the settings of a value, null for those that are absent
     */
    static <T> ValueType<T> map(
            List<Setting<?>> fields, Function<Values, T> build, Function<T, Map<String, @Nullable Object>> write) {
        String keys = fields.stream().map(Setting::key).collect(Collectors.joining(", "));
        return new ValueType<>(
                "map",
                "",
                "",
                node -> {
                    if (!node.isObject()) {
                        throw new UnfitException("must be a map with the keys " + keys);
                    }
                    for (String key : (Iterable<String>) node::fieldNames) {
                        if (fields.stream().noneMatch(field -> field.key().equals(key))) {
                            throw new UnfitException("has the unknown key '" + key + "'; known are " + keys);
                        }
                    }
                    Values values = new Values();
                    for (Setting<?> field : fields) {
                        readField(field, node.get(field.key()), values);
                    }
                    try {
                        return build.apply(values);
                    } catch (IllegalArgumentException e) {
                        throw new UnfitException("is refused: " + e.getMessage());
                    }
                },
                value -> {
                    Map<String, Object> given = new LinkedHashMap<>();
                    write.apply(value).forEach((key, each) -> {
                        if (each != null) {
                            given.put(key, each);
                        }
                    });
                    return given;
                },
                fields);
    }

    private static <V> void readField(Setting<V> field, @Nullable JsonNode node, Values values) throws UnfitException {
        if (node == null || node.isNull()) {
            if (field.required()) {
                throw new UnfitException("must have the key " + field.key() + ": " + field.doc());
            }
            return;
        }
        try {
            values.put(field, field.type().read(node));
        } catch (UnfitException e) {
            throw new UnfitException(field.key() + " " + e.getMessage());
        }
    }

    /**
     * A map of names to values of another type.
     *
     * @param example of one, for people
     */
    static <E> ValueType<Map<String, E>> byName(ValueType<E> element, String example) {
        return new ValueType<>(
                "map of names to " + element.name,
                element.unit,
                element.range,
                node -> {
                    if (!node.isObject()) {
                        throw new UnfitException("must be a map, such as " + example);
                    }
                    Map<String, E> values = new LinkedHashMap<>();
                    for (Map.Entry<String, JsonNode> each : node.properties()) {
                        try {
                            values.put(each.getKey(), element.read(each.getValue()));
                        } catch (UnfitException e) {
                            throw new UnfitException(each.getKey() + " " + e.getMessage());
                        }
                    }
                    return values;
                },
                values -> {
                    Map<String, Object> written = new LinkedHashMap<>();
                    values.forEach((name, value) -> written.put(name, element.write(value)));
                    return written;
                });
    }

    /** A map of Kafka's own settings, each a text, a number or a truth value. */
    static ValueType<Map<String, String>> kafkaSettings() {
        return new ValueType<>(
                "map of Kafka settings",
                "",
                "names and values as Kafka has them",
                node -> {
                    if (!node.isObject()) {
                        throw new UnfitException("must be a map of Kafka's settings, such as {compression.type: lz4}");
                    }
                    Map<String, String> settings = new LinkedHashMap<>();
                    for (Map.Entry<String, JsonNode> each : node.properties()) {
                        if (!each.getValue().isValueNode() || each.getValue().isNull()) {
                            throw new UnfitException("has no single value for " + each.getKey()
                                    + "; write each setting on one line, its name with dots");
                        }
                        settings.put(each.getKey(), each.getValue().asText());
                    }
                    KafkaSettingNames.check(settings);
                    return settings;
                },
                value -> new LinkedHashMap<>(value));
    }

    @Override
    public String toString() {
        return Arrays.asList(name, unit, range).toString();
    }
}
