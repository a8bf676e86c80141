package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartWriterTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReplaceAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("parts"), "old");

        PartWriter.file(file, out -> out.part(new byte[] {7}));

        assertThat(file).hasBinaryContent(new byte[] {0, 0, 0, 1, 7});
        if (Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)) {
            assertThat(Files.getPosixFilePermissions(file))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void shouldCompressAFile() throws IOException {
        Path file = folder.resolve("parts.gz");

        PartWriter.compressedFile(file, out -> out.part(new byte[] {7}));

        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(in.readAllBytes()).containsExactly(0, 0, 0, 1, 7);
        }
    }

    @Test
    void shouldLeaveAFileAsItIsWhenWritingFails() throws IOException {
        Path file = Files.writeString(folder.resolve("parts"), "old");

        assertThatThrownBy(() -> PartWriter.file(file, out -> {
                    out.one(1);
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");

        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }
}
