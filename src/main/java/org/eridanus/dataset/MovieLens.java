package org.eridanus.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;

/**
 * Reads a folder in the layout of MovieLens-100K, all files in ISO 8859-1 (Latin-1):
 *
 * <table>
 * <caption>The four files that are read</caption>
 * <tr><td>{@code u.genre}</td><td>{@code name|index}; the indexes are 0 to n-1, each once</td></tr>
 * <tr><td>{@code u.user}</td><td>{@code id|age|gender|occupation|zip}</td></tr>
 * <tr><td>{@code u.item}</td><td>{@code id|title|release date|video date|address|flag 0|…|flag n-1}, a flag for
 * each genre, 0 or 1; the date as in {@code 01-Jan-1995}</td></tr>
 * <tr><td>{@code u.data}</td><td>{@code user id, item id, rating, seconds since 1970}, parted by tabs</td></tr>
 * </table>
 *
 * <p>What comes out is what a producer would send as JSON. Users have {@code age}, {@code gender} and
 * {@code occupation}; the zip code says where somebody lives and is left out. Items have a title, {@code genres}
 * by name, and {@code released} as an ISO date where the file has a date that can be read. An interaction is a
 * {@code rating} with its value and its time in ms.
 *
 * <p>A row is never skipped: the first one that breaks a rule ends the reading with a {@link DatasetException}
 * that names file, line, rule, value and remedy. Empty lines at the end of a file are no rows. Ratings by users or
 * of items that the folder does not describe break a rule too.
 */
public final class MovieLens {
    /** The type of every interaction. */
    public static final String INTERACTION_TYPE = "rating";

    private static final String GENRES = "u.genre";
    private static final String USERS = "u.user";
    private static final String ITEMS = "u.item";
    private static final String RATINGS = "u.data";
    private static final List<String> FILES = List.of(GENRES, USERS, ITEMS, RATINGS);

    private static final int ITEM_FIELDS_BEFORE_FLAGS = 5;
    private static final int OLDEST_AGE = 150;
    private static final double LOWEST_RATING = 1.0;
    private static final double HIGHEST_RATING = 5.0;

    /** 9999-12-31T23:59:59Z in seconds; a time given in ms by mistake lies far beyond. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final DateTimeFormatter DAY_MONTH_YEAR = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendValue(ChronoField.DAY_OF_MONTH)
            .appendPattern("-MMM-uuuu")
            .toFormatter(Locale.ENGLISH);

    private MovieLens() {}

    /** The files of the layout that {@code folder} does not have; empty where it can be read. */
    public static List<String> missingFiles(Path folder) {
        return FILES.stream()
                .filter(file -> !Files.isRegularFile(folder.resolve(file)))
                .toList();
    }

    /**
     * Reads all of {@code folder}. The data set takes the folder's name.
     *
     * @throws DatasetException if a file is missing or a row breaks a rule
     */
    public static Dataset read(Path folder) {
        List<String> missing = missingFiles(folder);
        if (!missing.isEmpty()) {
            throw new DatasetException("a MovieLens folder must contain " + String.join(", ", FILES) + ", but " + folder
                    + " has no " + String.join(", no ", missing) + ": name a folder in the layout of ml-100k");
        }
        List<String> genres = readGenres(folder.resolve(GENRES));
        Map<String, UserProfile> users = readUsers(folder.resolve(USERS));
        Map<String, Item> items = readItems(folder.resolve(ITEMS), genres);
        List<Interaction> ratings = readRatings(folder.resolve(RATINGS), users, items);
        return new Dataset(
                Dataset.nameOf(folder), new ArrayList<>(users.values()), new ArrayList<>(items.values()), ratings);
    }

    private static List<String> readGenres(Path file) {
        TreeMap<Integer, String> byIndex = new TreeMap<>();
        for (Row row : rows(file, '|')) {
            row.requireFields(2, "name|index");
            int index = row.integer(1, "genre index", 0, Integer.MAX_VALUE);
            String before = byIndex.put(index, row.text(0, "genre name"));
            if (before != null) {
                throw row.broken("each genre index must occur once", row.field(1), "number the genres 0, 1, 2, …");
            }
        }
        if (!byIndex.isEmpty() && byIndex.lastKey() != byIndex.size() - 1) {
            throw new DatasetException(file + ": the genre indexes must be 0 to " + (byIndex.size() - 1)
                    + " without gaps, got " + byIndex.keySet() + ": number the genres 0, 1, 2, …");
        }
        return List.copyOf(byIndex.values());
    }

    private static Map<String, UserProfile> readUsers(Path file) {
        Map<String, UserProfile> users = new LinkedHashMap<>();
        for (Row row : rows(file, '|')) {
            row.requireFields(5, "id|age|gender|occupation|zip");
            String id = row.text(0, "user id");
            int age = row.integer(1, "age", 0, OLDEST_AGE);
            Attributes attributes = new Attributes(Map.of(
                    "age", List.of(Integer.toString(age)),
                    "gender", List.of(row.text(2, "gender")),
                    "occupation", List.of(row.text(3, "occupation"))));
            if (users.put(id, new UserProfile(id, attributes)) != null) {
                throw row.broken("each user must be listed once", id, "remove one of its rows");
            }
        }
        return users;
    }

