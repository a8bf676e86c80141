package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdTest {
    @TempDir
    private Path folder;

    @Test
    void shouldStayWithItsFolder() throws Exception {
        Path one = folder.resolve("one");
        String id = InstanceId.of(one);

        assertThat(InstanceId.of(one)).isEqualTo(id);
        assertThat(InstanceId.of(folder.resolve("other"))).isNotEqualTo(id);
        try (Stream<Path> files = Files.list(one)) {
            assertThat(files).containsExactly(one.resolve(InstanceId.FILE));
        }
    }

    @Test
    void shouldBeMadeUpAgainWhenItsFileIsEmpty() throws Exception {
        Files.createFile(folder.resolve(InstanceId.FILE));

        String id = InstanceId.of(folder);

        assertThat(id).isNotEmpty();
        assertThat(InstanceId.of(folder)).isEqualTo(id);
    }

    @Test
    void shouldBeOneForRolesThatBeginAtTheSameTime() throws Exception {
        int roles = 8;
        ExecutorService threads = Executors.newFixedThreadPool(roles);
        try {
            for (int round = 0; round < 50; round++) {
                Path state = folder.resolve("round-" + round);
                CyclicBarrier together = new CyclicBarrier(roles);
                List<Future<String>> ids = threads.invokeAll(Collections.nCopies(roles, () -> {
                    together.await();
                    return InstanceId.of(state);
                }));

                for (Future<String> id : ids) {
                    assertThat(id.get()).isEqualTo(InstanceId.of(state));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
