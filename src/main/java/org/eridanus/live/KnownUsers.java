package org.eridanus.live;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eridanus.event.Attributes;

/**
 * Users that can be picked: those with a profile, the first {@value #CAPACITY} of them, and the {@value #RECENT} that were
 * active last. How many more profiles there were is counted.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class KnownUsers {
    /** Most profiles that are kept. */
    public static final int CAPACITY = 100_000;
    /** Users that were active last. */
    public static final int RECENT = 200;

    private final Map<String, Attributes> profiles = new TreeMap<>();
    private final LinkedHashMap<String, Boolean> recent = new LinkedHashMap<>(16, .75f, true);
    private final int capacity;
    private long leftOut;

    /** Nobody. */
    public KnownUsers() {
        this(CAPACITY);
    }

    /** Nobody, with room for so many profiles. */
    KnownUsers(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a profile that was announced or has changed. */
    public synchronized void put(String user, Attributes attributes) {
        if (profiles.size() >= capacity && !profiles.containsKey(user)) {
            leftOut++;
            return;
        }
        profiles.put(user, attributes);
    }

    /** Forgets a user. */
    public synchronized void remove(String user) {
        profiles.remove(user);
        recent.remove(user);
    }

    /** A user has done something. */
    public synchronized void active(String user) {
        recent.put(user, Boolean.TRUE);
        if (recent.size() > RECENT) {
            Iterator<String> oldest = recent.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** How many profiles are kept. */
    public synchronized int size() {
        return profiles.size();
    }

    /** How many profiles found no room. */
    public synchronized long leftOut() {
        return leftOut;
    }

    /** A user's profile, empty where there is none. */
    public synchronized Optional<Attributes> profile(String user) {
        return Optional.ofNullable(profiles.get(user));
    }

    /**
     * Users whose id contains the query, whatever the case, the one that is it first; then those active last, then the
     * others by id.
     *
     * @param query what to look for; everybody matches the empty one
     * @param limit how many at most
     */
    public synchronized List<String> search(String query, int limit) {
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>(limit);
        if (profiles.containsKey(query.strip())) {
            found.add(query.strip());
        }
        List<String> newestFirst = new ArrayList<>(recent.keySet());
        java.util.Collections.reverse(newestFirst);
        take(newestFirst, wanted, limit, found);
        take(profiles.keySet(), wanted, limit, found);
        return found;
    }

    private static void take(Iterable<String> users, String wanted, int limit, List<String> found) {
        for (String user : users) {
            if (found.size() >= limit) {
                return;
            }
            if (user.toLowerCase(Locale.ROOT).contains(wanted) && !found.contains(user)) {
                found.add(user);
            }
        }
    }
}
