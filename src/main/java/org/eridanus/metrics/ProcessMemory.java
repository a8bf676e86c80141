package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The memory that the operating system has given to this process: heap, stores, native buffers and libraries together.
 * Known on Linux, from {@code /proc} and the control group of either version; elsewhere there are no such meters.
 */
public final class ProcessMemory implements MeterBinder {
    private static final String STATUS = "proc/self/status";
    private static final String MACHINE = "proc/meminfo";
    /** Of control groups version 2, and of version 1. */
    private static final List<String> CONTROL_GROUPS =
            List.of("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes");

    private static final long KIB = 1024;

    private final Path root;

    /** The memory of this process. */
    public ProcessMemory() {
        this(Path.of("/"));
    }

    /** The memory that the files below a folder tell of. */
    ProcessMemory(Path root) {
        this.root = root;
    }

    /** What it has now, in bytes; empty where that is not known. */
    public OptionalLong residentBytes() {
        return read(STATUS, "VmRSS:", KIB);
    }

    /** The most it has had, in bytes; empty where that is not known. */
    public OptionalLong peakBytes() {
        return read(STATUS, "VmHWM:", KIB);
    }

    /** What it may have: the control group's limit or the machine's memory, in bytes; empty where that is not known. */
    public OptionalLong limitBytes() {
        return LongStream.concat(
                        read(MACHINE, "MemTotal:", KIB).stream(),
                        CONTROL_GROUPS.stream().flatMapToLong(group -> read(group, "", 1).stream()))
                .min();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (residentBytes().isEmpty()) {
            return;
        }
        Metric.RESIDENT.gauge(registry, this, memory -> orNaN(memory.residentBytes()));
        Metric.RESIDENT_PEAK.gauge(registry, this, memory -> orNaN(memory.peakBytes()));
        Metric.MEMORY_LIMIT.gauge(registry, this, memory -> orNaN(memory.limitBytes()));
    }

    private static double orNaN(OptionalLong bytes) {
        return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
    }

    private OptionalLong read(String name, String field, long unit) {
        Path file = root.resolve(name);
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(field)) {
                    String number = line.substring(field.length()).trim().split(" ", 2)[0];
                    // A group without a limit says "max", or a number that no machine has.
                    return number.matches("\\d{1,18}")
                            ? OptionalLong.of(Long.parseLong(number) * unit)
                            : OptionalLong.empty();
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            // A container may forbid it: then it is not known.
            return OptionalLong.empty();
        }
    }
}
