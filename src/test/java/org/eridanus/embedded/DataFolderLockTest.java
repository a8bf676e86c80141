package org.eridanus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderLockTest {

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseAFolderThatAnotherProcessHoldsAndNameThatProcess() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes(LockHolder.class) + File.pathSeparator + classes(DataFolderLock.class),
                        LockHolder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("taken");

            assertThatThrownBy(() -> DataFolderLock.take(folder))
                    .isInstanceOf(EmbeddedBrokerException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("process " + other.pid())
                    .hasMessageContaining("choose another folder");
        } finally {
            other.destroyForcibly().waitFor();
        }

        // The system drops the lock of a process that was killed.
        DataFolderLock.take(folder).close();
    }

    @Test
    void shouldRefuseAFolderThatThisProcessHolds() throws IOException {
        try (DataFolderLock held = DataFolderLock.take(folder)) {
            assertThat(held).isNotNull();

            assertThatThrownBy(() -> DataFolderLock.take(folder))
                    .isInstanceOf(EmbeddedBrokerException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }

        DataFolderLock.take(folder).close();
    }

    private static Path classes(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
