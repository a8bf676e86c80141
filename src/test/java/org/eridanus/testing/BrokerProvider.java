package org.eridanus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Where the broker of a test comes from. Which of them this machine has, and why not the other, is written to
 * {@code target/broker-EMBEDDED.txt} and {@code target/broker-CONTAINER.txt} by the tests that ask.
 */
public enum BrokerProvider {
    /** Always there. */
    EMBEDDED(EmbeddedServer::new, Optional::empty),
    /** There where a Docker engine has Kafka's image. */
    CONTAINER(ContainerServer::new, ContainerServer::unavailable);

    private final Supplier<BrokerServer> starter;
    private final Supplier<Optional<String>> check;
    private @Nullable Optional<String> unavailable;

    BrokerProvider(Supplier<BrokerServer> starter, Supplier<Optional<String>> check) {
        this.starter = starter;
        this.check = check;
    }

    /** Skips the calling test, with the reason, where this machine has no such broker. */
    public void assume() {
        Optional<String> reason = unavailable();
        Assumptions.assumeTrue(reason.isEmpty(), () -> this + ": " + reason.orElse(""));
    }

    private synchronized Optional<String> unavailable() {
        Optional<String> known = unavailable;
        if (known == null) {
            known = check.get();
            unavailable = known;
            String what = this == EMBEDDED ? "the embedded broker" : "a container of " + ContainerServer.IMAGE;
            tell(known.map(reason -> "broker tests SKIPPED on " + what + ": " + reason)
                    .orElse("broker tests run on " + what));
        }
        return known;
    }

    /** What tests print goes to files of their own, so what is to be seen by everybody gets one that is easy to find. */
    private void tell(String line) {
        System.out.println(line);
        try {
            Path folder = Files.createDirectories(Path.of("target"));
            Files.writeString(folder.resolve("broker-" + this + ".txt"), line + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public BrokerServer start() {
        return starter.get();
    }
}
