package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    @Test
    void shouldWriteInteractionsThatAreReadAsTheyWere() {
        for (Interaction interaction : List.of(
                new Interaction("ü\"1", "i\\2", "rating", 4.5, 881_250_949_000L),
                new Interaction("u", "i", "view", null, 0))) {
            byte[] json = EventJson.interaction(interaction);

            assertThat(EventReader.interaction(interaction.user().getBytes(UTF_8), json, 1_000_000_000_000L))
                    .isEqualTo(new Validated.Valid<>(interaction));
        }
    }

    @Test
    void shouldWriteProfilesThatAreReadAsTheyWere() {
        UserProfile profile = new UserProfile(
                "u-1", new Attributes(Map.of("age", List.of("49"), "languages", List.of("Elfdalian", "Ladin"))));

        assertThat(EventReader.userProfile("u-1".getBytes(UTF_8), EventJson.userProfile(profile)))
                .isEqualTo(new Validated.Valid<>(profile));
    }

    @Test
    void shouldWriteItemsThatAreReadAsTheyWere() {
        Item item = new Item(
                "i-242",
                "Amélie (2001)",
                new Attributes(Map.of("genres", List.of("Comedy", "Romance"), "year", List.of("2001"))));

        assertThat(EventReader.item("i-242".getBytes(UTF_8), EventJson.item(item)))
                .isEqualTo(new Validated.Valid<>(item));
    }
}
