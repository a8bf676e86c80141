package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The memory that the operating system has given to this process: heap, stores, native buffers and libraries together.
 * Known on Linux, from {@code /proc} and the control group of either version; elsewhere there are no such meters.
 */
public final class ProcessMemory implements MeterBinder {
    private static final String STATUS = "proc/self/status";
    private static final String MACHINE = "proc/meminfo";
    /** Names the groups of this process, a line for each hierarchy: number, controllers, path. */
    private static final String GROUPS = "proc/self/cgroup";

    /** A hierarchy of control groups that may limit memory: the controller's name, empty for version 2, and its files. */
    private enum Hierarchy {
        ONE("memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes"),
        TWO("", "sys/fs/cgroup", "memory.max");

        private final String controller;
        private final String folder;
        private final String limit;

        Hierarchy(String controller, String folder, String limit) {
            this.controller = controller;
            this.folder = folder;
            this.limit = limit;
        }
    }

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

    /**
     * What it may have: the least of the machine's memory and the limits of its control groups, those above them included,
     * in bytes; empty where that is not known. In a container the group is mostly the top of what can be seen; for a
     * service of the machine it is further down.
     */
    public OptionalLong limitBytes() {
        return LongStream.concat(
                        read(MACHINE, "MemTotal:", KIB).stream(),
                        Arrays.stream(Hierarchy.values()).flatMapToLong(this::limits))
                .min();
    }

    private LongStream limits(Hierarchy hierarchy) {
        Path top = Path.of(hierarchy.folder);
        return Stream.iterate(top.resolve(group(hierarchy)).normalize(), path -> path.startsWith(top), Path::getParent)
                .flatMapToLong(path -> read(path.resolve(hierarchy.limit).toString(), "", 1).stream());
    }

    /** The group of this process, seen from the top; empty for the top itself, or where it is not told. */
    private String group(Hierarchy hierarchy) {
        for (String line : lines(GROUPS)) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(hierarchy.controller)) {
                // A group beside the one that was mounted begins with "..".
                return parts[2].replaceFirst("^/(\\.\\./?)*", "");
            }
        }
        return "";
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
        for (String line : lines(name)) {
            if (line.startsWith(field)) {
                String number = line.substring(field.length()).trim().split(" ", 2)[0];
                // A group without a limit says "max", or a number that no machine has.
                return number.matches("\\d{1,18}")
                        ? OptionalLong.of(Long.parseLong(number) * unit)
                        : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    private List<String> lines(String name) {
        Path file = root.resolve(name);
        try {
            return Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            // A container may forbid it: then it is not known.
            return List.of();
        }
    }
}
