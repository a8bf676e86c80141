package org.eridanus.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.TooManyRequestsResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eridanus.event.Attributes;
import org.eridanus.event.EventRules;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.event.Validated;
import org.eridanus.live.Catalogue;
import org.eridanus.live.KnownUsers;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommenderPool;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContext;
import org.eridanus.recommend.UserContexts;
import org.eridanus.recommend.UserContexts.Place;
import org.eridanus.server.Answers.Listed;
import org.eridanus.server.Answers.Titled;

/**
 * Questions, answered from the scorer's memory: a user's recommendations and what is known of the user, items, and the
 * model that is served. What another instance keeps is asked for there.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class QueryEndpoints implements Endpoints {
    /** The route of recommendations. */
    static final String RECOMMENDATIONS = "/recommendations/{user}";
    /** Most recommendations a second. */
    static final int LISTS_PER_SECOND = 1_000;
    /** Most searches a second. */
    static final int SEARCHES_PER_SECOND = 20;
    /** Most searches that wait for the one before them. */
    static final int SEARCHES_WAITING = 16;
    /** Longest text that is searched for. */
    static final int QUERY = 64;
    /** Most items or users that a search finds. */
    static final int FOUND = 50;
    /** How many a search finds that does not say. */
    static final int DEFAULT_FOUND = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final UserContexts contexts;
    private final ServedModel model;
    private final Catalogue catalogue;
    private final KnownUsers users;
    private final Clock clock;
    private final RecommenderPool recommenders;
    private final Forwarder forwarder = new Forwarder();
    private final RateLimit listLimit = new RateLimit("recommendations", LISTS_PER_SECOND);
    private final RateLimit searchLimit = new RateLimit("searches", SEARCHES_PER_SECOND);
    /** Searches look at all that is known by name: one at a time, so that lists keep the other processors and threads. */
    private final ThreadPoolExecutor searcher = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(SEARCHES_WAITING), QueryEndpoints::searchThread);

    /**
     * Questions about one scorer.
     *
     * @param contexts where users' contexts are
     * @param model what lists are made with
     * @param hideConsumed whether items are left out that the user has met
     * @param catalogue the items by title
     * @param users the users
     * @param clock says when lists are made
     */
    public QueryEndpoints(
            UserContexts contexts,
            ServedModel model,
            boolean hideConsumed,
            Catalogue catalogue,
            KnownUsers users,
            Clock clock) {
        this.contexts = contexts;
        this.model = model;
        this.catalogue = catalogue;
        this.users = users;
        this.clock = clock;
        this.recommenders = new RecommenderPool(
                model, hideConsumed, lists(Runtime.getRuntime().availableProcessors()), PATIENCE);
    }

    /** How many lists are made at a time: a request whose thread has lost its processor holds up none of the others. */
    private static int lists(int processors) {
        return Math.min(HttpServer.MAX_THREADS, Math.max(4, 2 * processors));
    }

    private static Thread searchThread(Runnable work) {
        Thread thread = new Thread(work, "http-search");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.get(RECOMMENDATIONS, this::recommendations);
        routes.get("/users/{user}", this::user);
        routes.get("/users", this::searchUsers);
        routes.get("/items/{item}", this::item);
        routes.get("/items", this::searchItems);
        routes.get("/model", this::model);
    }

    private void recommendations(Context context) {
        listLimit.pass();
        Parameters parameters = Parameters.of(context, "k", "exclude", "explain");
        boolean explain = parameters.flag("explain");
        RecommendationRequest request = valid(
                EventRules.request(context.pathParam("user"), null, parameters.number("k"), parameters.all("exclude")));
        withContext(context, request.user(), known -> {
            Recommendation list = recommenders
                    .recommend(known, request.k(), request.exclude())
                    .orElseThrow(() -> new ServiceUnavailableResponse("it was not this request's turn within "
                            + PATIENCE.toSeconds() + " s; ask again in a moment"));
            json(context, answer(request.user(), list, explain));
        });
    }

    private Answers.UserList answer(String user, Recommendation list, boolean explain) {
        List<Listed> items = list.items().stream()
                .map(place -> Listed.of(place, titled(place.item()), explain))
                .toList();
        return new Answers.UserList(
                user,
                clock.millis(),
                list.version(),
                list.generation().number(),
                list.trainedThrough(),
                items,
                list.fallback() == null ? null : list.fallback().label(),
                list.filtered());
    }

    private void user(Context context) {
        listLimit.pass();
        Parameters.of(context);
        String user = valid(EventRules.key(context.pathParam("user"), "user"));
        withContext(
                context,
                user,
                known -> json(
                        context,
                        new Answers.Known(
                                user,
                                users.profile(user).orElse(known.profile()).values(),
                                known.history().consumed(),
                                known.history().seenCount(),
                                known.history().newest().stream()
                                        .map(this::titled)
                                        .toList())));
    }

    private void withContext(Context context, String user, Consumer<UserContext> answer) {
        Place place = contexts.find(user);
        if (place instanceof Place.Here here) {
            answer.accept(here.context());
        } else if (place instanceof Place.Elsewhere elsewhere) {
            forwarder.forward(context, elsewhere);
        } else if (place instanceof Place.OutOfReach outOfReach) {
            throw new ServiceUnavailableResponse(outOfReach.reason());
        }
    }

    private void searchUsers(Context context) {
        searchLimit.pass();
        Parameters parameters = Parameters.of(context, "query", "limit");
        String query = parameters.text("query", QUERY);
        int limit = parameters.number("limit", DEFAULT_FOUND, FOUND);
        search(
                context,
                () -> new Answers.Users(users.search(query, limit).stream()
                        .map(user -> new Answers.Profile(user, attributes(user)))
                        .toList()));
    }

    private void item(Context context) {
        listLimit.pass();
        Parameters.of(context);
        String id = valid(EventRules.key(context.pathParam("item"), "item"));
        json(
                context,
                catalogue
                        .find(id)
                        .map(Titled::of)
                        .orElseThrow(() -> new NotFoundResponse("no item " + EventRules.quote(id) + " is announced"
                                + (catalogue.leftOut() == 0
                                        ? ""
                                        : " among the first " + Catalogue.CAPACITY + ", which are kept"))));
    }

    private void searchItems(Context context) {
        searchLimit.pass();
        Parameters parameters = Parameters.of(context, "query", "limit");
        String query = parameters.text("query", QUERY);
        int limit = parameters.number("limit", DEFAULT_FOUND, FOUND);
        search(
                context,
                () -> new Answers.Items(
                        catalogue.search(query, limit).stream().map(Titled::of).toList()));
    }

    /** Answers when it is the search's turn; the thread that took the request goes on to others meanwhile. */
    private void search(Context context, Supplier<Object> search) {
        CompletableFuture<byte[]> found;
        try {
            found = CompletableFuture.supplyAsync(() -> Answers.bytes(search.get()), searcher);
        } catch (RejectedExecutionException e) {
            throw new TooManyRequestsResponse(
                    "at most " + SEARCHES_WAITING + " searches wait for their turn; ask again in a second");
        }
        context.future(() -> found.thenAccept(
                bytes -> context.contentType("application/json").result(bytes)));
    }

    @Override
    public void close() {
        searcher.shutdown();
    }

    private void model(Context context) {
        listLimit.pass();
        Parameters.of(context);
        json(context, answer(model, catalogue));
    }

    private static Answers.Model answer(ServedModel model, Catalogue catalogue) {
        Optional<ModelRow.Marker> served = model.marker();
        SortedMap<Integer, Long> trainedThrough =
                served.map(ModelRow.Marker::trainedThrough).orElseGet(TreeMap::new);
        return new Answers.Model(
                model.generation().number(),
                served.map(ModelRow.Marker::version).orElse(0L),
                model.settings().preset(),
                model.settings().hash(),
                served.map(ModelRow.Marker::kernel).orElse(null),
                served.map(ModelRow.Marker::frozen).orElse(false),
                served.map(ModelRow.Marker::events).orElse(0L),
                served.map(ModelRow.Marker::batches).orElse(0L),
                trainedThrough,
                served.map(ModelRow.Marker::newestRecordTime).orElse(0L),
                catalogue.size(),
                catalogue.leftOut());
    }

    private Titled titled(String item) {
        return catalogue.find(item).map(Titled::of).orElseGet(() -> Titled.unknown(item));
    }

    private Map<String, List<String>> attributes(String user) {
        return users.profile(user).orElse(Attributes.NONE).values();
    }

    private static <T> T valid(Validated<T> checked) {
        if (checked instanceof Validated.Valid<T> valid) {
            return valid.value();
        }
        throw new BadRequestResponse(
                ((Validated.Rejected<T>) checked).rejection().detail());
    }

    private static void json(Context context, Object answer) {
        context.contentType("application/json").result(Answers.bytes(answer));
    }
}
