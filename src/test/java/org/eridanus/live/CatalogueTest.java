package org.eridanus.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private final Catalogue catalogue = new Catalogue(4);

    @Test
    void shouldFindTheBestMatchesFirst() {
        put("a", "Submarine");
        put("b", "The Mariner");
        put("c", "Marina");
        put("mar", "Nothing alike");

        assertThat(catalogue.search(" MAR ", 10)).extracting(Item::id).containsExactly("c", "mar", "b", "a");
        assertThat(catalogue.search("mar", 2)).extracting(Item::id).containsExactly("c", "mar");
        assertThat(catalogue.search("", 10)).hasSize(4);
        assertThat(catalogue.search("whale", 10)).isEmpty();
    }

    /** Titles of few letters, so that each grade has more matches than there are places. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 500})
    void shouldKeepTheBestOfManyMatches(int limit) {
        Catalogue large = new Catalogue(500);
        Random random = new Random(7);
        List<Item> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StringBuilder title = new StringBuilder();
            for (int j = 0; j < 6; j++) {
                title.append("ab ".charAt(random.nextInt(3)));
            }
            all.add(new Item("i" + i, title.toString(), Attributes.NONE));
            large.put(all.get(i));
        }

        List<String> expected = all.stream()
                .filter(item -> item.title().contains("ab"))
                .sorted(Comparator.comparing((Item item) -> !item.title().startsWith("ab"))
                        .thenComparing(item ->
                                !item.title().startsWith("ab") && !item.title().contains(" ab"))
                        .thenComparing(Item::title)
                        .thenComparing(Item::id))
                .map(Item::id)
                .limit(limit)
                .toList();

        assertThat(large.search("ab", limit)).extracting(Item::id).isEqualTo(expected);
    }

    @Test
    void shouldCountWhatFindsNoRoom() {
        for (int i = 0; i < 6; i++) {
            put("i" + i, "Title " + i);
        }
        put("i0", "Another title");
        catalogue.remove("i1");
        put("i7", "Title 7");

        assertThat(catalogue.size()).isEqualTo(4);
        assertThat(catalogue.leftOut()).isEqualTo(2);
        assertThat(catalogue.find("i0"))
                .hasValueSatisfying(item -> assertThat(item.title()).isEqualTo("Another title"));
        assertThat(catalogue.find("i1")).isEmpty();
        assertThat(catalogue.find("i7")).isPresent();
    }

    private void put(String id, String title) {
        catalogue.put(new Item(id, title, Attributes.NONE));
    }
}
