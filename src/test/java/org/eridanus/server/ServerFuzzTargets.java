package org.eridanus.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.BadRequestResponse;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.Validated;
import org.eridanus.live.Catalogue;
import org.eridanus.live.KnownUsers;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.recommend.UserContexts.Place;
import org.eridanus.serde.EventJson;
import org.eridanus.serde.EventReader;
import org.eridanus.testing.FuzzTarget;
import org.jspecify.annotations.Nullable;

/** Requests over HTTP: the target of a GET, with its path and parameters, and the body of a POST. */
public final class ServerFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL =
            Map.of("http-query", ServerFuzzTargets::query, "http-interaction", ServerFuzzTargets::interaction);

    private static final long NOW = 1_767_225_600_123L;

    /** A method or a version of HTTP that is not spoken here, and a part that is not ready. */
    private static final List<String> REFUSALS = List.of(" 501 ", " 503 ", " 505 ");

    private static @Nullable HttpServer server;

    private ServerFuzzTargets() {}

    private static synchronized HttpServer server() {
        if (server == null) {
            TinyTrainer trainer = new TinyTrainer().announce(20).walk(6, 20, 8);
            ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
            trainer.publishTo(model);
            Catalogue catalogue = new Catalogue();
            for (int i = 0; i < 20; i++) {
                catalogue.put(new Item("i" + i, "Title " + i, new Attributes(Map.of("genres", List.of("G" + i % 3)))));
            }
            KnownUsers users = new KnownUsers();
            users.put("u1", new Attributes(Map.of("occupation", List.of("writer"))));
            server = HttpServer.start(
                    HttpSettings.onLoopback(0),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                    List::of,
                    List.of(new QueryEndpoints(
                            user -> new Place.Here(trainer.context(user)),
                            model,
                            true,
                            catalogue,
                            users,
                            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))));
        }
        return server;
    }

    /** Whatever is asked, the answer is no fault of the server's. */
    private static boolean query(byte[] bytes) throws IOException {
        int port = server().port();
        byte[] answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /".getBytes(ISO_8859_1));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream()
                    .write((" HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            answer = socket.getInputStream().readAllBytes();
        } catch (SocketException closed) {
            return false;
        }
        String line = new String(answer, ISO_8859_1).lines().findFirst().orElse("");
        if (line.startsWith("HTTP/1.1 5") && REFUSALS.stream().noneMatch(line::contains)) {
            throw new AssertionError("a request must not lead to " + line);
        }
        return line.startsWith("HTTP/1.1 200");
    }

    /** An interaction that is told of; what is accepted is one for the features role as well. */
    private static boolean interaction(byte[] body) {
        Interaction told;
        try {
            told = LiveEndpoints.interaction(body, NOW);
        } catch (BadRequestResponse refused) {
            return false;
        }
        byte[] produced = EventJson.interaction(told);
        if (!(EventReader.interaction(told.user().getBytes(UTF_8), produced, NOW)
                        instanceof Validated.Valid<Interaction> valid)
                || !valid.value().equals(told)) {
            throw new AssertionError("what is told of must be read as the same: " + new String(produced, UTF_8));
        }
        return true;
    }
}
