package org.eridanus.stream;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Values of a store that tell of it when they cannot be read. Kafka Streams restores bytes without a look at them: what
 * is damaged shows when it is read, amid the work on a record that is not to blame.
 */
final class StoredValues {
    private StoredValues() {}

    /** The same serde, for one store. */
    static <T> Serde<T> of(String store, Serde<T> values) {
        Deserializer<T> deserializer = values.deserializer();
        return Serdes.serdeFrom(values.serializer(), new Deserializer<>() {
            @Override
            public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
                try {
                    return deserializer.deserialize(topic, bytes);
                } catch (RuntimeException e) {
                    throw new StoreException(store, e);
                }
            }
        });
    }
}
