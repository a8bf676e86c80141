package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.ToLongFunction;
import org.eridanus.metrics.ProcessMemory;
import org.eridanus.model.NativeMemory;
import org.eridanus.stream.BoundedRocksDb;
import org.jspecify.annotations.Nullable;

/** What a soak measures again and again, in bytes. */
enum SoakSeries {
    HEAP("heap after collection", Kind.HEAP, folder -> heap()),
    CLASSES(
            "classes and code",
            Kind.OFF_HEAP,
            folder ->
                    ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed()),
    DIRECT("direct buffers", Kind.OFF_HEAP, folder -> buffers("direct")),
    MAPPED("mapped files", Kind.OFF_HEAP, folder -> buffers("mapped")),
    ND4J("ND4J", Kind.OFF_HEAP, folder -> NativeMemory.usedBytes()),
    ROCKSDB("RocksDB", Kind.OFF_HEAP, folder -> BoundedRocksDb.usedBytes()),
    RESIDENT(
            "resident",
            Kind.RESIDENT,
            folder -> new ProcessMemory().residentBytes().orElse(0)),
    BROKER_DISK("broker's disk", Kind.DISK, folder -> size(folder.resolve("broker"))),
    STATE_DISK("stores' disk", Kind.DISK, folder -> size(folder.resolve("state")));

    /** Where it is. */
    enum Kind {
        HEAP("Heap after collection"),
        OFF_HEAP("Off heap"),
        RESIDENT("Resident memory of the process"),
        DISK("Disk");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final String label;
    private final Kind kind;
    private final ToLongFunction<Path> measure;

    SoakSeries(String label, Kind kind, ToLongFunction<Path> measure) {
        this.label = label;
        this.kind = kind;
        this.measure = measure;
    }

    String label() {
        return label;
    }

    Kind kind() {
        return kind;
    }

    /** Measures it now; the first one collects garbage before. */
    long measure(Path folder) {
        return measure.applyAsLong(folder);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long buffers(String pool) {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(each -> each.getName().equals(pool))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Bytes of all files but indexes, which the broker makes larger than what is in them. */
    private static long size(Path folder) {
        long[] bytes = {0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = String.valueOf(file.getFileName());
                    bytes[0] += name.endsWith("index") ? 0 : attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // Removed since its folder was read.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the size of " + folder + " cannot be read", e);
        }
        return bytes[0];
    }
}
