package org.eridanus.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.event.EventRules;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.jspecify.annotations.Nullable;

/**
 * Reads a folder of CSV files, the form in which any data set can be given; UTF-8, with a header, columns in any order:
 *
 * <table>
 * <caption>The three files</caption>
 * <tr><td>{@code interactions.csv}</td><td>{@code user}, {@code item}; if you have them {@code timestamp} (ms since 1970,
 * in all rows or in none), {@code type}, {@code rating}</td></tr>
 * <tr><td>{@code users.csv}, optional</td><td>{@code user}, and a column for each attribute</td></tr>
 * <tr><td>{@code items.csv}, optional</td><td>{@code item}, if you have it {@code title}, and a column for each
 * attribute</td></tr>
 * </table>
 *
 * <p>An attribute may have several values, parted by {@code |}; an empty field has none. Without timestamps the order of
 * the rows is the order of time. Without {@code items.csv} the catalogue is the items seen so far in the stream.
 */
public final class CsvFolder {
    /** The file that makes a folder one of these. */
    public static final String INTERACTIONS = "interactions.csv";

    private static final String USERS = "users.csv";
    private static final String ITEMS = "items.csv";
    private static final Set<String> INTERACTION_COLUMNS = Set.of("user", "item", "timestamp", "type", "rating");

    /** 9999-12-31T23:59:59Z in ms: the latest time of an event. */
    private static final long LATEST = 253_402_300_799_000L;

    private CsvFolder() {}

    /** Whether a folder has the file that is needed. */
    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(INTERACTIONS));
    }

    /**
     * Reads all of {@code folder}. The data set takes the folder's name.
     *
     * @throws DatasetException if a file cannot be read or a row breaks a rule
     */
    public static Dataset read(Path folder) {
        List<String> notes = new ArrayList<>();
        List<Interaction> interactions = interactions(folder.resolve(INTERACTIONS), notes);
        List<UserProfile> users = users(folder.resolve(USERS), notes);
        List<Item> items = items(folder.resolve(ITEMS), notes);
        return new Dataset(Dataset.nameOf(folder), users, items, interactions, notes);
    }

    private static List<Interaction> interactions(Path file, List<String> notes) {
        List<Interaction> interactions = new ArrayList<>();
        List<String> columns = CsvTable.read(file, row -> {
            Long timestamp = row.whole("timestamp");
            boolean first = interactions.isEmpty();
            boolean timed = !first && interactions.get(0).timestamp() >= 0;
            if (!first && timed != (timestamp != null)) {
                throw row.broken(
                        "timestamp must be given in all rows or in none",
                        String.valueOf(timestamp),
                        "complete the column");
            }
            String user = row.required("user");
            Interaction interaction = row.accepted(EventRules.interaction(
                    user, user, row.required("item"), row.field("type"), row.number("rating"), timestamp, LATEST));
            interactions.add(timestamp == null ? at(interaction, -1) : interaction);
        });
        for (String column : columns) {
            if (!INTERACTION_COLUMNS.contains(column)) {
                notes.add(INTERACTIONS + ": column " + EventRules.quote(column) + " is not used");
            }
        }
        if (!interactions.isEmpty() && interactions.get(0).timestamp() < 0) {
            notes.add(INTERACTIONS + " has no timestamps: the order of its rows is taken as the order of time");
            for (int row = 0; row < interactions.size(); row++) {
                interactions.set(row, at(interactions.get(row), row));
            }
        }
        return interactions;
    }

    private static Interaction at(Interaction interaction, long timestamp) {
        return new Interaction(
                interaction.user(), interaction.item(), interaction.type(), interaction.rating(), timestamp);
    }

    private static List<UserProfile> users(Path file, List<String> notes) {
        if (!Files.isRegularFile(file)) {
            notes.add("no " + USERS + ": user attributes are unknown");
            return List.of();
        }
        Map<String, UserProfile> users = new LinkedHashMap<>();
        CsvTable.read(file, row -> {
            String id = row.required("user", "id");
            if (users.put(id, row.accepted(EventRules.userProfile(id, id, attributes(row, "user", "id")))) != null) {
                throw row.broken("each user must be listed once", id, "remove one of its rows");
            }
        });
        return List.copyOf(users.values());
    }

    private static List<Item> items(Path file, List<String> notes) {
        if (!Files.isRegularFile(file)) {
            notes.add("no " + ITEMS + ": the catalogue is the items seen so far in the stream");
            return List.of();
        }
        Map<String, Item> items = new LinkedHashMap<>();
        CsvTable.read(file, row -> {
            String id = row.required("item", "id");
            @Nullable String title = row.field("title");
            Item item = row.accepted(EventRules.item(id, id, title, attributes(row, "item", "id", "title")));
            if (items.put(id, item) != null) {
                throw row.broken("each item must be listed once", id, "remove one of its rows");
            }
        });
        return List.copyOf(items.values());
    }

    private static Map<String, List<String>> attributes(CsvTable.Row row, String... others) {
        Set<String> names = new LinkedHashSet<>(row.csv().getParser().getHeaderNames());
        List.of(others).forEach(names::remove);
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (String name : names) {
            String field = row.field(name);
            if (field != null) {
                attributes.put(name, CsvTable.values(field));
            }
        }
        return attributes;
    }
}
