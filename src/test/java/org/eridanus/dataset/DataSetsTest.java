package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    private static final DataSets WITHOUT_FOLDER = DataSets.from(Map.of());

    @TempDir
    private Path root;

    private DataSets withFolder() {
        return DataSets.from(Map.of("ERIDANUS_DATA", root.toString()));
    }

    @Test
    void shouldMakeTheSyntheticWorldWithoutFiles() {
        SyntheticWorld.Settings settings = SyntheticWorld.Settings.defaults().withSize(20, 60, 200);

        Dataset dataset = WITHOUT_FOLDER.load("synthetic", settings);

        assertThat(dataset).isEqualTo(SyntheticWorld.generate(settings));
        assertThat(WITHOUT_FOLDER.load("synthetic").interactions()).hasSize(50_000);
    }

    @Test
    void shouldReadADirectoryGivenByItsPath() {
        Path folder = MovieLensFolder.write(root.resolve("films"));

        assertThat(WITHOUT_FOLDER.load(folder.toString()).name()).isEqualTo("films");
        assertThat(WITHOUT_FOLDER.directory(folder.toString())).isEqualTo(folder);
    }

    @Test
    void shouldFindADirectoryByNameBelowTheFolderOfDataSets() {
        Path folder = MovieLensFolder.write(root.resolve("films"));
        MovieLensFolder.write(root.resolve("books"));
        MovieLensFolder.write(root.resolve("incomplete"), "u.data", "");

        assertThat(withFolder().directory("films")).isEqualTo(folder);
        assertThat(withFolder().load("films").interactions()).hasSize(5);
        assertThat(withFolder().available()).containsExactly("books", "films");
    }

    @Test
    void shouldReadAGivenDirectoryWhateverTheVariableSays() {
        Path folder = MovieLensFolder.write(root.resolve("films"));
        DataSets dataSets = DataSets.from(Map.of("ERIDANUS_DATA", "/nowhere/at/all"));

        assertThat(dataSets.load(folder.toString()).name()).isEqualTo("films");
        assertThat(dataSets.available()).isEmpty();
    }

    @Test
    void shouldSayWhatThereIsWhenANameIsUnknown() {
        MovieLensFolder.write(root.resolve("films"));

        assertThatThrownBy(() -> withFolder().load("flims"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("got 'flims'")
                .hasMessageContaining("does not exist")
                .hasMessageContaining(root + " (ERIDANUS_DATA) has no directory of that name")
                .hasMessageContaining("use 'synthetic', 'movielens', one of films, or a directory with the files of");
    }

    @Test
    void shouldSayThatTheVariableIsNotSet() {
        assertThatThrownBy(() -> WITHOUT_FOLDER.load("ml-100k-that-is-nowhere"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("does not exist and ERIDANUS_DATA is not set")
                .hasMessageContaining("use 'synthetic', 'movielens', or a directory");
        assertThatThrownBy(() -> DataSets.from(Map.of("ERIDANUS_DATA", " ")).load("ml-100k-that-is-nowhere"))
                .hasMessageContaining("ERIDANUS_DATA is not set");
    }

    @Test
    void shouldSayThatTheVariableNamesNoDirectory() {
        DataSets dataSets = DataSets.from(Map.of("ERIDANUS_DATA", "/nowhere/at/all"));

        assertThatThrownBy(() -> dataSets.load("films"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("ERIDANUS_DATA must name a directory of data sets, got '/nowhere/at/all'")
                .hasMessageContaining("correct the variable");
    }

    @Test
    void shouldPointIntoAFolderOfDataSets() {
        MovieLensFolder.write(root.resolve("films"));
        MovieLensFolder.write(root.resolve("books"));

        assertThatThrownBy(() -> WITHOUT_FOLDER.load(root.toString()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has no u.genre, no u.user, no u.item, no u.data")
                .hasMessageContaining("name one of the data sets in it (books, films)");
    }

    @Test
    void shouldTellWhatLayoutADirectoryHasByItsFiles() throws IOException {
        Path csv = Files.createDirectories(root.resolve("csv"));
        Files.writeString(csv.resolve("interactions.csv"), "user,item\na,x\n");
        Path latest = Files.createDirectories(root.resolve("latest"));
        Files.writeString(latest.resolve("movies.csv"), "movieId,title,genres\n1,One (1999),Drama|War\n");
        Files.writeString(latest.resolve("ratings.csv"), "userId,movieId,rating,timestamp\n7,1,4.5,900000000\n");

        assertThat(withFolder().load("csv").interactions()).hasSize(1);
        assertThat(withFolder().load("latest").interactions().get(0).timestamp())
                .isEqualTo(900_000_000_000L);
        assertThat(withFolder().available()).containsExactly("csv", "latest");
    }

    @Test
    void shouldPreferMovieLensBelowTheFolderOfDataSetsToADownload() {
        MovieLensFolder.write(root.resolve("ml-100k"));

        assertThat(withFolder().load("movielens").interactions()).hasSize(5);
    }

    @Test
    void shouldRefuseAFile() {
        MovieLensFolder.write(root.resolve("films"));
        Path file = root.resolve("films").resolve("u.data");

        assertThatThrownBy(() -> WITHOUT_FOLDER.load(file.toString()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(file + " is a file");
    }

    @Test
    void shouldRefuseWhatIsNoName() {
        assertThatThrownBy(() -> WITHOUT_FOLDER.load(""))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("must have a name");
        assertThatThrownBy(() -> WITHOUT_FOLDER.load("films\0"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("is no path");
    }
}
