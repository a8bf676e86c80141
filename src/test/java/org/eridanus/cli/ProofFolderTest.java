package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void shouldConfigureInAFolderThatItMakes() {
        Path folder = temporary.resolve("proof");

        ProofFolder.configure(folder, folder.resolve("eridanus.yaml"), "http: {port: 0}\n");

        assertThat(folder.resolve("eridanus.yaml")).hasContent("http: {port: 0}\n");
    }

    @Test
    void shouldRefuseAFolderThatAProofHasUsed() throws IOException {
        Path file = Files.writeString(temporary.resolve("eridanus.yaml"), "http: {port: 1}\n");

        assertThatThrownBy(() -> ProofFolder.configure(temporary, file, "http: {port: 0}\n"))
                .isInstanceOf(CommandException.class)
                .hasMessage(temporary + " must be a folder that no proof has used; name another one");
        assertThat(file).hasContent("http: {port: 1}\n");
    }

    @Test
    void shouldRefuseAFolderThatIsNone() throws IOException {
        Path folder = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> ProofFolder.configure(folder, folder.resolve("eridanus.yaml"), ""))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith(folder + " must be a folder that can be written to: ");
    }
}
