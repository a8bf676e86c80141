package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TitlesTest {
    @Test
    void shouldEndInTheGenreAndNeverRepeat() {
        Titles titles = new Titles();
        SplitMix64 random = SplitMix64.of(1, 1);
        Set<String> given = new HashSet<>();

        for (int i = 0; i < 5_000; i++) {
            int genre = i % Titles.GENRES.size();
            String title = titles.next(genre, random);

            assertThat(title).endsWith(" (" + Titles.GENRES.get(genre) + ")");
            assertThat(given.add(title)).as(title).isTrue();
        }
        assertThat(given).anyMatch(title -> title.contains(" II ("));
    }

    @Test
    void shouldCountSequelsInRomanNumerals() {
        assertThat(Titles.roman(1)).isEqualTo("I");
        assertThat(Titles.roman(4)).isEqualTo("IV");
        assertThat(Titles.roman(19)).isEqualTo("XIX");
        assertThat(Titles.roman(49)).isEqualTo("XLIX");
        assertThat(Titles.roman(90)).isEqualTo("XC");
        assertThat(Titles.roman(203)).isEqualTo("CCIII");
    }
}
