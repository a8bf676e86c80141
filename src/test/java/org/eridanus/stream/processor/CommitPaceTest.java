package org.eridanus.stream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private static final long START = 1_000_000;

    private final CommitPace pace = new CommitPace();
    private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
    private final CommitPace.Part part = pace.part(context);

    @Test
    void shouldAskForNothingWhileNothingWasWritten() {
        part.read();

        part.look(START);

        assertThat(committed()).isFalse();
    }

    @Test
    void shouldCommitWhatWasWrittenAtTheNextLook() {
        write(1);

        look();

        assertThat(committed()).isTrue();
        context.resetCommit();
        look();
        assertThat(committed()).as("nothing was written since").isFalse();
    }

    @Test
    void shouldLookByItself() {
        write(1);

        look();

        assertThat(context.scheduledPunctuators())
                .singleElement()
                .satisfies(each -> assertThat(each.getInterval()).isEqualTo(CommitPace.LOOK));
        assertThat(committed()).isTrue();
    }

    @Test
    void shouldLeaveTheThreadThreeQuartersOfItsTime() {
        write(1);
        part.look(START);
        context.resetCommit();

        context.setCurrentSystemTimeMs(START + 40); // the commit took 40 ms
        write(1);
        part.look(START + 159);
        assertThat(committed()).isFalse();

        part.look(START + 160);
        assertThat(committed()).isTrue();
    }

    @Test
    void shouldLeaveManyRecordsToTheCommitInterval() {
        commit(START);

        write(151);
        part.look(START + 100);
        assertThat(committed()).as("1 510 records a second").isFalse();

        write(150);
        part.look(START + 200);
        assertThat(committed()).as("1 500 records a second").isTrue();
    }

    @Test
    void shouldCommitTheLastOfManyRecords() {
        commit(START);
        write(1_000);
        part.look(START + 100);

        part.look(START + 120);

        assertThat(committed()).isTrue();
    }

    @Test
    void shouldCommitForAllTasksOfAThreadAtOnce() {
        MockProcessorContext<String, byte[]> otherContext = new MockProcessorContext<>();
        CommitPace.Part other = pace.part(otherContext);
        write(1);
        other.read();
        other.wrote();

        part.look(START);
        other.look(START + 50);

        assertThat(committed()).isTrue();
        assertThat(otherContext.committed()).as("committed by the first").isFalse();
    }

    @Test
    void shouldNotWaitForAClockThatWasSetBack() {
        write(1);
        part.look(START);
        context.resetCommit();

        context.setCurrentSystemTimeMs(START - 10_000);
        write(1);
        part.look(START - 10_000);

        assertThat(committed()).isTrue();
    }

    /** A commit that takes 5 ms. */
    private void commit(long at) {
        write(1);
        part.look(at);
        part.look(at + 5);
        context.resetCommit();
    }

    private void write(int records) {
        for (int i = 0; i < records; i++) {
            part.read();
        }
        part.wrote();
    }

    private void look() {
        context.scheduledPunctuators().get(0).getPunctuator().punctuate(START);
    }

    private boolean committed() {
        return context.committed();
    }
}
