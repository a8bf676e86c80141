package org.eridanus.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./eridanus} in a folder like this one, with stand-ins for Maven and for Java that say how they were called. */
class LauncherTest {
    private static final int PATIENCE_SECONDS = 60;
    private static final String MAVEN = """
            #!/bin/sh
            if [ "$1" = -v ]; then echo "Apache Maven 3.9.9 (somewhere)"; exit; fi
            echo "$@" >>"$STAND_INS/builds"
            [ ! -f "$STAND_INS/broken" ] || { echo "[ERROR] A.java:[3,9] ';' expected"; exit 1; }
            mkdir -p target/fast && : >target/fast/library.jar && printf %s "$PWD/target/fast/library.jar" >target/fast/classpath.txt
            """;
    private static final String JAVA = """
            #!/bin/sh
            pwd
            for argument in "$@"; do echo "<$argument>"; done
            exit 7
            """;

    /** What a run came to. */
    private record Run(int exitCode, List<String> out, String err) {}

    @TempDir
    private Path folder;

    private Path home;
    private Path launcher;
    private Path source;
    private Path jdk;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectories(folder.resolve("the checkout"));
        launcher = Files.copy(Path.of("eridanus"), home.resolve("eridanus"), COPY_ATTRIBUTES);
        source = Files.createDirectories(home.resolve("src/main/java")).resolve("A.java");
        Files.writeString(source, "class A {}");
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.writeString(Files.createDirectories(home.resolve("topics")).resolve("items.yaml"), "carries: items");
        jdk = folder.resolve("jdk");
        executable(folder.resolve("bin/mvn"), MAVEN);
        executable(jdk.resolve("bin/java"), JAVA);
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        release("17.0.15");
    }

    @Test
    void shouldBuildOnceQuietlyAndTellOfIt() throws Exception {
        Run first = run(home, "./eridanus", "demo");
        Run second = run(home, "./eridanus", "demo");

        assertThat(first.err().lines())
                .singleElement()
                .asString()
                .startsWith("building Eridanus (first time: downloads up to")
                .endsWith(" ...");
        assertThat(first.out()).doesNotContain("building").contains("<demo>");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(builds()).singleElement().asString().contains("-q", "-Dfast");
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewerOrALibraryIsGone() throws Exception {
        run(home, "./eridanus");

        int builds = 1;
        for (Path each : List.of(source, home.resolve("topics/items.yaml"), home.resolve("pom.xml"))) {
            newer(each, 60);
            Run run = run(home, "./eridanus");
            assertThat(run.err()).as("%s is newer", each).isEqualTo("building Eridanus ...\n");
            assertThat(builds()).as("%s is newer", each).hasSize(++builds);
            newer(each, -60);
        }
        Files.delete(home.resolve("target/fast/library.jar"));
        run(home, "./eridanus");

        assertThat(builds()).hasSize(builds + 1);
    }

    @Test
    void shouldPassArgumentsAndExitCodeThroughFromAnyFolder() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../the checkout/eridanus"));
        List<String> arguments = List.of("demo", "--data", "two words", "", "*", "$HOME", "--report=\"x\"");

        for (Path called : List.of(launcher, link)) {
            List<String> command = new ArrayList<>(List.of(called.toString()));
            command.addAll(arguments);
            Run run = run(elsewhere, command.toArray(String[]::new));

            assertThat(run.exitCode()).isEqualTo(7);
            assertThat(run.out().get(0)).isEqualTo(elsewhere.toRealPath().toString());
            assertThat(run.out()).contains("<-Deridanus.home=" + home.toRealPath() + ">");
            assertThat(run.out()
                            .subList(
                                    run.out().indexOf("<" + Eridanus.class.getName() + ">") + 1,
                                    run.out().size()))
                    .isEqualTo(arguments.stream().map(each -> "<" + each + ">").toList());
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void shouldShowTheEndOfABuildThatFailedAndRunNothing() throws Exception {
        Path broken = Files.createFile(folder.resolve("broken"));

        Run failed = run(home, "./eridanus", "demo");
        Files.delete(broken);
        Run mended = run(home, "./eridanus", "demo");

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains(
                        "A.java:[3,9] ';' expected",
                        "eridanus: the build failed; its whole output is in "
                                + home.toRealPath().resolve("target/build.log"));
        assertThat(mended.exitCode()).isEqualTo(7);
        assertThat(builds()).hasSize(2);
    }

    @Test
    void shouldSayWhatItNeeds() throws Exception {
        release("11.0.2");
        Run oldJava = run(home, "./eridanus");
        release("17.0.15");
        executable(folder.resolve("bin/mvn"), MAVEN.replace("3.9.9", "3.6.3"));
        Run oldMaven = run(home, "./eridanus");
        Files.delete(jdk.resolve("bin/java"));
        Run noJava = run(home, "./eridanus");

        assertThat(oldJava.err()).contains("is version 11.0.2; Eridanus needs 17 or newer (set JAVA_HOME)");
        assertThat(oldMaven.err()).contains("Maven is version 3.6; Eridanus builds with 3.8 or newer");
        assertThat(noJava.err()).contains("JAVA_HOME is " + jdk + ", but there is no bin/java in it");
        assertThat(List.of(oldJava, oldMaven, noJava))
                .allMatch(run -> run.exitCode() == 1)
                .allMatch(run -> run.out().isEmpty());
        assertThat(folder.resolve("builds")).doesNotExist();
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds"));
    }

    private void release(String version) throws IOException {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private static void newer(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(Path from, String... command) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(from.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("STAND_INS", folder.toString());
        builder.environment().remove("ERIDANUS_JAVA_OPTS");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }
}
