package org.eridanus.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.model.Contribution;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.serde.RecommendationJson;
import org.jspecify.annotations.Nullable;

/** The bodies of answers, as {@code openapi.json} describes them, and how they become JSON; NaN becomes null. */
final class Answers {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().registerModule(new SimpleModule().addSerializer(new NanAsNull()));

    private Answers() {}

    /**
     * A user's list.
     *
     * @param user user id
     * @param generatedAt when it was made, ms since the epoch
     * @param modelVersion version of the model, 0 before the first
     * @param modelGeneration which of several models made it
     * @param trainedThrough per source partition, the offset of the last interaction that the version has taken in
     * @param items best first
     * @param fallback why the model did not rank, null where it did
     * @param filtered what was kept out
     */
    record UserList(
            String user,
            long generatedAt,
            long modelVersion,
            int modelGeneration,
            Map<Integer, Long> trainedThrough,
            List<Listed> items,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String fallback,

            Filtered filtered) {}

    /**
     * One place of a list.
     *
     * @param item item id
     * @param title what people call it, the id where that is not known
     * @param attributes of the item
     * @param score higher is better
     * @param why the parts of the score, null where they were not asked for
     */
    record Listed(
            String item,
            String title,
            Map<String, List<String>> attributes,
            float score,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<Reason> why) {
        static Listed of(RecommendedItem place, Titled item, boolean explain) {
            return new Listed(
                    place.item(),
                    item.title(),
                    item.attributes(),
                    RecommendationJson.rounded(place.score()),
                    explain ? place.why().stream().map(Reason::of).toList() : null);
        }
    }

    /**
     * One part of a score.
     *
     * @param combination what it comes from
     * @param contribution what it adds
     */
    record Reason(String combination, float contribution) {
        static Reason of(Contribution part) {
            return new Reason(part.combination(), RecommendationJson.rounded(part.value()));
        }
    }

    /**
     * An item.
     *
     * @param item item id
     * @param title what people call it
     * @param attributes e.g. genres
     */
    record Titled(String item, String title, Map<String, List<String>> attributes) {
        static Titled of(Item item) {
            return new Titled(item.id(), item.title(), item.attributes().values());
        }

        /** An item that the catalogue does not have. */
        static Titled unknown(String id) {
            return new Titled(id, id, Attributes.NONE.values());
        }
    }

    /**
     * Items that were found.
     *
     * @param items the best match first
     */
    record Items(List<Titled> items) {}

    /**
     * Users that were found.
     *
     * @param users the best match first
     */
    record Users(List<Profile> users) {}

    /**
     * A user to pick.
     *
     * @param user user id
     * @param attributes the user's profile, empty where there is none
     */
    record Profile(String user, Map<String, List<String>> attributes) {}

    /**
     * What is known of a user.
     *
     * @param user user id
     * @param attributes the user's profile, empty where there is none
     * @param consumed positive events ever
     * @param seen items that are remembered as met
     * @param history the newest consumed items, newest first
     */
    record Known(String user, Map<String, List<String>> attributes, int consumed, int seen, List<Titled> history) {}

    /**
     * What is served.
     *
     * @param generation which of several models is served
     * @param version the version, 0 for none
     * @param preset name of the preset that it is of
     * @param hash hash of its settings
     * @param kernel what bits depend on, null without a version
     * @param frozen whether learning is stopped
     * @param events interactions that the version has taken in
     * @param batches mini-batches learned
     * @param trainedThrough per source partition, the offset of the last interaction that the version has taken in
     * @param newestRecordTime when the newest of them was produced, ms since the epoch, 0 for none
     * @param items items known by title
     * @param itemsLeftOut announcements of items beyond what is kept by title
     */
    record Model(
            int generation,
            long version,
            String preset,
            String hash,
            @Nullable String kernel,
            boolean frozen,
            long events,
            long batches,
            Map<Integer, Long> trainedThrough,
            long newestRecordTime,
            int items,
            long itemsLeftOut) {}

    /**
     * An interaction was told of.
     *
     * @param partition its partition of {@code interactions}
     * @param offset its offset there
     */
    record Told(int partition, long offset) {}

    /** The JSON of an answer. */
    static String json(Object answer) {
        try {
            return MAPPER.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + answer.getClass() + " as JSON", e);
        }
    }

    /** The JSON of an answer in UTF-8. */
    static byte[] bytes(Object answer) {
        try {
            return MAPPER.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + answer.getClass() + " as JSON", e);
        }
    }

    private static final class NanAsNull extends StdSerializer<Double> {
        @Serial
        private static final long serialVersionUID = 1L;

        NanAsNull() {
            super(double.class, false);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
    }
}
