package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;

/** Command lines that documents and helps show are ones that the commands take. */
class DocumentedCommandsTest {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```");
    private static final Pattern SPAN = Pattern.compile("`([^`|]+)`");
    private static final Pattern CALL = Pattern.compile("(?:[A-Z_]+=\\S+ +)*(?:\\./)?eridanus +(.*)");
    /** What the shell takes for itself. */
    private static final Pattern REST = Pattern.compile("(^|\\s)[#|>\\\\].*");

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    /** Lines to copy: in fences of documents, and in the examples of helps. */
    static Stream<String> lines() throws IOException {
        Set<String> lines = new TreeSet<>();
        for (Path document : documents()) {
            Matcher fenced = FENCED.matcher(Files.readString(document));
            while (fenced.find()) {
                fenced.group(1).lines().forEach(line -> take(line, lines));
            }
        }
        helps(Eridanus.commandLine(), lines);
        return lines.stream();
    }

    /** Commands that sentences name, perhaps without what they cannot do without. */
    static Stream<String> mentions() throws IOException {
        Set<String> commands = Eridanus.commandLine().getSubcommands().keySet();
        Set<String> mentions = new TreeSet<>();
        for (Path document : documents()) {
            Matcher span = SPAN.matcher(
                    FENCED.matcher(Files.readString(document)).replaceAll("").replaceAll("\\s+", " "));
            while (span.find()) {
                String text = span.group(1);
                if (!text.endsWith("...")) {
                    take(text, mentions);
                }
                if (text.contains(" ") && commands.contains(text.substring(0, text.indexOf(' ')))) {
                    mentions.add(text);
                }
            }
        }
        return mentions.stream();
    }

    static List<Path> documents() throws IOException {
        try (Stream<Path> site = Files.walk(Path.of("src/site/markdown"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md"), Path.of("CHANGELOG.md")),
                            site.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    private static void helps(CommandLine command, Set<String> lines) {
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            take(line, lines);
        }
        command.getSubcommands().values().forEach(each -> helps(each, lines));
    }

    private static void take(String line, Set<String> lines) {
        Matcher call = CALL.matcher(line.strip());
        // Benchmarks are commands of a build of their own.
        if (call.matches() && !call.group(1).startsWith("benchmark ")) {
            lines.add(REST.matcher(call.group(1)).replaceAll("").strip());
        }
    }

    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words.toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldTakeEveryLineThatIsThereToBeCopied(String line) {
        assertThatCode(() -> Eridanus.commandLine().parseArgs(words(line))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("mentions")
    void shouldKnowEveryCommandThatASentenceNames(String mention) {
        try {
            Eridanus.commandLine().parseArgs(words(mention));
        } catch (MissingParameterException e) {
            assertThat(mention)
                    .as("names a command without what it needs: %s", e.getMessage())
                    .doesNotContain("./");
        }
    }

    @Test
    void shouldFindLinesInDocumentsAndInHelps() throws IOException {
        assertThat(lines())
                .contains(
                        "demo",
                        "run",
                        "model serve 1 --config next.yaml",
                        "retrain --config new.yaml --switch --follow")
                .hasSizeGreaterThan(60);
        assertThat(mentions()).contains("model freeze --reason TEXT", "replay --verify --config eridanus.yaml");
    }
}
