package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.junit.jupiter.api.Test;

class InteractionLogTest {
    private static Interaction event(String user, String item, long time) {
        return new Interaction(user, item, "view", null, time);
    }

    private static Dataset dataset(List<String> items, Interaction... events) {
        return new Dataset(
                "small",
                List.of(),
                items.stream().map(id -> new Item(id, id, Attributes.NONE)).toList(),
                List.of(events));
    }

    @Test
    void shouldSkipAndCountRepeats() {
        InteractionLog log = new InteractionLog(
                dataset(
                        List.of("x", "y"),
                        event("u", "y", 1),
                        event("u", "y", 2),
                        event("v", "y", 3),
                        event("u", "x", 4)),
                10);

        assertThat(log.size()).isEqualTo(3);
        assertThat(log.repeats()).isEqualTo(1);
        assertThat(Arrays.deepToString(log.sequences())).isEqualTo("[[1, 0], [1]]");
    }

    @Test
    void shouldNumberListedItemsFirst() {
        InteractionLog log = new InteractionLog(dataset(List.of("x", "y"), event("u", "z", 1), event("u", "y", 2)), 10);

        assertThat(log.items()).isEqualTo(3);
        assertThat(log.itemId(1)).isEqualTo("y");
        assertThat(log.itemId(2)).isEqualTo("z");
        assertThat(log.isListed(1)).isTrue();
        assertThat(log.isListed(2)).isFalse();
        assertThat(log.catalogue()).isEqualTo(InteractionLog.Catalogue.LISTED);
    }

    @Test
    void shouldTakeTheFirstEventsAlone() {
        InteractionLog log =
                new InteractionLog(dataset(List.of(), event("u", "z", 2), event("u", "y", 1), event("v", "z", 3)), 2);

        assertThat(log.size()).isEqualTo(2);
        assertThat(log.users()).isEqualTo(1);
        assertThat(log.itemId(0)).isEqualTo("y");
        assertThat(log.catalogue()).isEqualTo(InteractionLog.Catalogue.SEEN_SO_FAR);
    }
}
