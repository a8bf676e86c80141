package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovieLensTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadUsersAsAProducerWouldSendThem() {
        MovieLensFolder.write(folder);

        Dataset dataset = MovieLens.read(folder);

        assertThat(dataset.users())
                .containsExactly(
                        new UserProfile(
                                "1",
                                new Attributes(Map.of(
                                        "age", List.of("24"),
                                        "gender", List.of("M"),
                                        "occupation", List.of("technician")))),
                        new UserProfile(
                                "2",
                                new Attributes(Map.of(
                                        "age", List.of("53"),
                                        "gender", List.of("F"),
                                        "occupation", List.of("baker")))));
    }

    @Test
    void shouldReadItemsWithGenresByNameAndTheDateWhereThereIsOne() {
        MovieLensFolder.write(folder);

        Dataset dataset = MovieLens.read(folder);

        assertThat(dataset.items())
                .containsExactly(
                        new Item(
                                "1",
                                "Caf\u00e9 Encore (1995)",
                                new Attributes(Map.of(
                                        "genres", List.of("Comedy", "Drama"), "released", List.of("1995-01-01")))),
                        new Item(
                                "2",
                                "A Goose Called Pylon",
                                new Attributes(Map.of("genres", List.of("War"), "released", List.of("1971-02-04")))),
                        new Item("3", "unknown", new Attributes(Map.of("genres", List.of("unknown")))));
    }

    @Test
    void shouldReplayRatingsByTimeAndTiesInTheOrderOfTheFile() {
        MovieLensFolder.write(folder);

        Dataset dataset = MovieLens.read(folder);

        assertThat(dataset.interactions())
                .containsExactly(
                        new Interaction("1", "3", "rating", 1.0, 881_250_000_000L),
                        new Interaction("2", "1", "rating", 3.0, 881_250_949_000L),
                        new Interaction("1", "1", "rating", 5.0, 881_250_949_000L),
                        new Interaction("1", "2", "rating", 2.0, 881_250_949_000L),
                        new Interaction("2", "2", "rating", 4.0, 891_717_742_000L));
    }

    @Test
    void shouldTakeTheNameOfTheFolder() {
        Path named = MovieLensFolder.write(folder.resolve("tiny-films"));

        assertThat(MovieLens.read(named).name()).isEqualTo("tiny-films");
        assertThat(MovieLens.read(named.resolve("..").resolve("tiny-films")).name())
                .isEqualTo("tiny-films");
    }

    @Test
    void shouldAcceptWindowsLineEnds() {
        MovieLensFolder.write(folder);
        MovieLensFolder.write(folder, "u.user", MovieLensFolder.USERS.replace("\n", "\r\n"));
        MovieLensFolder.write(folder, "u.data", MovieLensFolder.RATINGS.replace("\n", "\r\n"));

        Dataset dataset = MovieLens.read(folder);

        assertThat(dataset.users()).hasSize(2);
        assertThat(dataset.interactions()).hasSize(5);
    }

    @Test
    void shouldSayWhichFilesAreMissing() throws IOException {
        MovieLensFolder.write(folder);
        Files.delete(folder.resolve("u.item"));
        Files.delete(folder.resolve("u.data"));

        assertThat(MovieLens.missingFiles(folder)).containsExactly("u.item", "u.data");
        assertThatThrownBy(() -> MovieLens.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(folder + " has no u.item, no u.data")
                .hasMessageContaining("name a folder in the layout of ml-100k");
    }

    /** Each case puts {@code row} in place of the second line of {@code file}. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiterString = " => ",
            value = {
                "u.data => 1;1;5 => must have 4 fields => got '3 in: 1 1 5' => none is skipped",
                "u.data => 1 1 5 881250949 => must have 4 fields => got '1 in: 1 1 5 881250949' => parted by tabs",
                "u.data => ;1;5;881250949 => user id must not be empty => got '' => fill it in",
                "u.data => 9;1;5;881250949 => must name a user of u.user => got '9' => add the user",
                "u.data => 1;9;5;881250949 => must name an item of u.item => got '9' => add the item",
                "u.data => 1;1;five;881250949 => a rating must be a number from 1.0 to 5.0 => got 'five' => correct",
                "u.data => 1;1;NaN;881250949 => a rating must be a number from 1.0 to 5.0 => got 'NaN' => correct",
                "u.data => 1;1;6;881250949 => a rating must be a number from 1.0 to 5.0 => got '6' => correct",
                "u.data => 1;1;5;881250949000 => a time must be in whole seconds => got '881250949000' => divide by",
                "u.data => 1;1;5;-1 => a time must be in whole seconds => got '-1' => divide by",
                "u.data => 1;1;5;1e9 => a time must be in whole seconds => got '1e9' => divide by",
                "u.user => 2|53|F|baker => must have 5 fields => got '4 in: 2 53 F baker' => none is skipped",
                "u.user => 2|old|F|baker|1 => age must be a whole number from 0 to 150 => got 'old' => correct",
                "u.user => 2|200|F|baker|1 => age must be a whole number from 0 to 150 => got '200' => correct",
                "u.user => 2|53||baker|1 => gender must not be empty => got '' => fill it in",
                "u.user => 2|53|F| |1 => occupation must not be empty => got ' ' => fill it in",
                "u.user => 1|53|F|baker|1 => each user must be listed once => got '1' => remove one",
                "u.item => 2|Goose|||x|0|0|1 => must have 9 fields => got '8 in: 2 Goose => each of the 4 genres",
                "u.item => 2||||x|0|0|0|1 => title must not be empty => got '' => fill it in",
                "u.item => 2|Goose|||x|0|0|2|1 => flag of genre Drama must be => got '2' => from 0 to 1",
                "u.item => 1|Goose|||x|0|0|0|1 => each item must be listed once => got '1' => remove one",
                "u.genre => Comedy => must have 2 fields => got '1 in: Comedy' => name|index",
                "u.genre => Comedy|first => genre index must be a whole number => got 'first' => correct",
                "u.genre => Comedy|0 => each genre index must occur once => got '0' => number the genres",
            })
    void shouldNameFileLineRuleValueAndRemedyOfABrokenRow(
            String file, String row, String rule, String value, String remedy) throws IOException {
        MovieLensFolder.write(folder);
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1));
        lines.set(1, row.replace(';', '\t'));
        MovieLensFolder.write(folder, file, String.join("\n", lines));

        assertThatThrownBy(() -> MovieLens.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith(folder.resolve(file) + ", line 2: ")
                .hasMessageContaining(rule)
                .hasMessageContaining(value)
                .hasMessageContaining(remedy);
    }

    @Test
    void shouldRefuseAnEmptyLineBetweenRows() {
        MovieLensFolder.write(folder);
        MovieLensFolder.write(folder, "u.data", "1\t1\t5\t881250949\n\n2\t1\t5\t881250949\n");

        assertThatThrownBy(() -> MovieLens.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("u.data, line 2: a row must have 4 fields");
    }

    @Test
    void shouldRefuseGapsAmongTheGenres() {
        MovieLensFolder.write(folder);
        MovieLensFolder.write(folder, "u.genre", "unknown|0\nComedy|2\n");

        assertThatThrownBy(() -> MovieLens.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("the genre indexes must be 0 to 1 without gaps, got [0, 2]");
    }

    @Test
    void shouldReadTheRealDataCompletelyAndInOrder() {
        DataSets dataSets = DataSets.from(System.getenv());
        assumeTrue(
                dataSets.available().contains("ml-100k"),
                "set ERIDANUS_DATA to a folder with ml-100k in it to run this test");

        Dataset dataset = dataSets.load("ml-100k");

        assertThat(dataset.users()).hasSize(943);
        assertThat(dataset.items()).hasSize(1682);
        assertThat(dataset.interactions()).hasSize(100_000);
        assertThat(dataset.interactions()).isSortedAccordingTo(Comparator.comparingLong(Interaction::timestamp));
        assertThat(dataset.summary().activeUsers()).isEqualTo(943);
        assertThat(dataset.summary().consumedItems()).isEqualTo(1682);
        assertThat(dataset.summary().distinctPairs()).isEqualTo(100_000);
        assertThat(dataset.describe())
                .isEqualTo("ml-100k: 943 users, 1682 items, 100000 interactions, 1997-09-20 to 1998-04-22,"
                        + " density 6.30 %");
        assertThat(dataset.items().get(0).attributes().all("genres"))
                .containsExactly("Animation", "Children's", "Comedy");
        assertThat(dataset.items())
                .allSatisfy(item -> assertThat(item.attributes().all("genres")).isNotEmpty());
        assertThat(dataset.items().stream()
                        .filter(item -> item.attributes().all("released").isEmpty()))
                .hasSize(1);
    }
}
