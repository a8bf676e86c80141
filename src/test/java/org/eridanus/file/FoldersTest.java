package org.eridanus.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    private Path temporary;

    @Test
    void shouldDeleteAFolderWithAllThatIsInItAndNothingBesideIt() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("folder/inner/empty"))
                .getParent()
                .getParent();
        Files.writeString(folder.resolve("file"), "a");
        Files.writeString(folder.resolve("inner/file"), "b");
        Path beside = Files.writeString(temporary.resolve("folder.txt"), "c");

        Folders.delete(folder);

        assertThat(temporary).isDirectoryNotContaining(path -> !path.equals(beside));
        assertThat(beside).hasContent("c");
    }

    @Test
    void shouldDeleteALinkAndNotWhatItNames() throws IOException {
        Path named = Files.createDirectory(temporary.resolve("named"));
        Path file = Files.writeString(named.resolve("file"), "a");
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("link"), named);

        Folders.delete(folder);

        assertThat(folder).doesNotExist();
        assertThat(file).hasContent("a");
    }

    @Test
    void shouldTakeAFolderThatIsNotThereForDeleted() throws IOException {
        Folders.delete(temporary.resolve("none"));

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void shouldSayWhatCannotBeDeleted() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "a");

        assertThatThrownBy(() -> Folders.delete(file.resolve("below")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("below");
        assertThat(file).hasContent("a");
    }
}
