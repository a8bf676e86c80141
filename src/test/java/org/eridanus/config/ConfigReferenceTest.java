package org.eridanus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final String BEGIN = "<!-- config reference -->\n";
    private static final String END = "<!-- end of config reference -->";

    @Test
    void shouldStandInTheReadmeAsItIs() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains(BEGIN).contains(END);
        assertThat(readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END)))
                .as("the table of settings in README.md; put the output of `./eridanus config reference` there")
                .isEqualTo(ConfigReference.markdown());
    }

    @Test
    void shouldTellEverythingOfEverySetting() {
        Set<String> keys = new HashSet<>();
        Set<String> variables = new HashSet<>();
        for (Setting<?> setting : Settings.ALL) {
            assertThat(keys.add(setting.key())).as(setting.key()).isTrue();
            assertThat(variables.add(setting.variable())).as(setting.variable()).isTrue();
            assertThat(setting.key()).matches("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)*");
            assertThat(setting.doc()).as(setting.key()).matches("[A-Z].*\\.").doesNotContain("|");
        }
        // A setting that is a map's parent as well could not be told from it.
        for (String key : keys) {
            assertThat(keys).noneMatch(other -> other.startsWith(key + "."));
        }
    }
}
