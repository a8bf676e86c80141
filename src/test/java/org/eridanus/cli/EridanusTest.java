package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EridanusTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine =
            Eridanus.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void shouldPrintTheVersionTheBuildHasFilledIn() {
        int exitCode = commandLine.execute("--version");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).matches("Eridanus \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
    }

    @Test
    void shouldRefuseToRunWithoutACommand() {
        int exitCode = commandLine.execute();

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("a command is required").contains("Usage: eridanus");
    }

    @ParameterizedTest
    @CsvSource({
        "config, a command",
        "topics, a command",
        "model, a command",
        "dead-letters, a command",
        "prove, a proof"
    })
    void shouldRefuseToRunAGroupOfCommandsWithoutOneOfThem(String group, String missing) {
        int exitCode = commandLine.execute(group);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains(missing + " is required").contains("Usage: eridanus " + group);
    }
}
