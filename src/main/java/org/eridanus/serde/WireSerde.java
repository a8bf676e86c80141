package org.eridanus.serde;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.ServedList;
import org.eridanus.recommend.UserContext;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WireFormat} as Kafka wants it; a null (a tombstone) stays null.
 *
 * <p>Without state, so one may be shared by all threads.
 *
 * @param <T> the type
 */
public final class WireSerde<T> implements Serde<T> {
    private final WireFormat<T> format;

    /** A serde for a format. */
    public WireSerde(WireFormat<T> format) {
        this.format = format;
    }

    /** Values of {@code enriched-interactions}. */
    public static WireSerde<EnrichedInteraction> enrichedInteraction() {
        return new WireSerde<>(new EnrichedInteractionFormat());
    }

    /** Values of {@code training-log}. */
    public static WireSerde<TrainingRecord> trainingRecord() {
        return new WireSerde<>(new TrainingRecordFormat());
    }

    /** Values of {@code catalogue}. */
    public static WireSerde<CatalogueItem> catalogueItem() {
        return new WireSerde<>(new CatalogueItemFormat());
    }

    /** Values of the profile store. */
    public static WireSerde<UserProfile> userProfile() {
        return new WireSerde<>(new UserProfileFormat());
    }

    /** Values of the history store. */
    public static WireSerde<UserHistory> userHistory() {
        return new WireSerde<>(new UserHistoryFormat());
    }

    /** Values of {@code model}, without the optimiser's state. */
    public static WireSerde<ModelRow> modelRow() {
        return new WireSerde<>(new ModelRowFormat(false));
    }

    /** Values of the user context store. */
    public static WireSerde<UserContext> userContext() {
        return new WireSerde<>(new UserContextFormat());
    }

    /** Values of the served list store. */
    public static WireSerde<ServedList> servedList() {
        return new WireSerde<>(new ServedListFormat());
    }

    /** Values of the pending refresh store. */
    public static WireSerde<PendingRefresh> pendingRefresh() {
        return new WireSerde<>(new PendingRefreshFormat());
    }

    @Override
    public Serializer<T> serializer() {
        return new Serializer<>() {
            @Override
            public byte @Nullable [] serialize(String topic, @Nullable T value) {
                return value == null ? null : format.encode(value);
            }
        };
    }

    @Override
    public Deserializer<T> deserializer() {
        return new Deserializer<>() {
            @Override
            public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
                return bytes == null ? null : format.decode(bytes);
            }
        };
    }
}
