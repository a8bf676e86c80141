package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    void shouldRunLargePartsAloneAfterTheOthers() {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch met = new CountDownLatch(2);
        List<Workers.Part<Integer>> parts = IntStream.range(0, 6)
                .mapToObj(number -> new Workers.Part<>("part " + number, number < 4, () -> {
                    int beside = running.incrementAndGet();
                    if (number >= 4) {
                        met.countDown();
                        assertThat(met.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                                .isTrue();
                    } else {
                        TimeUnit.MILLISECONDS.sleep(20);
                        beside = Math.max(beside, running.get());
                    }
                    running.decrementAndGet();
                    return number < 4 ? beside : number;
                }))
                .toList();
        List<String> done = new ArrayList<>();

        List<Integer> results =
                Workers.run(parts, 4, (count, total, what) -> done.add(count + "/" + total + " " + what));

        // Of those alone: how many ran at once. Results keep the order of their parts.
        assertThat(results).containsExactly(1, 1, 1, 1, 4, 5);
        assertThat(done.subList(0, 2)).allMatch(line -> line.endsWith("part 4") || line.endsWith("part 5"));
        assertThat(done.subList(2, 6)).containsExactly("3/6 part 0", "4/6 part 1", "5/6 part 2", "6/6 part 3");
    }
}
