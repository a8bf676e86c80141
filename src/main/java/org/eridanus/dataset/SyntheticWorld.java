package org.eridanus.dataset;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.eridanus.event.Interaction;
import org.eridanus.event.UserProfile;

/**
 * A world of users and items that needs no download: seeded, the same on every JDK, and made so that there is
 * something to discover in it. A recommender that knows what is popular gets some way, one that knows a user's
 * taste gets further, and one that watches what a user did last gets furthest.
 *
 * <p>With C clusters, and time t in [0, 1) over the span from {@code from} to {@code to}:
 *
 * <h2>Items</h2>
 * Every item j belongs to one of C interest clusters of equal size, and has
 *
 * <ul>
 *   <li>a popularity b(j) = (r(j) + 4)^-skew, r a random order of all items from 0;
 *   <li>a place on its cluster's ring, at random. Its successors are the next 20 on the ring, m = 0 … 19, each
 *       replaced with probability .1 by any item (a bridge to another interest); a successor s is chosen with a
 *       weight of .82^m · √b(s);
 *   <li>genres, of 12: its cluster's first (.9; else any), its cluster's second (.3), a stray one (.1); and a title
 *       invented from the words of the first;
 *   <li>a release ρ(j). A share of .7 · drift of the items comes out during the span, uniformly in [0, .95), the
 *       others in the forty years before. No item is consumed before its release.
 * </ul>
 *
 * <h2>Popularity over time</h2>
 * In each of 60 epochs, t being the epoch's start, item j of cluster c weighs
 *
 * <pre>
 * w(j, t) = b(j) · (1 + 5 · drift · exp(-(t - ρ(j)) / .05)) · exp(1.5 · drift · sin(2π(f(c) · t + φ(c))))
 * </pre>
 *
 * once it is released, and 0 before. The middle factor is the novelty of items released during the span; the last
 * is the fashion of the cluster, with f uniform in [.5, 2) cycles and φ uniform in [0, 1).
 *
 * <h2>Users</h2>
 * A user has an age (normal, 34 ± 13, within 14 to 79), a gender and an occupation. The taste for cluster c is
 *
 * <pre>
 * θ(c) ∝ exp(1.8 · z(first genre of c) + 1.2 · z(c) + .8 · (z_gender(c) + z_age band(c) + z_occupation(c)))
 * </pre>
 *
 * with all z standard normal, the first two the user's own, the others shared by all of one gender, age band or
 * occupation: attributes tell a little of the taste. A second taste θ' is drawn in the same way; in session k of n,
 * from 0, the taste is (1 - drift · k/n) · θ + drift · k/n · θ'.
 *
 * <h2>Time</h2>
 * A user's share of the events is log-normal (σ = .9), with at least 5 where there are enough, and at most half the
 * items that are there from the beginning. Users arrive uniformly in [0, .92). Their events come in sessions of 1 to
 * 24 events (uniform), minutes to hours apart (exponential, mean 40 minutes), with about a month between sessions (8
 * hours and an exponential of mean 30 days); a life that would outlast the span is compressed to fit. Times are
 * whole seconds.
 *
 * <h2>Choices</h2>
 * A session has a topic, a cluster drawn from the user's taste. Each event chooses an item
 *
 * <ol>
 *   <li>with probability {@code repeatShare}, from all that the user consumed before, uniformly over those events;
 *   <li>else with probability {@code follow}, among the successors of one of the user's last 5 items, the p-th newest
 *       (p = 0 … 4) with a weight of .6^p; a user's first event, which follows nothing, goes on as in 3;
 *   <li>else with probability {@code taste} / (1 - {@code follow}), from a cluster by w(j, t): the session's topic
 *       (.9), or one drawn from the taste;
 *   <li>else from all items by w(j, t).
 * </ol>
 *
 * An item that is not released, or that the user has consumed, is drawn again: three times in all in 2, then as in
 * 3; four times in 3, then as in 4; 64 times in 4, then the next free item. Without {@code repeatShare} no user
 * therefore consumes an item twice.
 *
 * <p>The interaction is a {@code rating}: 3.5 + bias of the user (± .4) + quality of the item (± .5) +
 * .4 · ln(C · θ(c)) clipped to [-.8, .8] + noise (± .6), rounded to 1 … 5; ± gives a standard deviation.
 */
