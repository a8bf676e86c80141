package org.eridanus.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What went wrong with a request, in the form of RFC 9457.
 *
 * @param type names the kind of problem; {@code about:blank} where the status says it all
 * @param title the status in words
 * @param status HTTP status
 * @param detail what happened, for people
 * @param missing what the pipeline waits for, where that is the problem
 */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> missing) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    Problem {
        missing = List.copyOf(missing);
    }

    static Problem of(int status, String detail) {
        return of(status, detail, List.of());
    }

    static Problem of(int status, String detail, List<String> missing) {
        return new Problem("about:blank", HttpStatus.getMessage(status), status, detail, missing);
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a problem as JSON", e);
        }
    }
}
