package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.junit.jupiter.api.Test;

class EventHeadTest {
    private final EnrichedInteractionFormat events = new EnrichedInteractionFormat();
    private final TrainingRecordFormat records = new TrainingRecordFormat();

    @Test
    void shouldReadWhatDecodingReads() {
        for (EnrichedInteraction event : List.of(WireFixtures.FULL, WireFixtures.SMALLEST)) {
            assertThat(EnrichedInteractionFormat.head(events.encode(event))).isEqualTo(headOf(event));
        }
    }

    @Test
    void shouldReadTheEventOfATrainingRecord() {
        byte[] bytes = records.encode(new TrainingRecord.Event(WireFixtures.FULL, 17));

        TrainingRecordFormat.Head head = TrainingRecordFormat.head(bytes);

        assertThat(head.event()).contains(headOf(WireFixtures.FULL));
        assertThat(head.announcement()).isFalse();
    }

    @Test
    void shouldTellAnnouncementsFromOtherRecords() {
        byte[] announced = records.encode(
                new TrainingRecord.ItemAnnounced(WireFixtures.ITEM, WireFixtures.CATALOGUE_ITEM.categories()));
        byte[] tick = records.encode(new TrainingRecord.Tick(5));

        assertThat(TrainingRecordFormat.head(announced))
                .isEqualTo(new TrainingRecordFormat.Head(Optional.empty(), true, false));
        assertThat(TrainingRecordFormat.head(tick))
                .isEqualTo(new TrainingRecordFormat.Head(Optional.empty(), false, false));
    }

    @Test
    void shouldRefuseAHeadThatIsCutShortOrOfAnotherVersion() {
        byte[] bytes = events.encode(WireFixtures.FULL);
        byte[] other = bytes.clone();
        other[0] = 9;

        assertThatThrownBy(() -> EnrichedInteractionFormat.head(Arrays.copyOf(bytes, 8)))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> EnrichedInteractionFormat.head(other)).isInstanceOf(WireException.class);
    }

    private static EventHead headOf(EnrichedInteraction event) {
        return new EventHead(
                event.coordinate(),
                event.user(),
                event.item(),
                event.feedback(),
                event.itemAnnounced(),
                event.repeat());
    }
}
