package org.eridanus.dataset;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;

/**
 * Users, items and their interactions in replay order. The order is made here, whatever order the lists arrive
 * in: by event time, and where times are equal as given (a stable sort), which for a file is the order of its
 * rows.
 *
 * <p>Interactions may name users and items that the lists do not have; a reader that knows better refuses them.
 *
 * @param name what people call it, e.g. {@code ml-100k}
 * @param users the profiles, as given; no id twice
 * @param items the items, as given; no id twice
 * @param interactions in replay order
 * @param notes what people should know of how it was read, e.g. that there are no user attributes
 */
public record Dataset(
        String name, List<UserProfile> users, List<Item> items, List<Interaction> interactions, List<String> notes) {
    /** A data set of which there is nothing to note. */
    public Dataset(String name, List<UserProfile> users, List<Item> items, List<Interaction> interactions) {
        this(name, users, items, interactions, List.of());
    }

    public Dataset {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a data set must have a name, got '" + name + "'");
        }
        users = distinct("user", users, UserProfile::id);
        items = distinct("item", items, Item::id);
        interactions = interactions.stream()
                .sorted(Comparator.comparingLong(Interaction::timestamp))
                .toList();
        notes = List.copyOf(notes);
    }

    /** The same under another name. */
    public Dataset named(String other) {
        return new Dataset(other, users, items, interactions, notes);
    }

    /** What a data set that was read from a folder is called. */
    static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "data" : name.toString();
    }

    private static <T> List<T> distinct(String what, List<T> elements, Function<T, String> id) {
        Set<String> seen = new HashSet<>();
        for (T element : elements) {
            if (!seen.add(id.apply(element))) {
                throw new IllegalArgumentException("a data set must list each " + what + " once, got '"
                        + id.apply(element) + "' twice: remove one of them");
            }
        }
        return List.copyOf(elements);
    }

    /** Counts everything once; walks all interactions. */
    public Summary summary() {
        Set<String> activeUsers = new HashSet<>();
        Set<String> consumedItems = new HashSet<>();
        Set<Pair> pairs = new HashSet<>();
        for (Interaction interaction : interactions) {
            activeUsers.add(interaction.user());
            consumedItems.add(interaction.item());
            pairs.add(new Pair(interaction.user(), interaction.item()));
        }
        return new Summary(
                name,
                users.size(),
                items.size(),
                interactions.size(),
                activeUsers.size(),
                consumedItems.size(),
                pairs.size(),
                interactions.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Span(
                                Instant.ofEpochMilli(interactions.get(0).timestamp()),
                                Instant.ofEpochMilli(interactions
                                        .get(interactions.size() - 1)
                                        .timestamp()))));
    }

    /** One line for people: name, counts, days, density, e.g. for a log or the head of a report. */
    public String describe() {
        return summary().toString();
    }

    private record Pair(String user, String item) {}

    /**
     * The time that a data set covers, both ends included.
     *
     * @param first event time of the first interaction
     * @param last event time of the last
     */
    public record Span(Instant first, Instant last) {
        private static LocalDate day(Instant instant) {
            return LocalDate.ofInstant(instant, ZoneOffset.UTC);
        }

        /** The two days, in UTC: {@code 1997-09-20 to 1998-04-22}. */
        @Override
        public String toString() {
            return day(first) + " to " + day(last);
        }
    }

    /**
     * What a data set holds, in numbers.
     *
     * @param name of the data set
     * @param users profiles listed
     * @param items items listed
     * @param interactions all of them
     * @param activeUsers distinct users among the interactions
     * @param consumedItems distinct items among the interactions
     * @param distinctPairs distinct (user, item) pairs among the interactions; fewer than {@code interactions}
     *     where users come back to an item
     * @param span time from the first interaction to the last; absent without interactions
     */
    public record Summary(
            String name,
            int users,
            int items,
            int interactions,
            int activeUsers,
            int consumedItems,
            int distinctPairs,
            Optional<Span> span) {
        /**
         * The share of (active user, consumed item) pairs that occur, in [0, 1]; 0 without interactions. Sparsity
         * is its complement.
         */
        public double density() {
            return distinctPairs == 0 ? 0.0 : distinctPairs / ((double) activeUsers * consumedItems);
        }

        /** One line: {@code ml-100k: 943 users, 1682 items, 100000 interactions, 1997-09-20 to …, density 6.30 %}. */
        @Override
        public String toString() {
            String counts = name + ": " + users + " users, " + items + " items, " + interactions + " interactions";
            return span.map(days ->
                            counts + ", " + days + String.format(Locale.ROOT, ", density %.2f %%", 100.0 * density()))
                    .orElse(counts);
        }
    }
}
