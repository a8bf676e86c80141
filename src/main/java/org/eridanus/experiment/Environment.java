package org.eridanus.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Where figures were measured.
 *
 * @param jdk version and vendor
 * @param os name, version and architecture
 * @param cores processors that the JVM may use
 * @param threads methods that ran at a time
 */
public record Environment(String jdk, String os, int cores, int threads) {
    /** This process. */
    public static Environment current(int threads) {
        return new Environment(
                System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                threads);
    }

    /** Adds it to a report's object. */
    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("environment");
        json.writeStringField("jdk", jdk);
        json.writeStringField("os", os);
        json.writeNumberField("cores", cores);
        json.writeNumberField("threads", threads);
        json.writeEndObject();
    }
}
