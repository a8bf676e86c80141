package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eridanus.topic.TopicFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands, as far as they need no broker. */
class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine =
            Eridanus.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    static List<List<String>> commands() {
        return leaves(Eridanus.commandLine(), List.of()).toList();
    }

    private static Stream<List<String>> leaves(CommandLine command, List<String> path) {
        // Benchmarks are in a build of their own: here the command has none, and says so.
        if (command.getSubcommands().isEmpty()) {
            return Stream.of(path);
        }
        return command.getSubcommands().entrySet().stream()
                .flatMap(each -> leaves(
                        each.getValue(),
                        Stream.concat(path.stream(), Stream.of(each.getKey())).toList()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldHelpWithExamplesAndExitCodes(List<String> command) {
        int code = commandLine.execute(
                Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("Usage: eridanus " + String.join(" ", command))
                .containsPattern("Examples?:[^\\n]*\\R  (\\S+=\\S+ |zcat .* )?eridanus " + String.join(" ", command))
                .contains("Exit code: 0");
    }

    @Test
    void shouldCheckAndShowAConfiguration(@TempDir Path folder) throws Exception {
        Path good = Files.writeString(folder.resolve("good.yaml"), "kafka: {bootstrap-servers: 'b:1'}\n");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "kafka: {bootstrap-servers: 'b:1', thread: 1}\n");

        assertThat(commandLine.execute("config", "check", good.toString())).isZero();
        assertThat(out.toString()).contains(good + " can be used");
        assertThat(commandLine.execute("config", "check", bad.toString())).isEqualTo(2);
        assertThat(err.toString()).contains(bad + ":1: unknown key kafka.thread; did you mean kafka.threads?");
        assertThat(commandLine.execute("config", "show", "--config", good.toString(), "-b", "other:9"))
                .isZero();
        assertThat(out.toString()).contains("bootstrap-servers: \"other:9\"");
    }

    @Test
    void shouldDrawEveryTopicAndEveryRole() {
        for (String format : List.of("text", "mermaid", "dot")) {
            out.getBuffer().setLength(0);

            assertThat(commandLine.execute("topology", "--format", format)).isZero();

            TopicFiles.find().load().forEach(topic -> assertThat(out.toString()).contains(topic.name()));
        }
        assertThat(out.toString())
                .contains("\"interactions\" -> \"features\";")
                .contains("\"trainer\" -> \"model\";")
                .contains("\"model\" -> \"scorer\";");
    }

    @Test
    void shouldListTheRulesOfARole() {
        assertThat(commandLine.execute("topics", "acls", "-b", "b:1", "--principal", "User:t", "--roles", "trainer"))
                .isZero();

        assertThat(out.toString().lines())
                .contains(
                        "--add --allow-principal User:t --operation Read --topic training-log",
                        "--add --allow-principal User:t --operation Write --topic model",
                        "--add --allow-principal User:t --operation Read --group eridanus-trainer",
                        "--add --allow-principal User:t --operation Write --transactional-id eridanus-trainer-"
                                + " --resource-pattern-type prefixed")
                .noneMatch(line -> line.contains("--operation Write --topic recommendations"));
    }

    @Test
    void shouldListTheRuleOfAWritableServerWhereItIsWritable(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("eridanus.yaml"), "{kafka: {bootstrap-servers: 'b:1'}, http: {writable: true}}\n");
        String rule = "--add --allow-principal User:t --operation Write --topic interactions";

        assertThat(commandLine.execute("topics", "acls", "-c", file.toString(), "--principal", "User:t"))
                .isZero();
        assertThat(out.toString().lines()).contains(rule);
        for (List<String> others :
                List.of(List.of("-b", "b:1"), List.of("-c", file.toString(), "--roles", "trainer"))) {
            out.getBuffer().setLength(0);
            assertThat(commandLine.execute(
                            Stream.concat(Stream.of("topics", "acls", "--principal", "User:t"), others.stream())
                                    .toArray(String[]::new)))
                    .isZero();
            assertThat(out.toString().lines()).isNotEmpty().doesNotContain(rule);
        }
    }

    @Test
    void shouldDocumentTheRulesAsTheyAre(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("eridanus.yaml"), "{kafka: {bootstrap-servers: 'b:1'}, topics: {apply: false}}\n");

        assertThat(commandLine.execute("topics", "acls", "-c", file.toString(), "--principal", "User:eridanus"))
                .isZero();

        assertThat(Files.readString(Path.of("src/site/markdown/acls.md")))
                .as("the rules there are the output of `./eridanus topics acls` where topics.apply is false")
                .contains("```\n" + out + "```\n");
    }

    @Test
    void shouldRefuseWrongUsage() {
        assertThat(commandLine.execute("produce")).isEqualTo(2);
        assertThat(err.toString()).contains("either KIND and FILE or --data must be given");
        assertThat(commandLine.execute("produce", "users", "u.csv", "--data", "synthetic"))
                .isEqualTo(2);
        assertThat(commandLine.execute("produce", "cooks", "u.csv")).isEqualTo(2);
        assertThat(commandLine.execute("recommend", "-b", "b:1")).isEqualTo(2);
        assertThat(commandLine.execute("recommend", "-b", "b:1", "--user", "a", "--k", "0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("k must be");
        assertThat(commandLine.execute("run", "-b", "b:1", "--roles", "cook")).isEqualTo(2);
        assertThat(err.toString()).contains("expected one of features, trainer, scorer, got 'cook'");
        assertThat(commandLine.execute("topics", "acls", "-b", "b:1", "--principal", "me"))
                .isEqualTo(2);
    }
}
