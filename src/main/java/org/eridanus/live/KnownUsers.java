package org.eridanus.live;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eridanus.event.Attributes;

/**
 * Users that can be picked: those with a profile, the first {@value #CAPACITY} of them, and the {@value #RECENT} that were
 * active last. How many more profiles there were is counted.
 *
 * <p>What a user did before being forgotten is told of after that where the trainer is behind, or where reading begins
 * anew: it does not bring the user back. Of the {@value #FORGOTTEN} forgotten last it is known when that was; anybody's
 * activity before all of those is passed over.
 *
 * <p>Threading: safe for use by all threads; a search holds up nobody.
 */
public final class KnownUsers {
    /** Most profiles that are kept. */
    public static final int CAPACITY = 100_000;
    /** Users that were active last. */
    public static final int RECENT = 200;
    /** Users that were forgotten last. */
    public static final int FORGOTTEN = 10_000;

    private final ConcurrentSkipListMap<String, Profile> profiles = new ConcurrentSkipListMap<>();
    private final LinkedHashMap<String, Long> recent = new LinkedHashMap<>(16, .75f, true);
    private final LinkedHashMap<String, Long> forgotten = new LinkedHashMap<>();
    private final int capacity;
    private final int forgottenCapacity;
    /** Counted, because the map would count its entries each time. */
    private volatile int size;

    private volatile long leftOut;
    /** When the last user was forgotten of whom that is no longer known. */
    private long forgottenBefore = Long.MIN_VALUE;

    /** A user's attributes, and the id as it is searched. */
    private record Profile(Attributes attributes, String id) {}

    /** Nobody. */
    public KnownUsers() {
        this(CAPACITY, FORGOTTEN);
    }

    /** Nobody, with room for so many profiles, and so many who were forgotten. */
    KnownUsers(int capacity, int forgottenCapacity) {
        this.capacity = capacity;
        this.forgottenCapacity = forgottenCapacity;
    }

    /** Takes a profile that was announced or has changed. */
    public synchronized void put(String user, Attributes attributes) {
        if (size >= capacity && !profiles.containsKey(user)) {
            leftOut++;
            return;
        }
        if (profiles.put(user, new Profile(attributes, lower(user))) == null) {
            size++;
        }
    }

    /**
     * Forgets a user.
     *
     * @param time when the user was forgotten, ms since the epoch
     */
    public synchronized void remove(String user, long time) {
        if (profiles.remove(user) != null) {
            size--;
        }
        if (recent.getOrDefault(user, Long.MAX_VALUE) <= time) {
            recent.remove(user);
        }
        forgotten.merge(user, time, Math::max);
        if (forgotten.size() > forgottenCapacity) {
            Iterator<Long> oldest = forgotten.values().iterator();
            forgottenBefore = Math.max(forgottenBefore, oldest.next());
            oldest.remove();
        }
    }

    /**
     * A user has done something.
     *
     * @param time when, ms since the epoch
     */
    public synchronized void active(String user, long time) {
        if (time <= forgottenBefore || time <= forgotten.getOrDefault(user, Long.MIN_VALUE)) {
            return;
        }
        recent.put(user, time);
        if (recent.size() > RECENT) {
            Iterator<String> oldest = recent.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** How many profiles are kept. */
    public int size() {
        return size;
    }

    /** How many profiles found no room. */
    public long leftOut() {
        return leftOut;
    }

    /** A user's profile, empty where there is none. */
    public Optional<Attributes> profile(String user) {
        return Optional.ofNullable(profiles.get(user)).map(Profile::attributes);
    }

    /**
     * Users whose id contains the query, whatever the case, the one that is it first; then those active last, then the
     * others by id. Looks at each user once at most.
     *
     * @param query what to look for; everybody matches the empty one
     * @param limit how many at most
     */
    public List<String> search(String query, int limit) {
        String wanted = lower(query.strip());
        List<String> found = new ArrayList<>(limit);
        if (profiles.containsKey(query.strip())) {
            found.add(query.strip());
        }
        for (String user : newestFirst()) {
            take(user, lower(user), wanted, limit, found);
        }
        for (Map.Entry<String, Profile> user : profiles.entrySet()) {
            if (found.size() >= limit) {
                break;
            }
            take(user.getKey(), user.getValue().id(), wanted, limit, found);
        }
        return found;
    }

    private synchronized List<String> newestFirst() {
        List<String> users = new ArrayList<>(recent.keySet());
        Collections.reverse(users);
        return users;
    }

    private static void take(String user, String id, String wanted, int limit, List<String> found) {
        if (found.size() < limit && id.contains(wanted) && !found.contains(user)) {
            found.add(user);
        }
    }

    private static String lower(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
