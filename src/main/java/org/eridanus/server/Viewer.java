package org.eridanus.server;

import io.javalin.http.sse.SseClient;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One that looks on: its messages wait for a thread of its own, so that a slow one holds up nobody. One that falls too
 * far behind is let go; it may connect again, and is then told how things are.
 *
 * <p>Threading: safe for use by all threads.
 */
final class Viewer {
    private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);
    private static final int WAITING = 256;
    private static final int SILENCE_SECONDS = 10;

    private final SseClient client;
    private final String user;
    private final Consumer<Viewer> leaving;
    private final LongConsumer leftOut;
    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;
    private volatile boolean leave;
    private volatile boolean behind;

    /**
     * A server-sent event.
     *
     * @param event its name
     * @param data JSON
     */
    record Message(String event, String data) {}

    /**
     * A viewer that is not told anything before {@link #start}.
     *
     * @param user whose lists it wants to see, empty for nobody's
     * @param leaving is told when it leaves
     * @param leftOut is told how many messages it did not get because it was let go
     */
    Viewer(SseClient client, String user, Consumer<Viewer> leaving, LongConsumer leftOut) {
        this.client = client;
        this.user = user;
        this.leaving = leaving;
        this.leftOut = leftOut;
        this.thread = new Thread(this::run, "live-viewer");
        this.thread.setDaemon(true);
    }

    void start() {
        client.keepAlive();
        client.onClose(this::close);
        thread.start();
    }

    String user() {
        return user;
    }

    /** Puts a message in its queue; never blocks. */
    void offer(Message message) {
        if (behind || !waiting.offer(message)) {
            leftOut.accept(1);
            if (!behind) {
                LOG.warn("a viewer that is {} messages behind is let go", WAITING);
                behind = true;
                close();
            }
        }
    }

    private void run() {
        int sending = 0;
        try {
            while (!leave && !client.terminated()) {
                Message message = waiting.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    client.sendComment("nothing new");
                } else {
                    sending = 1;
                    client.sendEvent(message.event(), message.data());
                    // Let go of while this one was on its way, it may not have got it.
                    sending = leave ? 1 : 0;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("a viewer leaves");
        } finally {
            if (behind) {
                leftOut.accept(waiting.size() + sending);
            }
            // Ends the answer, which writes in this thread.
            Thread.interrupted();
            try {
                client.close();
            } finally {
                leaving.accept(this);
            }
        }
    }

    /** Lets go of it; called by its own thread as well, when that ends the answer. */
    void close() {
        leave = true;
        if (Thread.currentThread() != thread) {
            thread.interrupt();
        }
    }

    /**
     * Waits until its answer has ended: a server that stops before that takes the answer from under it.
     *
     * @param millis ms at most
     */
    void awaitEnd(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
    }
}
