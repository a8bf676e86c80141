package org.eridanus.server;

import io.javalin.http.BadGatewayResponse;
import io.javalin.http.Context;
import io.javalin.http.GatewayTimeoutResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.eridanus.recommend.UserContexts.Place;

/**
 * Asks the instance that has a user's partition, and passes its answer on. A request is passed on once: where two
 * instances each hold the other for the owner, while a partition moves, the caller is told to ask again.
 *
 * <p>Threading: safe for use by all threads.
 */
final class Forwarder {
    /** Marks a request that was passed on. */
    static final String FORWARDED = "Eridanus-Forwarded";

    /** Names, in an answer that was passed on, the instance that gave it. */
    static final String ANSWERED_BY = "Eridanus-Answered-By";

    private static final String RETRY = "Retry-After";
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int UNDER_WAY = 64;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final Semaphore free = new Semaphore(UNDER_WAY);

    /** Answers a request with what another instance says. */
    void forward(Context context, Place.Elsewhere owner) {
        if (context.header(FORWARDED) != null) {
            throw new ServiceUnavailableResponse("the user's partition is being moved; ask again in a moment");
        }
        if (!free.tryAcquire()) {
            throw new ServiceUnavailableResponse(
                    "at most " + UNDER_WAY + " requests are passed on at a time; ask again in a moment");
        }
        boolean sent = false;
        try {
            HttpRequest request = HttpRequest.newBuilder(uri(context, owner))
                    .timeout(PATIENCE)
                    .header(FORWARDED, "1")
                    .build();
            context.future(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .whenComplete((response, failure) -> free.release())
                    .handle((response, failure) -> {
                        if (failure != null) {
                            throw refusal(owner, failure);
                        }
                        pass(context, owner, response);
                        return response;
                    }));
            sent = true;
        } finally {
            if (!sent) {
                free.release();
            }
        }
    }

    private static URI uri(Context context, Place.Elsewhere owner) {
        String query = context.queryString();
        try {
            // The path and the query as they came, still encoded.
            return new URI("http://" + owner.host() + ":" + owner.port()
                    + context.req().getRequestURI() + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw new BadGatewayResponse("the owner's address must be host:port, got " + owner.host() + ":"
                    + owner.port() + "; mend its application.server");
        }
    }

    private static void pass(Context context, Place.Elsewhere owner, HttpResponse<byte[]> response) {
        response.headers().firstValue(RETRY).ifPresent(seconds -> context.header(RETRY, seconds));
        context.status(response.statusCode())
                .header(ANSWERED_BY, owner.host() + ":" + owner.port())
                .contentType(response.headers().firstValue("Content-Type").orElse("application/json"))
                .result(response.body());
    }

    private static RuntimeException refusal(Place.Elsewhere owner, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String where = "the instance at " + owner.host() + ":" + owner.port() + ", which has the user's partition, ";
        return cause instanceof HttpTimeoutException
                ? new GatewayTimeoutResponse(where + "must answer within " + PATIENCE.toSeconds() + " s, and did not")
                : new BadGatewayResponse(where + "cannot be asked: " + cause + "; is its application.server right?");
    }
}
