package org.eridanus.live;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eridanus.event.Item;

/**
 * The announced items by id and by words of their titles, the first {@value #CAPACITY} of them; how many more there were
 * is counted.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class Catalogue {
    /** Most items that are kept. */
    public static final int CAPACITY = 100_000;

    private final Map<String, Entry> items = new ConcurrentHashMap<>();
    private final int capacity;
    private volatile long leftOut;

    /** An item, and its title as it is searched. */
    private record Entry(Item item, String title) {}

    /** How well a title matches, 0 the best. */
    private record Match(int grade, Item item) {}

    /** An empty catalogue. */
    public Catalogue() {
        this(CAPACITY);
    }

    /** An empty catalogue with room for so many. */
    Catalogue(int capacity) {
        this.capacity = capacity;
    }

    /** Takes an item that was announced or has changed. */
    public synchronized void put(Item item) {
        if (items.size() >= capacity && !items.containsKey(item.id())) {
            leftOut++;
            return;
        }
        items.put(item.id(), new Entry(item, item.title().toLowerCase(Locale.ROOT)));
    }

    /** Takes out an item that was removed. */
    public synchronized void remove(String id) {
        items.remove(id);
    }

    /** How many items are kept. */
    public int size() {
        return items.size();
    }

    /** How many announcements found no room. */
    public long leftOut() {
        return leftOut;
    }

    /** The item with this id. */
    public Optional<Item> find(String id) {
        return Optional.ofNullable(items.get(id)).map(Entry::item);
    }

    /**
     * The items whose id is the query or whose title contains it, whatever the case: first those that are it or begin
     * with it, then those with a word that does, then the others; each by title.
     *
     * @param query what to look for; everything matches the empty one
     * @param limit how many at most
     */
    public List<Item> search(String query, int limit) {
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        return items.values().stream()
                .map(entry -> new Match(grade(entry, wanted), entry.item()))
                .filter(match -> match.grade() >= 0)
                .sorted(Comparator.comparingInt(Match::grade)
                        .thenComparing(match -> match.item().title())
                        .thenComparing(match -> match.item().id()))
                .limit(limit)
                .map(Match::item)
                .toList();
    }

    private static int grade(Entry entry, String wanted) {
        if (entry.item().id().toLowerCase(Locale.ROOT).equals(wanted)) {
            return 0;
        }
        int at = entry.title().indexOf(wanted);
        if (at <= 0) {
            return at;
        }
        return entry.title().contains(" " + wanted) ? 1 : 2;
    }
}
