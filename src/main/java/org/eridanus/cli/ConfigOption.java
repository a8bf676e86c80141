package org.eridanus.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eridanus.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The configuration of a command: options go before environment variables, and these before a file. */
final class ConfigOption {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigOption.class);
    private static final String FILE = "ERIDANUS_CONFIG";
    private static final String SERVERS = "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration; environment variables ERIDANUS_... go before it"
                    + " (default: the file that " + FILE + " names, or none).")
    private @Nullable Path file;

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            description = "Where Kafka is; goes before kafka.bootstrap-servers.")
    private @Nullable String bootstrapServers;

    /**
     * Reads it.
     *
     * @throws org.eridanus.config.ConfigException if it cannot be used
     */
    Configuration load() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        String named = environment.get(FILE);
        Path path = file != null || named == null || named.isBlank() ? file : Path.of(named);
        if (bootstrapServers != null) {
            environment.put(SERVERS, bootstrapServers);
        }
        Configuration configuration = Configuration.load(path, environment);
        configuration.warnings().forEach(warning -> LOG.warn("{}", warning));
        return configuration;
    }
}
