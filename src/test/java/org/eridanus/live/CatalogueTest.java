package org.eridanus.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.junit.jupiter.api.Test;

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