public final class SyntheticWorld {
    /** The name of every data set that is made here. */
    public static final String NAME = "synthetic";

    private static final int LAST_ITEMS = 5;
    private static final double[] LAST_ITEM_WEIGHTS = {1.0, 0.6, 0.36, 0.216, 0.1296};
    private static final int FOLLOW_TRIES = 3;
    private static final int TASTE_TRIES = 4;
    private static final int POPULAR_TRIES = 64;
    private static final double TOPIC_CHANCE = 0.9;
    private static final double LAST_ARRIVAL = 0.92;
    private static final double ACTIVITY_SPREAD = 0.9;
    private static final int LEAST_EVENTS = 5;
    private static final int LONGEST_SESSION = 24;
    private static final double EVENT_GAP_SECONDS = 40.0 * 60.0;
    private static final double SHORTEST_BREAK_SECONDS = 8.0 * 3_600.0;
    private static final double BREAK_SECONDS = 30.0 * 86_400.0;
    private static final long SECONDS_PER_DAY = 86_400L;

    /** Streams of the seed; the users' own begin at {@link #USER_STREAM}. */
    private static final int CATALOGUE_STREAM = 0;

    private static final int TITLE_STREAM = 1;
    private static final int PEOPLE_STREAM = 2;
    private static final int ACTIVITY_STREAM = 3;
    private static final int QUALITY_STREAM = 4;
    private static final int USER_STREAM = 16;

    private final Settings settings;
    private final SyntheticCatalogue catalogue;
    private final double[] quality;
    private final List<Interaction> interactions;

    private SyntheticWorld(Settings settings) {
        this.settings = settings;
        catalogue = new SyntheticCatalogue(settings, SplitMix64.of(settings.seed, CATALOGUE_STREAM));
        quality = new double[settings.items];
        SplitMix64 random = SplitMix64.of(settings.seed, QUALITY_STREAM);
        for (int item = 0; item < quality.length; item++) {
            quality[item] = 0.5 * random.nextGaussian();
        }
        interactions = new ArrayList<>(settings.events);
    }

    /** The world of these settings; equal settings give equal worlds. */
    public static Dataset generate(Settings settings) {
        return new SyntheticWorld(settings).generate();
    }

    static String userId(int user) {
        return "u" + (user + 1);
    }

    static String itemId(int item) {
        return "i" + (item + 1);
    }

    private Dataset generate() {
        SyntheticPeople people =
                new SyntheticPeople(settings.clusters, catalogue::genre, SplitMix64.of(settings.seed, PEOPLE_STREAM));
        int[] activity = activity(SplitMix64.of(settings.seed, ACTIVITY_STREAM));
        List<UserProfile> users = new ArrayList<>(settings.users);
        for (int user = 0; user < settings.users; user++) {
            SplitMix64 random = SplitMix64.of(settings.seed, USER_STREAM + user);
            SyntheticPeople.Person person = people.draw(random);
            users.add(person.profile(userId(user)));
            if (activity[user] > 0) {
                new Life(userId(user), person, activity[user], random).live();
            }
        }
        return new Dataset(NAME, users, catalogue.items(SplitMix64.of(settings.seed, TITLE_STREAM)), interactions);
    }

