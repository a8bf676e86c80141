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

    @Test
    void shouldFindTheGroupBelowTheTopAndKeepToTheLeastLimitAboveIt() throws IOException {
        write("proc/meminfo", "MemTotal:        8000000 kB\n");
        write("proc/self/cgroup", "3:cpuset:/\n4:cpu,memory:/batch/eridanus\n0::/batch.slice/eridanus.service\n");
        write("sys/fs/cgroup/memory/batch/eridanus/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/batch/memory.limit_in_bytes", "805306368\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(805_306_368);

        write("sys/fs/cgroup/batch.slice/eridanus.service/memory.max", "536870912\n");
        write("sys/fs/cgroup/batch.slice/memory.max", "max\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(536_870_912);
    }

    @Test
    void shouldTellTheLimitOfTheTopWhereTheGroupCannotBeSeen() throws IOException {
        write("proc/meminfo", "MemTotal:        8000000 kB\n");
        write("proc/self/cgroup", "4:memory:/docker/0123\n0::/../../outside\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "805306368\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(805_306_368);

        write("sys/fs/cgroup/memory.max", "536870912\n");
        assertThat(new ProcessMemory(root).limitBytes()).hasValue(536_870_912);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
