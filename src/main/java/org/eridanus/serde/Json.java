package org.eridanus.serde;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.eridanus.event.Limits;

/**
 * The one way in which JSON is read and written here. Reading is bounded in size, depth and length of names and
 * numbers, and refuses a name that occurs twice in one object, because readers of such input disagree on
 * which value counts. {@code NaN} and {@code Infinity} are read as numbers, so that the rule they break can be
 * named.
 *
 * <p>Both are safe for use by all threads.
 */
public final class Json {
    /** Deepest nesting that is read. */
    public static final int MAX_DEPTH = 16;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(Limits.RECORD_BYTES)
                    .maxStringLength(Limits.RECORD_BYTES)
                    .maxNameLength(1_024)
                    .maxNumberLength(256)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // Names come from outside and need not repeat: no shared table of them that could grow or be attacked.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private Json() {}

    /** The factory of bounded parsers, and of generators. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** A mapper over {@link #factory()}; it must not be configured further. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
