package org.eridanus.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before Kafka is asked; the rest is in {@link EmbeddedBrokerIT}. */
class EmbeddedBrokerTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void shouldRefuseAPortThatIsNone(int port) {
        assertThatThrownBy(() -> EmbeddedBroker.start(folder, port).close())
                .isInstanceOf(EmbeddedBrokerException.class)
                .hasMessage("the broker's port must be 0..65535, got " + port + "; 0 is a free one");
    }

    @Test
    void shouldRefuseAFileInPlaceOfAFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("data"));

        assertThatThrownBy(() -> EmbeddedBroker.start(file, 0).close())
                .isInstanceOf(EmbeddedBrokerException.class)
                .hasMessageContaining("the broker's data folder must be writable, got " + file)
                .hasMessageContaining("choose another one");
    }
}
