package org.eridanus.serde;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.UserContext;
import org.eridanus.trainer.SequenceChunk;

/** The values whose bytes are kept under {@code wire}; those files never change, and so neither may these. */
final class WireFixtures {
    private static final Attributes PROFILE_ATTRIBUTES =
            new Attributes(Map.of("age", List.of("49"), "gender", List.of("M")));

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
            List.of("recent·item", "history·item"),
            "0123456789abcdef",
            PROFILE_ATTRIBUTES);

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
            List.of(),
            "",
            Attributes.NONE);

    static final Item ITEM = new Item(
            "i-242",
            "Kolya (1996)",
            new Attributes(Map.of("genres", List.of("Drama", "Comedy"), "year", List.of("1996"))));

    static final CatalogueItem CATALOGUE_ITEM =
            new CatalogueItem(ITEM, Map.of("item", List.of("i-242"), "genre", List.of("Comedy", "Drama")));

    static final UserProfile PROFILE = new UserProfile("u-196", PROFILE_ATTRIBUTES);

    static final UserHistory HISTORY = UserHistory.EMPTY
            .after("i-7", Feedback.POSITIVE)
            .after("i-9", Feedback.NEGATIVE)
            .after("i-242", Feedback.POSITIVE);

    static final UserContext CONTEXT = new UserContext(
            HISTORY, List.of(1_767_225_600_123L, 1_767_225_540_000L), PROFILE_ATTRIBUTES, FULL.interaction());

    static final TrainingRecord EVENT = new TrainingRecord.Event(FULL, 1_767_225_600_456L);
    static final TrainingRecord ANNOUNCED =
            new TrainingRecord.ItemAnnounced(CATALOGUE_ITEM.item(), CATALOGUE_ITEM.categories());

    /** An item's row as the topic holds it, and as the trainer's store does. */
    static final ModelRow ITEM_ROW = new ModelRow.Embedding(
            "item",
            "i-242",
            17,
            true,
            300,
            -2.5,
            Double.NEGATIVE_INFINITY,
            new float[] {.5f, -1.25f, 3e-30f, 0, .125f},
            new float[0]);

    static final ModelRow ITEM_ROW_WITH_STATE = new ModelRow.Embedding(
            "item", "映画 🎬", 70_000, false, 0, 0, Double.NEGATIVE_INFINITY, new float[] {-.5f, 1e30f}, new float[] {
                .1f, .1f
            });

    /** An item that users start with. */
    static final ModelRow STARTED_ROW = new ModelRow.Embedding(
            "item", "i-242", 17, true, 300, -2.5, 1.75, new float[] {.5f, -1.25f, 3e-30f}, new float[] {.1f});

    static final ModelRow PAIRS_ROW = new ModelRow.Pairs(
            "i-242", 17, 300, 1_234_567_890_123L, new int[] {0, 1, 200, 70_000}, new int[] {5_040, 2_520, 1, 1 << 30});

    static final ModelRow DENSE_ROW = new ModelRow.Dense(
            new float[] {1.5f, .25f},
            new float[] {.1f, .2f},
            new float[] {1, 2, 3},
            new float[] {4, 5, 6},
            new float[] {7, 8, 9},
            123_456);

    static final ModelRow MARKER = new ModelRow.Marker(
            41,
            100_000,
            98_765,
            1_000,
            98_000,
            0,
            6_125,
            new TreeMap<>(Map.of(0, 123_456_789_012L, 3, 0L, 7, 55L)),
            1_767_225_600_123L,
            900,
            77,
            true,
            "online",
            "0123456789abcdef",
            "blas-1f00ab42");

    static final ModelRow STARTED_MARKER = new ModelRow.Marker(
            41,
            100_000,
            98_765,
            1_000,
            98_000,
            943,
            6_125,
            new TreeMap<>(Map.of(0, 123_456_789_012L)),
            1_767_225_600_123L,
            900,
            77,
            false,
            "online",
            "0123456789abcdef",
            "java");

    static final ModelRow ACCURACY = new ModelRow.Accuracy(700, 81, new int[] {90, 0, 1_000});

    static final ModelRow SEEN = new ModelRow.Seen("i-242", 17, 123_456_789_012L);

    static final SequenceChunk CHUNK = SequenceChunk.plain(
            "u-196",
            3,
            200,
            new int[] {5, 70_000, 5, 0},
            new long[] {1_000, 1_001, 9_999, 123_456_789_012L},
            new long[] {1_767_225_600_000L, 1_767_225_600_000L, 1_767_225_599_000L, 1_767_229_200_123L});

    static final SequenceChunk CHUNK_WITH_VALUES = new SequenceChunk(
            "u-196",
            0,
            0,
            new int[] {5, 70_000, 6},
            new long[] {1, 1_000, 1_001},
            new long[] {0, 1_767_225_600_000L, 1_767_225_600_001L},
            new int[][][] {{{3}, {}, {1, 70_000}}, {{3}, {}, {1, 70_000}}, {{4}, {0}, {}}},
            new float[] {1f, .5f, 2f});

    static final ModelRow DESCRIPTION = new ModelRow.Description("i-242", 17, new int[][] {{0, 70_000, 3}, {}, {5}});

    private WireFixtures() {}
}
