package org.eridanus.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a running server for recommendations at a steady rate and tells how long answers took, from when each request was
 * due, so that a server that falls behind is not spared. A few connections, a thread each, write requests as bytes and
 * read answers to their end: on a machine that it shares with the server it takes next to nothing away from it.
 *
 * <p>Arguments: address, requests a second, seconds to warm up, seconds to measure. It needs nothing but a JDK: {@code java
 * src/test/java/org/eridanus/server/QueryLoad.java http://127.0.0.1:8080 200 15 30}.
 */
final class QueryLoad {
    private static final double MILLIS = 1e6;
    /** So many requests are under way at most; one that is due meanwhile waits, and its wait counts. */
    private static final int CONNECTIONS = 16;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private QueryLoad() {}

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        int warmUp = Integer.parseInt(arguments[2]) * rate;
        int requests = warmUp + Integer.parseInt(arguments[3]) * rate;
        List<String> users;
        try (Connection connection = new Connection(server)) {
            users = users(connection);
        }
        long[] nanos = new long[requests];
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        long began = System.nanoTime();
        for (int c = 0; c < CONNECTIONS; c++) {
            Thread thread = new Thread(() -> {
                try (Connection connection = new Connection(server)) {
                    for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                        long due = began + i * TimeUnit.SECONDS.toNanos(1) / rate;
                        while (System.nanoTime() < due) {
                            LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                        }
                        String user = users.get(i % users.size());
                        if (connection.get("/recommendations/" + user + "?k=10").isEmpty()) {
                            failed.incrementAndGet();
                        } else {
                            nanos[i] = System.nanoTime() - due;
                        }
                    }
                } catch (IOException e) {
                    System.err.println("a connection ended: " + e);
                    failed.incrementAndGet();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] sorted = Arrays.stream(nanos, warmUp, requests)
                .filter(each -> each > 0)
                .sorted()
                .toArray();
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

    private static List<String> users(Connection connection) throws IOException {
        String found = connection.get("/users?limit=50");
        List<String> users = new ArrayList<>();
        Matcher ids = Pattern.compile("\"user\":\"([^\"\\\\]+)\"").matcher(found);
        while (ids.find()) {
            users.add(URLEncoder.encode(ids.group(1), UTF_8));
        }
        if (users.isEmpty()) {
            throw new AssertionError("no users yet: " + found);
        }
        return users;
    }

    /** A connection that is kept for many requests. */
    private static final class Connection implements AutoCloseable {
        private final String host;
        private final Socket socket;
        private final InputStream in;

        Connection(URI server) throws IOException {
            host = server.getAuthority();
            socket = new Socket(server.getHost(), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        }

        /** The body of an answer; empty where its status is not 200. */
        String get(String path) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1));
            boolean good = line().startsWith("HTTP/1.1 200 ");
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                Matcher told = LENGTH.matcher(header);
                if (told.matches()) {
                    length = Integer.parseInt(told.group(1));
                }
            }
            if (length < 0) {
                throw new IOException("an answer without a length");
            }
            byte[] body = in.readNBytes(length);
            return good ? new String(body, UTF_8) : "";
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the server closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