    private static Map<String, Item> readItems(Path file, List<String> genres) {
        Map<String, Item> items = new LinkedHashMap<>();
        for (Row row : rows(file, '|')) {
            row.requireFields(
                    ITEM_FIELDS_BEFORE_FLAGS + genres.size(),
                    "id|title|release date|video date|address and a flag for each of the " + genres.size()
                            + " genres of " + GENRES);
            String id = row.text(0, "item id");
            Map<String, List<String>> attributes = new LinkedHashMap<>();
            attributes.put("genres", flagged(row, genres));
            released(row.field(2)).ifPresent(date -> attributes.put("released", List.of(date.toString())));
            if (items.put(id, new Item(id, row.text(1, "title"), new Attributes(attributes))) != null) {
                throw row.broken("each item must be listed once", id, "remove one of its rows");
            }
        }
        return items;
    }

    private static List<String> flagged(Row row, List<String> genres) {
        List<String> names = new ArrayList<>();
        for (int genre = 0; genre < genres.size(); genre++) {
            String name = genres.get(genre);
            if (row.integer(ITEM_FIELDS_BEFORE_FLAGS + genre, "flag of genre " + name, 0, 1) == 1) {
                names.add(name);
            }
        }
        return names;
    }

    /** The date of {@code 01-Jan-1995}; empty for anything else, since some items have none. */
    private static Optional<LocalDate> released(String text) {
        try {
            return Optional.of(LocalDate.parse(text, DAY_MONTH_YEAR));
        } catch (DateTimeParseException notADate) {
            return Optional.empty();
        }
    }

    private static List<Interaction> readRatings(Path file, Map<String, UserProfile> users, Map<String, Item> items) {
        List<Interaction> ratings = new ArrayList<>();
        for (Row row : rows(file, '\t')) {
            row.requireFields(4, "user id, item id, rating and seconds, parted by tabs");
            String user = row.text(0, "user id");
            if (!users.containsKey(user)) {
                throw row.broken("a rating must name a user of " + USERS, user, "add the user or remove the row");
            }
            String item = row.text(1, "item id");
            if (!items.containsKey(item)) {
                throw row.broken("a rating must name an item of " + ITEMS, item, "add the item or remove the row");
            }
            ratings.add(new Interaction(user, item, INTERACTION_TYPE, row.rating(2), 1_000L * row.seconds(3)));
        }
        return ratings;
    }

    private static List<Row> rows(Path file, char separator) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read (" + e + "): check that it is a readable file", e);
        }
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        List<Row> rows = new ArrayList<>(end);
        for (int line = 0; line < end; line++) {
            rows.add(new Row(file, line + 1, split(lines.get(line), separator)));
        }
        return rows;
    }

    private static List<String> split(String line, char separator) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, start)) {
            fields.add(line.substring(start, end));
            start = end + 1;
        }
        fields.add(line.substring(start));
        return fields;
    }

    /** One line of a file, and the rules that its fields have to keep. */
    private record Row(Path file, int line, List<String> fields) {
        String field(int index) {
            return fields.get(index);
        }

        void requireFields(int count, String layout) {
            if (fields.size() != count) {
                throw broken(
                        "a row must have " + count + " fields (" + layout + ")",
                        fields.size() + " in: " + String.join(" ", fields),
                        "mend the row; none is skipped");
            }
        }

        String text(int index, String what) {
            String text = field(index).strip();
            if (text.isEmpty()) {
                throw broken(what + " must not be empty", field(index), "fill it in");
            }
            return text;
        }

        int integer(int index, String what, int lowest, int highest) {
            String rule = what + " must be a whole number from " + lowest + " to " + highest;
            return (int) whole(index, rule, lowest, highest, "correct the number");
        }

        long seconds(int index) {
            String rule = "a time must be in whole seconds since 1970, from 0 to " + LAST_SECOND;
            return whole(index, rule, 0, LAST_SECOND, "divide by 1000 if it is in ms");
        }

        private long whole(int index, String rule, long lowest, long highest, String remedy) {
            long value;
            try {
                value = Long.parseLong(field(index).strip());
            } catch (NumberFormatException notANumber) {
                throw broken(rule, field(index), remedy);
            }
            if (value < lowest || value > highest) {
                throw broken(rule, field(index), remedy);
            }
            return value;
        }

        double rating(int index) {
            String rule = "a rating must be a number from " + LOWEST_RATING + " to " + HIGHEST_RATING;
            double value;
            try {
                value = Double.parseDouble(field(index).strip());
            } catch (NumberFormatException notANumber) {
                throw broken(rule, field(index), "correct the number");
            }
            if (!(value >= LOWEST_RATING && value <= HIGHEST_RATING)) {
                throw broken(rule, field(index), "correct the number");
            }
            return value;
        }

        DatasetException broken(String rule, String value, String remedy) {
            return new DatasetException(file + ", line " + line + ": " + rule + ", got '" + value + "': " + remedy);
        }
    }
}
