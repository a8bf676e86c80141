package org.eridanus.live;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
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

    private static final Comparator<Match> BEST_FIRST = Comparator.comparingInt(Match::grade)
            .thenComparing(match -> match.item().title())
            .thenComparing(match -> match.item().id());

    private final Map<String, Entry> items = new ConcurrentHashMap<>();
    private final int capacity;
    private volatile long leftOut;

    /** An item, and its id and title as they are searched. */
    private record Entry(Item item, String id, String title) {
        static Entry of(Item item) {
            return new Entry(
                    item, item.id().toLowerCase(Locale.ROOT), item.title().toLowerCase(Locale.ROOT));
        }
    }

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
        items.put(item.id(), Entry.of(item));
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
     * with it, then those with a word that does, then the others; each by title. Looks at every item once.
     *
     * @param query what to look for; everything matches the empty one
     * @param limit how many at most, at least 1
     */
    public List<Item> search(String query, int limit) {
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        String inside = " " + wanted;
        // The worst of the best so far on top.
        PriorityQueue<Match> best = new PriorityQueue<>(limit, BEST_FIRST.reversed());
        for (Entry entry : items.values()) {
            int grade = grade(entry, wanted, inside);
            if (grade < 0) {
                continue;
            }
            Match match = new Match(grade, entry.item());
            if (best.size() < limit) {
                best.add(match);
            } else if (BEST_FIRST.compare(match, best.element()) < 0) {
                best.remove();
                best.add(match);
            }
        }
        return best.stream().sorted(BEST_FIRST).map(Match::item).toList();
    }

    private static int grade(Entry entry, String wanted, String inside) {
        if (entry.id().equals(wanted)) {
            return 0;
        }
        int at = entry.title().indexOf(wanted);
        if (at <= 0) {
            return at;
        }
        return entry.title().contains(inside) ? 1 : 2;
    }
}
