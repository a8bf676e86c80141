package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.jspecify.annotations.Nullable;

/**
 * A data set by index, in the order of time, for methods that know no ids. Every interaction is an implicit positive. A
 * user's repeat of an item that the user has consumed is skipped, and counted.
 *
 * <p>Items are numbered as listed; those that are not listed, or all where none are, by first appearance.
 *
 * <p>Immutable.
 */
public final class InteractionLog {
    /** Which items can be recommended. */
    public enum Catalogue {
        /** The items that the data set lists, from the beginning. */
        LISTED("the items listed"),
        /** The items that occurred earlier in the stream. */
        SEEN_SO_FAR("the items seen so far in the stream");

        private final String description;

        Catalogue(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    private final String name;
    private final Catalogue catalogue;
    private final List<String> users;
    private final List<String> items;
    private final Map<String, Integer> userIndex = new HashMap<>();
    private final Map<String, Integer> itemIndex = new HashMap<>();
    private final Map<String, UserProfile> profiles = new HashMap<>();
    private final Map<String, Item> listed = new HashMap<>();
    private final List<Interaction> events = new ArrayList<>();
    private final int[] eventUsers;
    private final int[] eventItems;
    private final int repeats;
    private final List<String> notes;

    /**
     * The log of a data set's first interactions.
     *
     * @param limit how many interactions to take at most
     */
    public InteractionLog(Dataset dataset, int limit) {
        this.name = dataset.name();
        this.notes = dataset.notes();
        this.catalogue = dataset.items().isEmpty() ? Catalogue.SEEN_SO_FAR : Catalogue.LISTED;
        List<Interaction> interactions = dataset.interactions()
                .subList(0, Math.min(limit, dataset.interactions().size()));
        dataset.users().forEach(user -> profiles.put(user.id(), user));
        dataset.items().forEach(item -> {
            itemIndex.put(item.id(), itemIndex.size());
            listed.put(item.id(), item);
        });
        List<String> userIds = new ArrayList<>();
        List<String> itemIds =
                new ArrayList<>(dataset.items().stream().map(Item::id).toList());
        List<BitSet> consumed = new ArrayList<>();
        eventUsers = new int[interactions.size()];
        eventItems = new int[interactions.size()];
        for (Interaction interaction : interactions) {
            int user = index(userIndex, userIds, interaction.user());
            int item = index(itemIndex, itemIds, interaction.item());
            if (user == consumed.size()) {
                consumed.add(new BitSet());
            }
            if (!consumed.get(user).get(item)) {
                consumed.get(user).set(item);
                eventUsers[events.size()] = user;
                eventItems[events.size()] = item;
                events.add(interaction);
            }
        }
        this.users = List.copyOf(userIds);
        this.items = List.copyOf(itemIds);
        this.repeats = interactions.size() - events.size();
    }

    private static int index(Map<String, Integer> index, List<String> ids, String id) {
        Integer known = index.get(id);
        if (known != null) {
            return known;
        }
        index.put(id, ids.size());
        ids.add(id);
        return ids.size() - 1;
    }

    /** The data set's name. */
    public String name() {
        return name;
    }

    /** Which items can be recommended. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /** How many events there are, repeats left out. */
    public int size() {
        return events.size();
    }

    /** An event. */
    public Interaction event(int event) {
        return events.get(event);
    }

    /** How many interactions were left out as repeats. */
    public int repeats() {
        return repeats;
    }

    /** What people should know of how the data set was read. */
    public List<String> notes() {
        return notes;
    }

    /** How many users have events. */
    public int users() {
        return users.size();
    }

    /** How many items are listed or have events. */
    public int items() {
        return items.size();
    }

    /** User of an event. */
    public int user(int event) {
        return eventUsers[event];
    }

    /** Item of an event. */
    public int item(int event) {
        return eventItems[event];
    }

    /** Id of a user. */
    public String userId(int user) {
        return users.get(user);
    }

    /** Id of an item. */
    public String itemId(int item) {
        return items.get(item);
    }

    /** Index of a user with events. */
    int userIndex(String id) {
        return Objects.requireNonNull(userIndex.get(id), id);
    }

    /** Index of an item that is listed or has events. */
    int itemIndex(String id) {
        return Objects.requireNonNull(itemIndex.get(id), id);
    }

    /** What is known of a user, null if nothing is. */
    public @Nullable UserProfile profile(int user) {
        return profiles.get(users.get(user));
    }

    /** All that is known of users, of some without events perhaps. */
    Collection<UserProfile> profiles() {
        return profiles.values();
    }

    /** The items that are listed. */
    Collection<Item> listed() {
        return listed.values();
    }

    /** An item as listed, null if it is not. */
    public @Nullable Item listed(int item) {
        return listed.get(items.get(item));
    }

    /** Whether an item can be recommended before anybody consumed it. */
    public boolean isListed(int item) {
        return listed.containsKey(items.get(item));
    }

    /** The items of each user in the order of time, [users][]. */
    public int[][] sequences() {
        int[][] sequences = eventsOfUsers();
        for (int[] events : sequences) {
            Arrays.setAll(events, i -> eventItems[events[i]]);
        }
        return sequences;
    }

    /** When each user's items were consumed, ms since 1970, [users][], as {@link #sequences}. */
    long[][] times() {
        return Arrays.stream(eventsOfUsers())
                .map(numbers -> Arrays.stream(numbers)
                        .mapToLong(event -> events.get(event).timestamp())
                        .toArray())
                .toArray(long[][]::new);
    }

    /** The numbers of each user's events in the order of time, [users][]. */
    private int[][] eventsOfUsers() {
        int[] counts = new int[users.size()];
        for (int event = 0; event < events.size(); event++) {
            counts[eventUsers[event]]++;
        }
        int[][] numbers = new int[users.size()][];
        for (int user = 0; user < numbers.length; user++) {
            numbers[user] = new int[counts[user]];
            counts[user] = 0;
        }
        for (int event = 0; event < events.size(); event++) {
            int user = eventUsers[event];
            numbers[user][counts[user]++] = event;
        }
        return numbers;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %,d events of %,d users on %,d items; %,d repeats skipped; catalogue: %s",
                name,
                size(),
                users(),
                items(),
                repeats,
                catalogue);
    }
}
