package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between documents, and to files of this repository, lead somewhere. */
class DocumentedLinksTest {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```\\w*\\n.*?^```");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    static List<Path> documents() throws IOException {
        return DocumentedCommandsTest.documents();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkToWhatIsThere(Path document) throws IOException {
        Matcher link = LINK.matcher(text(document));
        while (link.find()) {
            String target = link.group(1);
            if (target.contains(":")) {
                continue;
            }
            Path file = target.isEmpty() ? document : document.resolveSibling(target);
            assertThat(file).as("%s links to %s", document, target).exists();
            if (link.group(2) != null) {
                assertThat(anchors(file))
                        .as("%s links to %s", document, link.group())
                        .contains(link.group(2));
            }
        }
    }

    /** What headings are called in links, as GitHub does it. */
    private static Stream<String> anchors(Path file) throws IOException {
        return HEADING.matcher(text(file))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
    }

    private static String text(Path document) throws IOException {
        return FENCED.matcher(Files.readString(document)).replaceAll("");
    }
}
