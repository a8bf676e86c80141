package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory that the operating system has given to this process: heap, stores, native buffers and libraries together.
 * Known on Linux, from {@code /proc} and the control group (version 2); elsewhere there are no such meters.
 */
public final class ProcessMemory implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path CONTROL_GROUP = Path.of("/sys/fs/cgroup/memory.max");
    private static final long KIB = 1024;

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
        OptionalLong machine = read(MACHINE, "MemTotal:", KIB);
        OptionalLong group = read(CONTROL_GROUP, "", 1);
        return machine.isPresent() && group.isPresent()
                ? OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()))
                : machine;
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

    private static OptionalLong read(Path file, String field, long unit) {
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(field)) {
                    String number = line.substring(field.length()).trim().split(" ", 2)[0];
                    // A group without a limit says "max".
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
