package org.eridanus.serde;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;

/** The values whose bytes are kept under {@code wire/v1}; those files never change, and so neither may these. */
final class WireFixtures {
    static final EnrichedInteraction FULL = new EnrichedInteraction(
            new Coordinate(3, 123_456_789_012L),
            new Interaction("u-196", "i-242", "rating", 3.5, 881_250_949_000L),
            1_767_225_600_123L,
            Feedback.NEGATIVE,
            .25f,
            true,
            true,
            Map.of(
                    "user", List.of("u-196"),
                    "item", List.of("i-242"),
                    "age", List.of("45-49"),
                    "genre", List.of("Comedy", "Drama", "Ökofilm", "映画", "🎬"),
                    "occupation", List.of("unknown")),
            List.of("i-7", "i-9", "i-7"),
            300,
            List.of("recent·item", "history·item"));

    static final EnrichedInteraction SMALLEST = new EnrichedInteraction(
            new Coordinate(0, 0),
            new Interaction("u", "i", "view", null, 0),
            -1,
            Feedback.POSITIVE,
            1,
            false,
            false,
            Map.of(),
            List.of(),
            0,
            List.of());

    static final Item ITEM = new Item(
            "i-242",
            "Kolya (1996)",
            new Attributes(Map.of("genres", List.of("Drama", "Comedy"), "year", List.of("1996"))));

    static final CatalogueItem CATALOGUE_ITEM =
            new CatalogueItem(ITEM, Map.of("item", List.of("i-242"), "genre", List.of("Comedy", "Drama")));

    static final UserProfile PROFILE =
            new UserProfile("u-196", new Attributes(Map.of("age", List.of("49"), "gender", List.of("M"))));

    static final UserHistory HISTORY = UserHistory.EMPTY
            .after("i-7", Feedback.POSITIVE)
            .after("i-9", Feedback.NEGATIVE)
            .after("i-242", Feedback.POSITIVE);

    static final TrainingRecord EVENT = new TrainingRecord.Event(FULL, 1_767_225_600_456L);
    static final TrainingRecord ANNOUNCED =
            new TrainingRecord.ItemAnnounced(CATALOGUE_ITEM.item(), CATALOGUE_ITEM.categories());

    private WireFixtures() {}
}
