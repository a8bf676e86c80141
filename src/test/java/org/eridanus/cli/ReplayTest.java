package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.accounting.Progress;
import org.eridanus.event.Interaction;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventPublisher publisher = new EventPublisher(producer, TopicNames.PLAIN);

    @Test
    void shouldPublishInOrderAndNoFasterThanTheRate() {
        // Classes are loaded by then, which takes a busy machine as long.
        replay(0, 10, this::published);
        producer.clear();

        Duration elapsed = replay(100, 50, this::published);

        assertThat(elapsed)
                .as("the last of 50 at 100 events/s is due 49 / 100 s after the first")
                .isGreaterThanOrEqualTo(Duration.ofMillis(490));
        assertThat(producer.history())
                .extracting(each -> new String(each.key(), UTF_8))
                .isEqualTo(interactions(50).stream().map(Interaction::user).toList());
    }

    @Test
    void shouldHaveSoManyUnderWayAndNoMore() {
        SlowPipeline pipeline = new SlowPipeline(Replay.WINDOW + 100);

        replay(0, Replay.WINDOW + 100, pipeline::done);

        assertThat(pipeline.mostUnderWay).isEqualTo(Replay.WINDOW);
    }

    @Test
    void shouldWaitUntilTheLastIsDone() {
        int[] looks = new int[1];

        replay(0, 10, () -> published() < 10 || ++looks[0] > 5 ? published() : 9);

        assertThat(looks[0]).isEqualTo(6);
    }

    @Test
    void shouldEndWithTheCheck() {
        Replay replay = new Replay(
                publisher,
                () -> Progress.NONE,
                () -> {
                    throw new IllegalStateException("a role has stopped");
                },
                0,
                Screen.none());

        assertThatThrownBy(() -> replay.run(interactions(10))).hasMessage("a role has stopped");
        assertThat(producer.history()).isEmpty();
    }

    /** Gets an event done at every third look, once as many are under way as ever will be. */
    private final class SlowPipeline {
        private final int all;
        private long done;
        private long looks;
        private long mostUnderWay;

        SlowPipeline(int all) {
            this.all = all;
        }

        long done() {
            mostUnderWay = Math.max(mostUnderWay, published() - done);
            if (published() == all) {
                done = all;
            } else if (published() - done >= Replay.WINDOW && ++looks % 3 == 0) {
                done++;
            }
            return done;
        }
    }

    private interface Done {
        long count();
    }

    private Duration replay(double rate, int events, Done done) {
        return new Replay(publisher, () -> progress(done.count()), () -> {}, rate, Screen.none())
                .run(interactions(events));
    }

    private long published() {
        return producer.history().size();
    }

    private static List<Interaction> interactions(int events) {
        return IntStream.range(0, events)
                .mapToObj(each -> new Interaction("u" + each, "i", "view", null, each))
                .toList();
    }

    /** As many refused as are done. */
    private static Progress progress(long done) {
        return new Progress(done, done, 0, 0, 0, 0, 0, 0, 0, 0, false, Double.NaN, Double.NaN, Double.NaN);
    }
}
