package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
    @TempDir
    private Path root;

    @Test
    void shouldTellTheMachinesMemoryWithoutAGroup() throws IOException {
        write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree: 1 kB\n");

        assertThat(new ProcessMemory(root).limitBytes()).hasValue(8_000_000L * 1024);
        assertThat(new ProcessMemory(root).residentBytes()).isEmpty();
    }

    @Test
    void shouldTellTheLimitOfAGroupOfEitherVersion() throws IOException {
        write("proc/meminfo", "MemTotal:        8000000 kB\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "805306368\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(805_306_368);

        write("sys/fs/cgroup/memory.max", "536870912\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(536_870_912);
    }

    @Test
    void shouldTellTheMachinesMemoryInAGroupWithoutALimit() throws IOException {
        write("proc/meminfo", "MemTotal:        8000000 kB\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(new ProcessMemory(root).limitBytes()).hasValue(8_000_000L * 1024);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
