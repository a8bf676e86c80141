package org.eridanus.dataset;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;

/**
 * A world without end, for runs of any length in memory that does not grow: users come, stay for a while and go, items
 * come out, sell and are withdrawn, so that ever more ids are met while only so many are there at a time. Seeded, the same
 * on every JDK.
 *
 * <ul>
 *   <li>Items lie on {@value #RINGS} rings, one interest each. The newest {@code items} are on sale; every
 *       {@value #ITEM_EVERY} events one more comes out and the oldest is withdrawn.
 *   <li>{@code users} are there at a time. A fifth are members, of whom one leaves and another comes every
 *       {@value #MEMBER_EVERY} events; the others are visitors, of whom one does every {@value #VISITOR_EVERY} events. A
 *       member has a profile, and so has one visitor in {@value #JOINS}; who has one is forgotten when leaving.
 *   <li>An event is that of any user, every second one of a member. With probability .6 its item is the next on the ring
 *       behind the user's last one, else a newer one is likelier than an older one, on the ring of the user's interest
 *       (.8) or on any.
 *   <li>One event in {@value #STRAY} is of an item that is never announced, and one in {@value #BROKEN} has none.
 * </ul>
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class DriftingWorld {
    private static final int RINGS = 20;
    private static final int ITEM_EVERY = 50;
    private static final int VISITOR_EVERY = 40;
    /** Bounds what a member comes to consume, so that what is kept of members grows no more soon after the start. */
    private static final int MEMBER_EVERY = 1_000;

    private static final int JOINS = 20;
    private static final int STRAY = 200;
    private static final int BROKEN = 500;
    private static final double FOLLOWS = 0.6;
    private static final double OWN_RING = 0.8;
    private static final long START = 1_700_000_000_000L;

    private final int items;
    private final int members;
    private final SplitMix64 random;
    /** Number of the user in each place. */
    private final long[] users;
    /** Number of the item that each had last, −1 before the first. */
    private final long[] last;

    private final boolean[] known;
    private final int[] ring;
    private long nextUser;
    private long nextItem;
    private long events;
    private int nextVisitorToLeave;
    private int nextMemberToLeave;

    /** Who hears of what happens. */
    public interface Listener {
        /** A user has registered. */
        void registered(UserProfile profile);

        /** A user is to be forgotten. */
        void left(String user);

        /** An item came out. */
        void announced(Item item);

        /** An item was withdrawn. */
        void withdrawn(String item);

        /** A user consumed an item. */
        void consumed(Interaction interaction);

        /** An interaction that names no item. */
        void broken(String user);
    }

    /**
     * A world at its beginning.
     *
     * @param seed source of every choice
     * @param users that are there at a time, at least 10
     * @param items that are on sale at a time, at least 100
     */
    public DriftingWorld(long seed, int users, int items) {
        if (users < 10 || items < 100) {
            throw new IllegalArgumentException(
                    "a drifting world needs at least 10 users and 100 items, got " + users + " and " + items);
        }
        this.items = items;
        this.members = users / 5;
        this.random = SplitMix64.of(seed, 0);
        this.users = new long[users];
        this.last = new long[users];
        this.known = new boolean[users];
        this.ring = new int[users];
    }

    /** Tells of the users and items that are there from the beginning. */
    public void begin(Listener listener) {
        for (int i = 0; i < items; i++) {
            announceNext(listener);
        }
        for (int place = 0; place < users.length; place++) {
            arrive(place, listener);
        }
        nextVisitorToLeave = members;
    }

    /** Events so far. */
    public long events() {
        return events;
    }

    /** Users who have been there so far. */
    public long usersEver() {
        return nextUser;
    }

    /** Items that have come out so far. */
    public long itemsEver() {
        return nextItem;
    }

    /** Tells of the next event, and of what comes with it. */
    public void next(Listener listener) {
        events++;
        if (events % ITEM_EVERY == 0) {
            announceNext(listener);
            listener.withdrawn(itemId(nextItem - items - 1));
        }
        if (events % VISITOR_EVERY == 0) {
            replace(nextVisitorToLeave, listener);
            nextVisitorToLeave = nextVisitorToLeave + 1 == users.length ? members : nextVisitorToLeave + 1;
        }
        if (events % MEMBER_EVERY == 0) {
            replace(nextMemberToLeave, listener);
            nextMemberToLeave = (nextMemberToLeave + 1) % members;
        }
        int place = random.chance(0.5) ? random.nextInt(members) : members + random.nextInt(users.length - members);
        String user = userId(place);
        if (events % BROKEN == 0) {
            listener.broken(user);
            return;
        }
        String item = events % STRAY == 0 ? "stray-" + events : itemId(choose(place));
        listener.consumed(new Interaction(user, item, "view", null, START + 1_000 * events));
    }

    private void announceNext(Listener listener) {
        String id = itemId(nextItem);
        listener.announced(new Item(
                id, "Item " + nextItem, new Attributes(Map.of("genres", List.of("genre " + nextItem % RINGS)))));
        nextItem++;
    }

    private void replace(int place, Listener listener) {
        if (known[place]) {
            listener.left(userId(place));
        }
        arrive(place, listener);
    }

    private void arrive(int place, Listener listener) {
        users[place] = nextUser++;
        last[place] = -1;
        ring[place] = random.nextInt(RINGS);
        known[place] = isMember(place) || random.nextInt(JOINS) == 0;
        if (known[place]) {
            listener.registered(new UserProfile(
                    userId(place),
                    new Attributes(Map.of(
                            "age", List.of(Integer.toString(18 + random.nextInt(50))),
                            "occupation", List.of("occupation " + ring[place])))));
        }
    }

    private long choose(int place) {
        long oldest = nextItem - items;
        long next = last[place] + RINGS;
        if (last[place] < 0 || next < oldest || next >= nextItem || !random.chance(FOLLOWS)) {
            double share = random.nextDouble();
            long newest = nextItem - 1 - (long) (share * share * (items - RINGS));
            int on = random.chance(OWN_RING) ? ring[place] : random.nextInt(RINGS);
            // The newest on that ring that is not newer.
            next = newest - Math.floorMod(newest - on, RINGS);
        }
        last[place] = Math.max(oldest, next);
        return last[place];
    }

    private boolean isMember(int place) {
        return place < members;
    }

    private String userId(int place) {
        return (isMember(place) ? "member-" : "visitor-") + users[place];
    }

    private static String itemId(long item) {
        return "item-" + item;
    }
}