    /** How many events each user has; the sum is what the settings ask for. */
    private int[] activity(SplitMix64 random) {
        int users = settings.users;
        int least = Math.min(LEAST_EVENTS, settings.events / users);
        int most = settings.mostEventsOfOneUser();
        double[] weights = new double[users];
        double sum = 0.0;
        for (int user = 0; user < users; user++) {
            weights[user] = StrictMath.exp(ACTIVITY_SPREAD * random.nextGaussian());
            sum += weights[user];
        }
        int left = settings.events;
        int[] activity = new int[users];
        for (int user = 0; user < users; user++) {
            int share = (int) ((settings.events - (double) least * users) * weights[user] / sum);
            activity[user] = Math.min(most, least + share);
            left -= activity[user];
        }
        // what rounding and the bound left over goes round, one event each
        for (int user = 0; left > 0; user = (user + 1) % users) {
            if (activity[user] < most) {
                activity[user]++;
                left--;
            }
        }
        return activity;
    }

    /** One user's events, from arrival to the last. */
    private final class Life {
        private final String id;
        private final SyntheticPeople.Person person;
        private final SplitMix64 random;
        private final double bias;
        private final int[] history;
        private final BitSet consumed = new BitSet();
        private int length;

        Life(String id, SyntheticPeople.Person person, int events, SplitMix64 random) {
            this.id = id;
            this.person = person;
            this.random = random;
            history = new int[events];
            bias = 0.4 * random.nextGaussian();
        }

        void live() {
            int[] sessions = sessions();
            double[] seconds = seconds(sessions);
            long start = settings.from.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
            double span = settings.days() * (double) SECONDS_PER_DAY;
            for (int session = 0; session < sessions.length; session++) {
                double[] taste = person.taste(settings.drift * session / sessions.length);
                WeightedChoice clusters = new WeightedChoice(taste);
                int topic = clusters.draw(random);
                for (int event = 0; event < sessions[session]; event++) {
                    long second = (long) seconds[length];
                    int item = choose(SyntheticCatalogue.epoch(second / span), topic, clusters);
                    history[length++] = item;
                    consumed.set(item);
                    interactions.add(new Interaction(
                            id,
                            itemId(item),
                            "rating",
                            rating(item, taste[catalogue.cluster(item)]),
                            1_000L * (start + second)));
                }
            }
        }

        /** The number of events in each session. */
        private int[] sessions() {
            int[] sessions = new int[history.length];
            int count = 0;
            for (int left = history.length; left > 0; left -= sessions[count++]) {
                sessions[count] = Math.min(left, 1 + random.nextInt(LONGEST_SESSION));
            }
            return Arrays.copyOf(sessions, count);
        }

        /** The time of each event, ascending, in seconds since the beginning of the span. */
        private double[] seconds(int[] sessions) {
            double span = settings.days() * (double) SECONDS_PER_DAY;
            double arrival = LAST_ARRIVAL * span * random.nextDouble();
            double[] seconds = new double[history.length];
            double time = 0.0;
            int event = 0;
            for (int count : sessions) {
                for (int i = 0; i < count; i++) {
                    seconds[event++] = time;
                    time += EVENT_GAP_SECONDS * random.nextExponential();
                }
                time += SHORTEST_BREAK_SECONDS + BREAK_SECONDS * random.nextExponential();
            }
            double pace = Math.min(1.0, (span - 1.0 - arrival) / Math.max(1.0, seconds[event - 1]));
            for (int i = 0; i < event; i++) {
                seconds[i] = arrival + pace * seconds[i];
            }
            return seconds;
        }

        private int choose(int epoch, int topic, WeightedChoice clusters) {
            if (length > 0 && random.chance(settings.repeatShare)) {
                return history[random.nextInt(length)];
            }
            double kind = random.nextDouble();
            if (kind < settings.follow && length > 0) {
                for (int i = 0; i < FOLLOW_TRIES; i++) {
                    int item = catalogue.drawSuccessor(history[length - 1 - lastItem()], random);
                    if (isFree(item, epoch)) {
                        return item;
                    }
                }
            }
            if (kind < settings.follow + settings.taste) {
                for (int i = 0; i < TASTE_TRIES; i++) {
                    int cluster = random.chance(TOPIC_CHANCE) ? topic : clusters.draw(random);
                    int item = catalogue.drawFromCluster(cluster, epoch, random);
                    if (isFree(item, epoch)) {
                        return item;
                    }
                }
            }
            for (int i = 0; i < POPULAR_TRIES; i++) {
                int item = catalogue.drawPopular(epoch, random);
                if (isFree(item, epoch)) {
                    return item;
                }
            }
            return anyFree(epoch);
        }

