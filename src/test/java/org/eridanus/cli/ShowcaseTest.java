package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.junit.jupiter.api.Test;

class ShowcaseTest {
    private static final List<Item> ITEMS = List.of(
            new Item("1", "The Unfinished Harbour (Drama)", Attributes.NONE),
            new Item("2", "The Overdue Landlord and the Very Long Title of It (Comedy)", Attributes.NONE),
            new Item("3", "Kolya (1996)", Attributes.NONE));

    @Test
    void shouldChooseTheBusiestAMiddleAndTheShortestHistory() {
        List<Interaction> interactions = new ArrayList<>();
        int[] events = {4, 5, 9, 30, 7, 6};
        for (int user = 0; user < events.length; user++) {
            for (int i = 0; i < events[user]; i++) {
                interactions.add(new Interaction("u" + user, "1", "rating", null, i));
            }
        }

        assertThat(new Showcase(ITEMS, interactions).users()).containsExactly("u3", "u4", "u1");
    }

    @Test
    void shouldChooseNobodyWhereNobodyHasAHistory() {
        Showcase showcase = new Showcase(ITEMS, List.of(new Interaction("u", "1", "rating", null, 0)));

        assertThat(showcase.users()).isEmpty();
        assertThat(showcase.lines(user -> Optional.empty(), 80)).isEmpty();
    }

    @Test
    void shouldTellTitlesAndStrongestReasonsWithinTheWidth() {
        List<Interaction> interactions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            interactions.add(new Interaction("u", i == 5 ? "3" : "1", "rating", null, i));
        }
        byte[] list = """
                {"user":"u","items":[
                 {"item":"2","score":3,"why":[{"combination":"history·item","contribution":0.81},
                   {"combination":"tower","contribution":-4.0},{"combination":"recent·item","contribution":2.14},
                   {"combination":"bias","contribution":0.1}]},
                 {"item":"unknown","score":1,"why":[]},
                 {"item":"1","score":-1,"why":[{"combination":"tower","contribution":-1},
                   {"combination":"item","contribution":-2}]}]}
                """.getBytes(UTF_8);

        List<String> lines = new Showcase(ITEMS, interactions).lines(user -> Optional.of(list), 80);

        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "User u, 6 events; the last ones, newest first",
                        "    Kolya (1996)",
                        "    The Unfinished Harbour (Drama)");
        assertThat(lines.subList(6, 10))
                .containsExactly(
                        "  recommended now",
                        "    The Overdue Landlord and th...  recent·item +2.1, history·item +0.8",
                        "    unknown",
                        "    The Unfinished Harbour (Drama)  tower -1.0");
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }
}
