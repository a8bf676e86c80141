package org.eridanus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.eridanus.testing.FuzzTarget;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The inputs that fuzzing has left, and those it starts from, on every parser of bytes from outside. */
class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/fuzz");
    private static final Path WIRE = Path.of("src/test/resources/wire");

    @TestFactory
    Stream<DynamicTest> shouldAcceptOrRefuseEveryInput() {
        return FuzzTargets.ALL.entrySet().stream()
                .map(target -> dynamicTest(target.getKey(), () -> check(target.getKey(), target.getValue())));
    }

    private static void check(String name, FuzzTarget target) throws Exception {
        List<Path> inputs = new ArrayList<>(files(CORPUS.resolve(name)));
        if (target.toString().startsWith("wire ")) {
            inputs.addAll(files(WIRE));
        }
        Set<Boolean> outcomes = new TreeSet<>();
        for (Path input : inputs) {
            if (input.toString().endsWith(".zip")) {
                try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(input))) {
                    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                        outcomes.add(accepts(target, input + "/" + entry.getName(), zip.readAllBytes()));
                    }
                }
            } else {
                outcomes.add(accepts(target, input.toString(), Files.readAllBytes(input)));
            }
        }

        assertThat(outcomes)
                .as("%s must have an input that is accepted and one that is refused, or they reach nothing", name)
                .containsExactly(false, true);
    }

    private static boolean accepts(FuzzTarget target, String input, byte[] bytes) {
        try {
            return target.accepts(bytes);
        } catch (Exception | Error e) {
            throw new AssertionError(input + " must be accepted, or refused as documented", e);
        }
    }

    @Test
    void shouldHaveATargetForEveryFolderOfInputs() throws IOException {
        try (Stream<Path> folders = Files.list(CORPUS)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet()))
                    .isEqualTo(FuzzTargets.ALL.keySet());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
