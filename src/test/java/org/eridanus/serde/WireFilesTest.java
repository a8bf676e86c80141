package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The files of bytes that are kept: none is missing, and none is kept for nothing. */
class WireFilesTest {
    static final List<SerdeFuzzTargets.Wire> FORMATS = SerdeFuzzTargets.FORMATS;

    private static final Path FILES = Path.of("src/test/resources/wire");
    /** Files that hold many records, and are read by tests of their own. */
    private static final Set<String> WHOLE = Set.of("model-file.bin", "model-export.gz", "trainer-snapshot.gz");

    @Test
    void shouldKnowEveryFormat() {
        Set<String> formats = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.eridanus").stream()
                        .filter(type -> type.isAssignableTo(WireFormat.class) && !type.isInterface())
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(FORMATS.stream().map(each -> each.format().getClass().getName()))
                .as("a new binary form needs a fuzz target, and bytes of its own")
                .containsOnlyOnceElementsOf(formats.stream()
                        .filter(name -> !name.equals(ModelRowFormat.class.getName()))
                        .toList())
                .hasSize(formats.size() + 1);
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void shouldKeepBytesOfEveryFormat(SerdeFuzzTargets.Wire wire) throws IOException {
        boolean read = false;
        for (Path file : files()) {
            read |= wire.accepts(Files.readAllBytes(file));
        }

        assertThat(read).as("a file below %s that %s reads", FILES, wire).isTrue();
    }

    @Test
    void shouldReadEveryFileThatIsKept() throws IOException {
        for (Path file : files()) {
            if (!WHOLE.contains(file.getFileName().toString())) {
                byte[] bytes = Files.readAllBytes(file);
                assertThat(FORMATS)
                        .as("formats, of which one must read %s", file)
                        .anyMatch(each -> each.accepts(bytes));
            }
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