        /** How far back the item lies that this event follows, 0 for the newest. */
        private int lastItem() {
            double[] weights = Arrays.copyOf(LAST_ITEM_WEIGHTS, Math.min(length, LAST_ITEMS));
            return new WeightedChoice(weights).draw(random);
        }

        private boolean isFree(int item, int epoch) {
            return item >= 0 && catalogue.isAvailable(item, epoch) && !consumed.get(item);
        }

        /** A free item; there always is one, since nobody consumes more than half of what is there at first. */
        private int anyFree(int epoch) {
            int item = random.nextInt(settings.items);
            while (!isFree(item, epoch)) {
                item = (item + 1) % settings.items;
            }
            return item;
        }

        private double rating(int item, double taste) {
            double fit = 0.4 * StrictMath.log(settings.clusters * taste);
            double value =
                    3.5 + bias + quality[item] + Math.max(-0.8, Math.min(0.8, fit)) + 0.6 * random.nextGaussian();
            return Math.max(1.0, Math.min(5.0, Math.rint(value)));
        }
    }

    /**
     * What a world is made of; see {@link SyntheticWorld} for what the numbers do.
     *
     * @param seed of every draw
     * @param users 1 to 1 000 000
     * @param items 2 to 100 000, at least one a cluster
     * @param events 1 to 10 000 000, at most {@code users} times half the items that are there from the beginning
     * @param clusters interest clusters, 1 to 1 000
     * @param skew exponent of the popularity, 0 (all alike) to 3
     * @param follow share of events that follow from the user's last items, in [0, 1]: what recency-aware
     *     recommenders can find
     * @param taste share of events drawn from the user's taste, in [0, 1]; with {@code follow} at most 1
     * @param drift how much the world changes, in [0, 1]: new items, fashions, and users' tastes; 0 for none
     * @param repeatShare share of events in which a user comes back to an item, in [0, 1)
     * @param from first day, UTC
     * @param to first day after the last, after {@code from}, at most 9999-12-31
     */
    public record Settings(
            long seed,
            int users,
            int items,
            int events,
            int clusters,
            double skew,
            double follow,
            double taste,
            double drift,
            double repeatShare,
            LocalDate from,
            LocalDate to) {
        private static final LocalDate EPOCH = LocalDate.EPOCH;
        private static final LocalDate DOOMSDAY = LocalDate.of(9999, 12, 31);

        public Settings {
            requireWithin("users", users, 1, 1_000_000);
            requireWithin("items", items, 2, 100_000);
            requireWithin("events", events, 1, 10_000_000);
            requireWithin("clusters", clusters, 1, Math.min(1_000, items));
            requireWithin("skew", skew, 0.0, 3.0);
            requireWithin("follow", follow, 0.0, 1.0);
            requireWithin("taste", taste, 0.0, 1.0);
            requireWithin("drift", drift, 0.0, 1.0);
            if (follow + taste > 1.0) {
                throw new IllegalArgumentException(
                        "synthetic.follow and synthetic.taste must be at most 1 together, got " + follow + " and "
                                + taste + ": lower one of them");
            }
            if (!(repeatShare >= 0.0 && repeatShare < 1.0)) {
                throw new IllegalArgumentException(
                        "synthetic.repeatShare must be at least 0 and below 1, got " + repeatShare);
            }
            if (from.isBefore(EPOCH) || to.isAfter(DOOMSDAY) || !from.isBefore(to)) {
                throw new IllegalArgumentException("synthetic.from must be before synthetic.to, between " + EPOCH
                        + " and " + DOOMSDAY + ", got " + from + " and " + to);
            }
            long room = (long) users * mostEventsOfOneUser(items, drift);
            if (events > room) {
                throw new IllegalArgumentException("synthetic.events must be at most " + room + " with " + users
                        + " users and " + items + " items, since a user consumes at most half the items that are"
                        + " there from the beginning, got " + events + ": ask for fewer events, or for more users"
                        + " or items");
            }
        }

        /** The world of the demo: 800 users, 1 200 items, 50 000 events, 1998 to 2002. */
        public static Settings defaults() {
            return new Settings(
                    42L,
                    800,
                    1_200,
                    50_000,
                    24,
                    1.2,
                    0.4,
                    0.52,
                    0.3,
                    0.0,
                    LocalDate.of(1998, 1, 1),
                    LocalDate.of(2003, 1, 1));
        }

        /** A sparse one: 10 000 items and 2 000 users for 100 000 events, ten an item. */
        public static Settings sparse() {
            return defaults().withSize(2_000, 10_000, 100_000);
        }

        private static void requireWithin(String name, double value, double lowest, double highest) {
            if (!(value >= lowest && value <= highest)) {
                throw new IllegalArgumentException(
                        "synthetic." + name + " must be from " + lowest + " to " + highest + ", got " + value);
            }
        }

        private static void requireWithin(String name, int value, int lowest, int highest) {
            if (value < lowest || value > highest) {
                throw new IllegalArgumentException(
                        "synthetic." + name + " must be from " + lowest + " to " + highest + ", got " + value);
            }
        }

        private static int mostEventsOfOneUser(int items, double drift) {
            return Math.max(1, SyntheticCatalogue.initialItems(items, drift) / 2);
        }

        int mostEventsOfOneUser() {
            return mostEventsOfOneUser(items, drift);
        }

        long days() {
            return ChronoUnit.DAYS.between(from, to);
        }

        /** These settings with another {@code seed}. */
        public Settings withSeed(long value) {
            return new Settings(
                    value, users, items, events, clusters, skew, follow, taste, drift, repeatShare, from, to);
        }

        /** These settings for another number of users, items and events: the three bound each other. */
        public Settings withSize(int newUsers, int newItems, int newEvents) {
            return new Settings(
                    seed, newUsers, newItems, newEvents, clusters, skew, follow, taste, drift, repeatShare, from, to);
        }

        /** These settings with another number of {@code clusters}. */
        public Settings withClusters(int value) {
            return new Settings(seed, users, items, events, value, skew, follow, taste, drift, repeatShare, from, to);
        }

        /** These settings with another {@code skew}. */
        public Settings withSkew(double value) {
            return new Settings(
                    seed, users, items, events, clusters, value, follow, taste, drift, repeatShare, from, to);
        }

        /** These settings with other shares of events that {@code follow}, and that come from {@code taste}. */
        public Settings withBehaviour(double newFollow, double newTaste) {
            return new Settings(
                    seed, users, items, events, clusters, skew, newFollow, newTaste, drift, repeatShare, from, to);
        }

        /** These settings with another {@code drift}. */
        public Settings withDrift(double value) {
            return new Settings(
                    seed, users, items, events, clusters, skew, follow, taste, value, repeatShare, from, to);
        }

        /** These settings with another {@code repeatShare}. */
        public Settings withRepeatShare(double value) {
            return new Settings(seed, users, items, events, clusters, skew, follow, taste, drift, value, from, to);
        }

        /** These settings over other days. */
        public Settings withDays(LocalDate newFrom, LocalDate newTo) {
            return new Settings(
                    seed, users, items, events, clusters, skew, follow, taste, drift, repeatShare, newFrom, newTo);
        }
    }
}
