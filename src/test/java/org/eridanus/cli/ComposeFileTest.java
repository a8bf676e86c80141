package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eridanus.config.Configuration;
import org.eridanus.testing.ContainerServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docker-compose.yml} says, as far as no engine is needed to see it. */
class ComposeFileTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern PINNED = Pattern.compile("[^:]+:v?\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    private static final Path CONFIGURATION = Path.of("src/main/docker/eridanus.yaml");

    private final JsonNode services = read(Path.of("docker-compose.yml")).get("services");

    @Test
    void shouldPinEveryImage() {
        assertThat(services.findValuesAsText("image")).hasSize(5).allMatch(PINNED.asMatchPredicate());
        assertThat(services.at("/kafka/image").asText()).isEqualTo(ContainerServer.IMAGE);
    }

    @Test
    void shouldNameTheImageOfThisVersion() throws IOException {
        var revision = Pattern.compile("<revision>(.*)</revision>").matcher(Files.readString(Path.of("pom.xml")));

        assertThat(revision.find()).isTrue();
        for (String service : List.of("eridanus", "replay")) {
            assertThat(services.at("/" + service + "/image").asText()).isEqualTo("eridanus:" + revision.group(1));
        }
    }

    @Test
    void shouldPublishPortsOnTheLoopbackInterfaceAlone() {
        assertThat(texts("ports")).hasSize(4).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void shouldMountWhatThereIs() {
        List<String> mounted = texts("volumes").stream()
                .filter(volume -> volume.startsWith("./"))
                .map(volume -> volume.substring(2, volume.indexOf(':')))
                .toList();

        assertThat(mounted).contains("grafana/provisioning", "grafana/dashboards", CONFIGURATION.toString());
        assertThat(mounted).allMatch(path -> Files.exists(Path.of(path)));
        JsonNode grafana = services.at("/grafana/environment");
        assertThat(texts("volumes"))
                .contains("./grafana/provisioning:"
                        + grafana.get("GF_PATHS_PROVISIONING").asText() + ":ro")
                .contains("./grafana/dashboards:"
                        + grafana.get("ERIDANUS_DASHBOARDS").asText() + ":ro");
        assertThat(Path.of(grafana.get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                        .asText()
                        .replace(grafana.get("ERIDANUS_DASHBOARDS").asText(), "grafana/dashboards")))
                .exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"grafana/provisioning/datasources/prometheus.yml", "grafana/provisioning/dashboards/eridanus.yml"
            })
    void shouldGiveGrafanaTheVariablesThatItsProvisioningAsksFor(String file) throws IOException {
        List<String> variables = new ArrayList<>();
        var matcher = Pattern.compile("\\$\\{(\\w+)}").matcher(Files.readString(Path.of(file)));
        while (matcher.find()) {
            variables.add(matcher.group(1));
        }

        assertThat(variables).isNotEmpty().allMatch(services.at("/grafana/environment")::has);
    }

    @Test
    void shouldScrapeAsOutsideOfContainersAndAtTheAddressInsideOfThem() {
        ObjectNode inside = read(Path.of("src/main/docker/prometheus.yml"));
        ObjectNode outside = read(Path.of("grafana/prometheus/prometheus.yml"));

        assertThat(inside.findValue("targets").get(0).asText()).isEqualTo("eridanus:8080");
        inside.set("scrape_configs", outside.get("scrape_configs"));
        assertThat(inside).isEqualTo(outside);
    }

    @Test
    void shouldConfigureEridanusForTheKafkaBesideIt() {
        Configuration configuration = Configuration.load(CONFIGURATION, Map.of());

        assertThat(configuration.streams().bootstrapServers()).isEqualTo("kafka:19092");
        assertThat(services.at("/kafka/environment/KAFKA_ADVERTISED_LISTENERS").asText())
                .contains("//" + configuration.streams().bootstrapServers());
        assertThat(configuration.http().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void shouldRunEridanusWithoutPrivilegesAndWithinABound() {
        for (String service : List.of("eridanus", "replay")) {
            JsonNode each = services.get(service);
            assertThat(each.get("read_only").asBoolean()).isTrue();
            assertThat(each.at("/cap_drop/0").asText()).isEqualTo("ALL");
            assertThat(each.get("mem_limit").asText()).matches("\\d+m");
        }
    }

    /** All entries of lists of that name, of all services. */
    private List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        services.forEach(service -> service.path(name).forEach(each -> texts.add(each.asText())));
        return texts;
    }

    private static ObjectNode read(Path file) {
        try {
            return (ObjectNode) YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
