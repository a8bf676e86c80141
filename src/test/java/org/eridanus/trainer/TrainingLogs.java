package org.eridanus.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;

/** Training logs for tests: users who walk through rings of items, so that the newest item tells the next one. */
public final class TrainingLogs {
    /** Items in a ring. */
    public static final int RING = 40;

    private TrainingLogs() {}

    /**
     * A log: every item announced with two genres, then events with a tick now and then.
     *
     * @param rings rings of {@value #RING} items; a user stays in one
     * @param users who take turns at random
     * @param events at most what the users can consume without a repeat
     */
    public static List<TrainingRecord> walks(FeatureSchema schema, int rings, int users, int events, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TrainingRecord> log = new ArrayList<>();
        for (int i = 0; i < rings * RING; i++) {
            Attributes attributes = new Attributes(Map.of("genres", List.of("g" + i % 5, "h" + i % 3)));
            Item item = new Item("i" + i, "Item " + i, attributes);
            log.add(new TrainingRecord.ItemAnnounced(item, schema.valuesOfItem(item)));
        }
        int[] steps = new int[users];
        int[] starts = new int[users];
        for (int u = 0; u < users; u++) {
            starts[u] = random.nextInt(RING);
        }
        long time = 1_000_000;
        for (int e = 0; e < events; e++) {
            int u = random.nextInt(users);
            while (steps[u] == RING) {
                u = (u + 1) % users;
            }
            int item = u % rings * RING + (starts[u] + steps[u]++) % RING;
            time += random.nextInt(20);
            log.add(new TrainingRecord.Event(event(schema, "u" + u, "i" + item, e, time), time));
            if (random.nextInt(50) == 0) {
                log.add(new TrainingRecord.Tick(time + 150));
            }
        }
        log.add(new TrainingRecord.Tick(time + 1_000));
        return log;
    }

    /** One positive event of partition 0. */
    public static EnrichedInteraction event(FeatureSchema schema, String user, String item, long offset, long time) {
        Attributes attributes = new Attributes(Map.of(
                "age", List.of(String.valueOf(20 + user.hashCode() % 7 * 5)),
                "gender", List.of(user.hashCode() % 2 == 0 ? "F" : "M"),
                "occupation", List.of("o" + user.hashCode() % 3)));
        return new EnrichedInteraction(
                new Coordinate(0, offset),
                new Interaction(user, item, "view", null, time),
                time,
                EnrichedInteraction.Feedback.POSITIVE,
                1f,
                true,
                false,
                schema.valuesOfUser(user, new UserProfile(user, attributes)),
                List.of(),
                0,
                List.of(),
                schema.hash(),
                attributes);
    }
}
