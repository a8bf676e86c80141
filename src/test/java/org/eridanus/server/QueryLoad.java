package org.eridanus.server;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a running server for recommendations at a steady rate and tells how long answers took, from when each request was
 * due, so that a server that falls behind is not spared.
 *
 * <p>Arguments: address, requests a second, seconds to warm up, seconds to measure. It needs nothing but a JDK: {@code java
 * src/test/java/org/eridanus/server/QueryLoad.java http://127.0.0.1:8080 200 15 30}.
 */
final class QueryLoad {
    private static final double MILLIS = 1e6;

    private QueryLoad() {}

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        int warmUp = Integer.parseInt(arguments[2]) * rate;
        int requests = warmUp + Integer.parseInt(arguments[3]) * rate;
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<String> users = users(client, server);
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        AtomicInteger failed = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(requests);
        long began = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            long due = began + i * TimeUnit.SECONDS.toNanos(1) / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
            }
            boolean counts = i >= warmUp;
            URI uri = server.resolve("/recommendations/" + users.get(i % users.size()) + "?k=10");
            client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
                    .whenComplete((response, failure) -> {
                        if (failure != null || response.statusCode() != 200) {
                            failed.incrementAndGet();
                        } else if (counts) {
                            nanos.add(System.nanoTime() - due);
                        }
                        left.countDown();
                    });
        }
        if (!left.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError(left.getCount() + " requests were not answered within 30 s");
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%d requests/s, %d answers measured, %d failed: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                rate,
                sorted.length,
                failed.get(),
                quantile(sorted, .5),
                quantile(sorted, .9),
                quantile(sorted, .99),
                quantile(sorted, 1));
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / MILLIS;
    }

    private static List<String> users(HttpClient client, URI server) throws Exception {
        String found = client.send(
                        HttpRequest.newBuilder(server.resolve("/users?limit=50"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        List<String> users = new ArrayList<>();
        Matcher ids = Pattern.compile("\"user\":\"([^\"\\\\]+)\"").matcher(found);
        while (ids.find()) {
            users.add(URLEncoder.encode(ids.group(1), StandardCharsets.UTF_8));
        }
        if (users.isEmpty()) {
            throw new AssertionError("no users yet: " + found);
        }
        return users;
    }
}
