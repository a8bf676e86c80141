package org.eridanus.testing;

/** A broker that a test may stop and start: what differs between one in this JVM and one in a container. */
public interface BrokerServer extends AutoCloseable {
    /** Where clients connect; the same after every start. */
    String bootstrapServers();

    /** Stops it in an orderly way and keeps its data. */
    void stop();

    /** Starts it again after a stop, on its data. */
    void start();

    /** Stops it for good and deletes its data. */
    @Override
    void close();
}
