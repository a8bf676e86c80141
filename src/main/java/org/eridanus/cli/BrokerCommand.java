package org.eridanus.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eridanus.embedded.EmbeddedBroker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code eridanus prove broker}: the embedded broker in a process of its own, for proofs that stop and start it. It ends
 * on SIGTERM, and when its standard input ends, which is when the process that started it is gone.
 */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "A broker on 127.0.0.1, until SIGTERM or the end of standard input.",
        footer = {
            "",
            "Example:",
            "  eridanus prove broker --folder broker --port 9092",
            "",
            "Exit code: 0 stopped as it was told, 1 it did not start, 2 wrong usage."
        })
final class BrokerCommand implements Callable<Integer> {
    /** What it says when clients can connect. */
    static final String READY = "broker ready";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "Where it keeps its data.")
    private Path folder = Path.of("");

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Its port.")
    private int port;

    @Option(
            names = "--ready-within",
            paramLabel = "SECONDS",
            description = "How long it may take to become ready (default: 60).")
    private double readyWithin = EmbeddedBroker.PATIENCE.toSeconds();

    @Override
    public Integer call() throws InterruptedException, IOException {
        try (Stopping stopping = new Stopping(0);
                EmbeddedBroker broker = EmbeddedBroker.start(
                        folder, port, Map.of(), Duration.ofMillis(Math.round(1_000 * readyWithin)))) {
            System.out.println(READY + " at " + broker.bootstrapServers());
            Thread parent = new Thread(BrokerCommand::awaitEndOfInput, "end-of-input");
            parent.setDaemon(true);
            parent.start();
            while (parent.isAlive() && !stopping.await(LOOK_AGAIN)) {
                // Kafka's threads work.
            }
        }
        return 0;
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody has anything to say.
            }
        } catch (IOException e) {
            // That is its end as well.
            return;
        }
    }
}
