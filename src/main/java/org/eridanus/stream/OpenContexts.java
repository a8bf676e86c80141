package org.eridanus.stream;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.eridanus.recommend.UserContext;

/**
 * The stores of user contexts whose tasks are at work here, by partition, so that readers need not ask Kafka Streams for
 * them: it answers under locks that its threads hold while they restore or commit, which a question over HTTP would wait
 * for.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class OpenContexts {
    private final ConcurrentMap<Integer, ReadOnlyKeyValueStore<String, UserContext>> stores = new ConcurrentHashMap<>();

    /** A task starts work, its store restored. */
    public void open(int partition, ReadOnlyKeyValueStore<String, UserContext> store) {
        stores.put(partition, store);
    }

    /** A task gives its work up. Where the partition's next task here has opened its store already, that one stays. */
    public void close(int partition, ReadOnlyKeyValueStore<String, UserContext> store) {
        stores.remove(partition, store);
    }

    /** The store of a partition; empty where its task is not at work here. */
    Optional<ReadOnlyKeyValueStore<String, UserContext>> of(int partition) {
        return Optional.ofNullable(stores.get(partition));
    }
}
