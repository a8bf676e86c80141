package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "--rate, -3, '--rate must be 0 to 1000000 events/s, got -3.0'",
        "--rate, NaN, '--rate must be 0 to 1000000 events/s, got NaN'",
        "--rate, fast, Invalid value for option '--rate'",
        "--events, 0, '--events must be at least 1, got 0'",
        "--preset, best, 'preset must be one of online, association, paper; got best'",
        "--partitions, 0, '--partitions must be 1 to 64, got 0'",
        "--port, 70000, '--port must be 0 to 65535, got 70000'",
        "--http-port, -1, '--http-port must be 0 to 65535, got -1'",
        "--data, /no/such/folder, a data set must be 'synthetic' or a directory"
    })
    void shouldRefuseWrongUsageWithTheRuleTheValueAndExitCode2(String option, String value, String message) {
        int code = run("demo", option + "=" + value);

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message.replace("''", "'"));
    }

    @Test
    void shouldExplainItself() {
        int code = run("demo", "--help");

        assertThat(code).isZero();
        assertThat(out.toString()).contains("--data", "--preset", "--rate", "--serve", "--report", "Exit code");
    }

    @Test
    void shouldEndWithZeroOnlyIfEveryEventWasAccountedFor() {
        assertThat(DemoCommand.exitCode(Summaries.balanced())).isZero();
        assertThat(DemoCommand.exitCode(Summaries.unbalanced())).isEqualTo(1);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Eridanus.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
