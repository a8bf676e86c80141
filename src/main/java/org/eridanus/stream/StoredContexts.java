package org.eridanus.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.InvalidStateStorePartitionException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.eridanus.recommend.UserContext;
import org.eridanus.recommend.UserContexts;

/**
 * The contexts in the scorer's stores. A user's is with the instance that has the user's partition; the group tells
 * where that is, if every instance names its HTTP address by Kafka's setting {@code application.server}.
 *
 * <p>A context may be a few milliseconds ahead of what is committed.
 *
 * <p>Threading: safe for use by all threads.
 */
final class StoredContexts implements UserContexts {
    private static final String MOVING = "the user's partition is being moved or restored; ask again in a moment";

    private final OpenContexts open;
    private final KafkaStreams streams;
    private final Optional<HostInfo> here;
    private final IntSupplier partitions;

    /**
     * The stores of one scorer.
     *
     * @param open the stores that are read without asking Kafka Streams
     * @param streams tells where the others are
     * @param here what this instance calls itself in the group, if it does
     * @param partitions how many partitions users are split into, 0 where that is not known yet
     */
    StoredContexts(OpenContexts open, KafkaStreams streams, Optional<HostInfo> here, IntSupplier partitions) {
        this.open = open;
        this.streams = streams;
        this.here = here;
        this.partitions = partitions;
    }

    @Override
    public Place find(String user) {
        int count = partitions.getAsInt();
        if (count == 0) {
            return new Place.OutOfReach("the scorer has not started; ask again in a moment");
        }
        try {
            return new Place.Here(read(user, partition(user, count)));
        } catch (InvalidStateStorePartitionException e) {
            return here.map(self -> elsewhere(user, self))
                    .orElseGet(() -> new Place.OutOfReach("the user's partition is not with this instance, and it does"
                            + " not know where else: set application.server on every instance to its HTTP address,"
                            + " host:port"));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            return new Place.OutOfReach(MOVING);
        }
    }

    /** As producers choose a partition by default; Kafka Streams can be asked for it only where instances have names. */
    private static int partition(String user, int count) {
        return Utils.toPositive(Utils.murmur2(user.getBytes(UTF_8))) % count;
    }

    private UserContext read(String user, int partition) {
        ReadOnlyKeyValueStore<String, UserContext> store = open.of(partition)
                .orElseGet(() -> streams.store(StoreQueryParameters.fromNameAndType(
                                ScorerNames.USER_CONTEXT_STORE,
                                QueryableStoreTypes.<String, UserContext>keyValueStore())
                        .withPartition(partition)));
        UserContext context = store.get(user);
        return context == null ? UserContext.UNKNOWN : context;
    }

    private Place elsewhere(String user, HostInfo self) {
        try {
            KeyQueryMetadata owner =
                    streams.queryMetadataForKey(ScorerNames.USER_CONTEXT_STORE, user, new StringSerializer());
            if (owner == null || owner.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                return new Place.OutOfReach(MOVING);
            }
            HostInfo host = owner.activeHost();
            return host.equals(HostInfo.unavailable()) || host.equals(self)
                    ? new Place.OutOfReach(MOVING)
                    : new Place.Elsewhere(host.host(), host.port());
        } catch (IllegalStateException e) {
            return new Place.OutOfReach(MOVING);
        }
    }
}
