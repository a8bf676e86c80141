package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eridanus.experiment.ExperimentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonReportTest {
    @TempDir
    private Path folder;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode().put("events", 3);

    @Test
    void shouldReplaceAnOlderReport() throws IOException {
        Path file = folder.resolve("report.json");
        Files.writeString(file, "old");

        JsonReport.write(report, file);

        assertThat(file).hasContent("{\n  \"events\" : 3\n}\n");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void shouldLeaveAnOlderReportAloneWhoeverReadsIt() throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), "old");
        Path reader = Files.createLink(folder.resolve("reader"), file);

        JsonReport.write(report, file);

        assertThat(reader).as("the old file, which a new one has replaced").hasContent("old");
    }

    @Test
    void shouldMakeTheFolder() {
        Path file = folder.resolve("new").resolve("report.json");

        JsonReport.write(report, file);

        assertThat(file).isNotEmptyFile();
    }

    @Test
    void shouldSayWhichFileCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file")).resolve("report.json");

        assertThatThrownBy(() -> JsonReport.write(report, file))
                .isInstanceOf(ExperimentException.class)
                .hasMessageStartingWith("a report must go to a file that can be written, got " + file)
                .hasMessageEndingWith("; name another file");
    }
}
