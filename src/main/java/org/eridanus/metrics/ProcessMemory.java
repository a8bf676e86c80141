package org.eridanus.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory that the operating system has given to this process: heap, stores, native buffers and libraries together.
 * Known on Linux, from {@code /proc/self/status}; elsewhere there are no such meters.
 */
public final class ProcessMemory implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long KIB = 1024;

    /** What it has now, in bytes; empty where that is not known. */
    public OptionalLong residentBytes() {
        return read("VmRSS:");
    }

    /** The most it has had, in bytes; empty where that is not known. */
    public OptionalLong peakBytes() {
        return read("VmHWM:");
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (residentBytes().isEmpty()) {
            return;
        }
        Gauge.builder("process.memory.resident", this, memory -> orNaN(memory.residentBytes()))
                .description("Memory that the operating system has given to the process")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        Gauge.builder("process.memory.peak", this, memory -> orNaN(memory.peakBytes()))
                .description("The most that it has been given")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    private static double orNaN(OptionalLong bytes) {
        return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
    }

    private static OptionalLong read(String field) {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(field)) {
                    String[] words = line.substring(field.length()).trim().split(" ", 2);
                    return OptionalLong.of(Long.parseLong(words[0]) * KIB);
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            // A container may forbid it: then it is not known.
            return OptionalLong.empty();
        }
    }
}
