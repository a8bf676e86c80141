package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovieLensLatestTest {
    private static final String RATINGS = "userId,movieId,rating,timestamp\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeMovies() throws IOException {
        Files.writeString(
                folder.resolve("movies.csv"),
                "movieId,title,genres\n1,\"Piano, The (1993)\",Drama|Romance\n2,Untitled,(no genres listed)\n");
    }

    @Test
    void shouldReadMoviesAndRatings() throws IOException {
        Files.writeString(folder.resolve("ratings.csv"), RATINGS + "5,2,3.5,900000001\n5,1,4.0,900000000\n");

        Dataset dataset = MovieLensLatest.read(folder);

        assertThat(dataset.items())
                .containsExactly(
                        new Item(
                                "1",
                                "Piano, The (1993)",
                                new Attributes(Map.of("genres", List.of("Drama", "Romance")))),
                        new Item("2", "Untitled", Attributes.NONE));
        assertThat(dataset.interactions())
                .containsExactly(
                        new Interaction("5", "1", "rating", 4.0, 900_000_000_000L),
                        new Interaction("5", "2", "rating", 3.5, 900_000_001_000L));
        assertThat(dataset.users()).isEmpty();
    }

    @Test
    void shouldRefuseARatingOfAMovieThatIsNotListed() throws IOException {
        Files.writeString(folder.resolve("ratings.csv"), RATINGS + "5,3,3.5,900000001\n");

        assertThatThrownBy(() -> MovieLensLatest.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("must name a movie of movies.csv, got '3'");
    }

    @Test
    void shouldRefuseATimeInMilliseconds() throws IOException {
        Files.writeString(folder.resolve("ratings.csv"), RATINGS + "5,1,3.5,900000000000000\n");

        assertThatThrownBy(() -> MovieLensLatest.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("whole seconds");
    }
}
