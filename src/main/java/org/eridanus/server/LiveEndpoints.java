package org.eridanus.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpStatus;
import org.eridanus.event.EventRules;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.event.Validated;
import org.eridanus.live.Catalogue;
import org.eridanus.live.InteractionProducer;
import org.eridanus.live.KnownUsers;
import org.eridanus.live.LiveFeed;
import org.eridanus.live.LiveListener;
import org.eridanus.live.PassingEvent;
import org.eridanus.live.Sample;
import org.eridanus.metrics.LiveMetrics;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.Json;
import org.eridanus.serde.WireException;
import org.eridanus.server.Answers.Titled;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What passes by as server-sent events, {@code /live}, and, where it is enabled, {@code POST /interactions}, which tells
 * of an event as any producer would.
 *
 * <p>Events: {@code hello} on connecting, with the latest seconds; {@code sample} each second; {@code passed} for
 * interactions, twice a second, a few of them shown; {@code model} when another version is served; and, with {@code
 * ?user=}, {@code list} for the lists of that user that can be read from {@code recommendations}, with titles added and how
 * many {@code more} were passed over for it. Of these two at most {@value LiveFeed#TOLD_PER_SECOND} a second each, however
 * fast they come.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class LiveEndpoints implements Endpoints {
    /** For the answers of all viewers to end, together. */
    private static final Duration END = Duration.ofSeconds(2);

    /** Most viewers at a time. */
    static final int VIEWERS = 16;
    /** Most interactions told of in a second. */
    static final int INTERACTIONS_PER_SECOND = 20;
    /** Most connections of viewers in a second. */
    static final int CONNECTIONS_PER_SECOND = 20;

    private static final Logger LOG = LoggerFactory.getLogger(LiveEndpoints.class);

    private static final String EVENT_STREAM = "text/event-stream";

    private final LiveFeed feed;
    private final Optional<InteractionProducer> producer;
    private final LiveMetrics metrics;
    private final Clock clock;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    /** Those that are left: taken before a viewer is answered at all. */
    private final Semaphore places = new Semaphore(VIEWERS);

    private final SseHandler joining = new SseHandler(this::join);
    private final LiveListener listener = new Broadcast();
    private final RateLimit interactionLimit = new RateLimit("interactions", INTERACTIONS_PER_SECOND);
    private final RateLimit connectionLimit = new RateLimit("connections to /live", CONNECTIONS_PER_SECOND);

    /**
     * What a feed sees.
     *
     * @param feed what passes by
     * @param producer tells of interactions; empty where that is not enabled
     * @param metrics counts what does not reach viewers, is not kept or cannot be read
     * @param clock stamps interactions
     */
    public LiveEndpoints(LiveFeed feed, Optional<InteractionProducer> producer, LiveMetrics metrics, Clock clock) {
        this.feed = feed;
        this.producer = producer;
        this.metrics = metrics;
        this.clock = clock;
        metrics.unlisted("items", feed.catalogue(), Catalogue::leftOut);
        metrics.unlisted("users", feed.users(), KnownUsers::leftOut);
        feed.listen(listener);
    }

    /** What turns what passes by into messages. */
    LiveListener listener() {
        return listener;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.beforeMatched("/live", this::admit);
        routes.get("/live", this::live);
        routes.post("/interactions", this::tell);
    }

    private void admit(Context context) {
        String accept = context.header("Accept");
        if (accept == null || !accept.contains(EVENT_STREAM)) {
            throw new HttpResponseException(
                    HttpStatus.NOT_ACCEPTABLE_406,
                    "Accept must name " + EVENT_STREAM + ", got " + EventRules.quote(accept));
        }
        Parameters.of(context, "user").text("user", Limits.ID);
        connectionLimit.pass();
    }

    /** Begins an answer that goes on, on another thread and when its caller may be asking again already. */
    private void live(Context context) throws Exception {
        if (!places.tryAcquire()) {
            throw new ServiceUnavailableResponse(
                    "at most " + VIEWERS + " viewers are served at a time; close another page first");
        }
        try {
            joining.handle(context);
        } catch (Exception e) {
            places.release();
            throw e;
        }
    }

    private void join(SseClient client) {
        Viewer viewer = new Viewer(
                client,
                Parameters.of(client.ctx(), "user").text("user", Limits.ID),
                this::leave,
                messages -> metrics.leftOut(LiveMetrics.LeftOut.BEHIND, messages));
        viewers.add(viewer);
        viewer.offer(new Viewer.Message("hello", Answers.json(hello())));
        viewer.start();
    }

    private void leave(Viewer viewer) {
        if (viewers.remove(viewer)) {
            places.release();
        }
    }

    /**
     * What a viewer is told first.
     *
     * @param preset name of the preset that is served
     * @param writable whether interactions may be told of
     * @param items items known by title
     * @param users users known
     * @param frozen whether learning is stopped
     * @param samples the latest seconds, oldest first
     */
    private record Hello(String preset, boolean writable, int items, int users, boolean frozen, List<Sample> samples) {}

    /**
     * Interactions that passed.
     *
     * @param events the newest of them, oldest first
     * @param more how many passed that are not among them
     */
    private record Passed(List<Shown> events, long more) {}

    /**
     * An interaction that passed.
     *
     * @param user user id
     * @param item the item consumed
     * @param outcome whether it was ranked, and why not
     * @param ranks the item's rank by the model and by each control line, 0 where it was not ranked
     * @param candidates how many it was ranked among
     * @param time when it was produced, ms since the epoch
     */
    private record Shown(
            String user, Titled item, String outcome, Map<String, Integer> ranks, int candidates, long time) {}

    /**
     * A version is served.
     *
     * @param version its number
     * @param trainedThrough per source partition, the offset of the last interaction that it has taken in
     * @param frozen whether learning is stopped: then it has learned nothing from what it took in since
     */
    private record Served(long version, Map<Integer, Long> trainedThrough, boolean frozen) {}

    private Hello hello() {
        return new Hello(
                feed.model().settings().preset(),
                producer.isPresent(),
                feed.catalogue().size(),
                feed.users().size(),
                feed.model().frozen(),
                feed.samples());
    }

    /** Turns what the feed says into messages, once for all viewers. */
    private final class Broadcast implements LiveListener {
        @Override
        public boolean listens() {
            return !viewers.isEmpty();
        }

        @Override
        public void sampled(Sample sample) {
            send("sample", sample);
        }

        @Override
        public void passed(List<PassingEvent> events, long more) {
            send(
                    "passed",
                    new Passed(events.stream().map(LiveEndpoints.this::shown).toList(), more));
        }

        @Override
        public void served(ModelRow.Marker marker) {
            send("model", new Served(marker.version(), marker.trainedThrough(), marker.frozen()));
        }

        @Override
        public boolean watches(String user) {
            return viewers.stream().anyMatch(viewer -> viewer.user().equals(user));
        }

        @Override
        public void listed(String user, byte[] json, long more) {
            metrics.leftOut(LiveMetrics.LeftOut.SUPERSEDED, more);
            Viewer.Message message = new Viewer.Message("list", Answers.json(withTitles(json, more)));
            viewers.stream().filter(viewer -> viewer.user().equals(user)).forEach(viewer -> viewer.offer(message));
        }

        @Override
        public void unreadable(String topic) {
            metrics.unreadable(topic);
        }

        private void send(String event, Object data) {
            if (!viewers.isEmpty()) {
                Viewer.Message message = new Viewer.Message(event, Answers.json(data));
                viewers.forEach(viewer -> viewer.offer(message));
            }
        }
    }

    private Shown shown(PassingEvent event) {
        return new Shown(
                event.test().user(),
                titled(event.test().item()),
                event.test().outcome().label(),
                Map.of(
                        "model", event.test().model(),
                        "popularity", event.test().popularity(),
                        "sequentialRules", event.test().sequentialRules()),
                event.test().candidates(),
                event.time());
    }

    private ObjectNode withTitles(byte[] json, long more) {
        ObjectNode list = list(json);
        list.put("more", more);
        for (JsonNode each : list.path("items")) {
            if (each instanceof ObjectNode item) {
                Titled titled = titled(item.path("item").asText());
                item.put("title", titled.title());
                item.putPOJO("attributes", titled.attributes());
            }
        }
        return list;
    }

    private static ObjectNode list(byte[] json) {
        try {
            if (Json.mapper().readTree(json) instanceof ObjectNode list) {
                return list;
            }
            throw new WireException("a list of recommendations must be a JSON object");
        } catch (IOException e) {
            throw new WireException("a list of recommendations must be JSON: " + e.getMessage());
        }
    }

    private Titled titled(String item) {
        return feed.catalogue().find(item).map(Titled::of).orElseGet(() -> Titled.unknown(item));
    }

    private void tell(Context context) {
        InteractionProducer told = producer.orElseThrow(() -> new ForbiddenResponse(
                "calls that change something are off here; set http.writable: true where http.host is this machine's own"
                        + " address, or produce to the topic interactions"));
        interactionLimit.pass();
        Parameters.of(context);
        String type = context.contentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new HttpResponseException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    "Content-Type must be application/json, got " + EventRules.quote(type));
        }
        Interaction interaction = interaction(context.bodyAsBytes(), clock.millis());
        context.future(() -> told.send(interaction).handle((coordinate, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                LOG.warn("an interaction was not taken: {}", cause.toString());
                throw new ServiceUnavailableResponse("Kafka did not take the interaction: " + cause.getMessage());
            }
            return context.status(HttpStatus.ACCEPTED_202)
                    .contentType("application/json")
                    .result(Answers.bytes(new Answers.Told(coordinate.partition(), coordinate.offset())));
        }));
    }

    /**
     * Reads an interaction that is told of.
     *
     * @param now ms since the epoch
     * @throws BadRequestResponse if it is none
     */
    static Interaction interaction(byte[] body, long now) {
        byte[] key;
        try {
            key = Json.mapper().readTree(body).path("user").asText("").getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new BadRequestResponse("the body must be JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadRequestResponse("the body cannot be read: " + e.getMessage());
        }
        Validated<Interaction> read = EventReader.interaction(key, body, now);
        if (read instanceof Validated.Valid<Interaction> valid) {
            return valid.value();
        }
        throw new BadRequestResponse(
                ((Validated.Rejected<Interaction>) read).rejection().detail());
    }

    @Override
    public void close() {
        List<Viewer> last = List.copyOf(viewers);
        last.forEach(Viewer::close);
        long deadline = System.nanoTime() + END.toNanos();
        try {
            for (Viewer viewer : last) {
                viewer.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
