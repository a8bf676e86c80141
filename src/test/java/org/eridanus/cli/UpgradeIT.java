package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of one version, replaced by another one after the other while events flow. */
class UpgradeIT {
    private static final String VERSION = "eridanus-version.properties";

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingWhenOneInstanceAfterTheOtherIsReplaced() throws Exception {
        UpgradeProof.Settings settings = new UpgradeProof.Settings(launcher("0.0.1"), launcher("0.0.2"), 50, 3);

        UpgradeResult result = new UpgradeProof(settings, folder.resolve("proof"), Screen.none(), () -> {}).run();

        assertThat(result.from()).isEqualTo("Eridanus 0.0.1");
        assertThat(result.to()).isEqualTo("Eridanus 0.0.2");
        assertThat(result.lines()).as("%s", result.lines()).last().isEqualTo("proved");
        assertThat(result.difference()).isEmpty();
        assertThat(result.instances()).extracting(UpgradeResult.Instance::name).containsExactly("one", "two");
        assertThat(result.instances())
                .allSatisfy(instance ->
                        assertThat(instance.stopSeconds()).isPositive().isLessThan(instance.awaySeconds()));
        assertThat(result.events()).isGreaterThan(3L * 5 * 50);
        assertThat(result.json().get("proved").asBoolean()).isTrue();
        for (String instance : List.of("one", "two")) {
            assertThat(folder.resolve("proof/" + instance + ".log")).content().contains("stopped");
        }
    }

    /** An installation that is this one but for its version. */
    private Path launcher(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(version));
        Files.writeString(home.resolve(VERSION), "version=" + version + "\n");
        Path launcher = home.resolve("eridanus");
        Files.write(
                launcher,
                Stream.of(
                                "#!/bin/sh",
                                "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -Xmx384m"
                                        + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                                        + " -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -cp '" + home + ":"
                                        + System.getProperty("java.class.path") + "' " + Eridanus.class.getName()
                                        + " \"$@\"")
                        .toList());
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return launcher;
    }
}
