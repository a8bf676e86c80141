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
import org.eridanus.event.UserProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFolderTest {
    @TempDir
    private Path folder;

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void shouldReadAllThreeFilesWithColumnsInAnyOrder() throws IOException {
        write("interactions.csv", "item,user,timestamp,rating,type\r\nx,u,2000,4.5,rating\r\n\"y,1\",u,1000,,\r\n");
        write("users.csv", "age,user,likes\n24,u,red|blue\n,v,\n");
        write("items.csv", "\uFEFFitem,title,genres\nx,The \"X\",Drama|War\n\"y,1\",,\n");

        Dataset dataset = CsvFolder.read(folder);

        assertThat(dataset.interactions())
                .containsExactly(
                        new Interaction("u", "y,1", "view", null, 1000),
                        new Interaction("u", "x", "rating", 4.5, 2000));
        assertThat(dataset.users())
                .containsExactly(
                        new UserProfile(
                                "u", new Attributes(Map.of("age", List.of("24"), "likes", List.of("red", "blue")))),
                        new UserProfile("v", Attributes.NONE));
        assertThat(dataset.items())
                .containsExactly(
                        new Item("x", "The \"X\"", new Attributes(Map.of("genres", List.of("Drama", "War")))),
                        new Item("y,1", "y,1", Attributes.NONE));
        assertThat(dataset.name()).isEqualTo(folder.getFileName().toString());
        assertThat(dataset.notes()).isEmpty();
    }

    @Test
    void shouldTakeTheOrderOfRowsWhereThereAreNoTimestamps() throws IOException {
        write("interactions.csv", "user,item\nu,b\nv,a\nu,a\n");

        Dataset dataset = CsvFolder.read(folder);

        assertThat(dataset.interactions()).extracting(Interaction::item).containsExactly("b", "a", "a");
        assertThat(dataset.interactions()).extracting(Interaction::timestamp).containsExactly(0L, 1L, 2L);
        assertThat(dataset.notes())
                .anyMatch(note -> note.contains("no timestamps"))
                .anyMatch(note -> note.contains("no users.csv"))
                .anyMatch(note -> note.contains("no items.csv") && note.contains("seen so far"));
    }

    @Test
    void shouldNoteAColumnThatItDoesNotUse() throws IOException {
        write("interactions.csv", "user,item,device\nu,a,phone\n");

        assertThat(CsvFolder.read(folder).notes()).anyMatch(note -> note.contains("column 'device' is not used"));
    }

    @Test
    void shouldRefuseTimestampsInSomeRowsOnly() throws IOException {
        write("interactions.csv", "user,item,timestamp\nu,a,5\nu,b,\n");

        assertThatThrownBy(() -> CsvFolder.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("interactions.csv, line 3")
                .hasMessageContaining("in all rows or in none");
    }

    @Test
    void shouldRefuseARowThatBreaksARule() throws IOException {
        write("interactions.csv", "user,item,rating\nu,a,1\n,b,2\n");
        assertThatThrownBy(() -> CsvFolder.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("column user");

        write("interactions.csv", "user,item,rating\nu,a,good\n");
        assertThatThrownBy(() -> CsvFolder.read(folder)).hasMessageContaining("rating must be a number, got 'good'");

        write("interactions.csv", "user,item\nu,a,b\n");
        assertThatThrownBy(() -> CsvFolder.read(folder)).hasMessageContaining("must have 2 fields");

        write("interactions.csv", "user,item\n" + "u".repeat(129) + ",a\n");
        assertThatThrownBy(() -> CsvFolder.read(folder)).hasMessageContaining("at most 128 characters");

        write("interactions.csv", "user,user\nu,a\n");
        assertThatThrownBy(() -> CsvFolder.read(folder)).hasMessageContaining("distinct names");
    }

    @Test
    void shouldRefuseAUserListedTwice() throws IOException {
        write("interactions.csv", "user,item\nu,a\n");
        write("users.csv", "user\nu\nu\n");

        assertThatThrownBy(() -> CsvFolder.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("each user must be listed once, got 'u'");
    }
}
