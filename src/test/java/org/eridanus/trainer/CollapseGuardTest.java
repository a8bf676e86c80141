package org.eridanus.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CollapseGuardTest {
    private final CollapseGuard guard = new CollapseGuard(new TrainerSettings.Collapse(100, 0.5, 5));

    @Test
    void shouldSeeACollapseOfMoreThanTheShareBeyondChance() {
        feed(4, 40);

        // Expected 0.4, seen 0.1: pooled (160 + 10) / 500, error sqrt(0.34 * 0.66 * (1/100 + 1/400)) = 0.053, 5.66
        // errors.
        assertThat(feed(1, 10)).isTrue();
    }

    @Test
    void shouldPassWhatIsNotBeyondChanceOrNotBelowTheShare() {
        feed(4, 40);

        // Seen 0.14, pooled 0.348, error 0.0533: 4.88 errors.
        assertThat(feed(1, 14)).isFalse();
        assertThat(feed(1, 30)).isFalse();
    }

    @Test
    void shouldFollowAnAccuracyThatFallsSlowly() {
        for (int hits = 60; hits >= 4; hits -= 2) {
            assertThat(feed(1, hits)).as("%d hits", hits).isFalse();
        }
    }

    @Test
    void shouldJudgeNothingBeforeItHasAPast() {
        feed(CollapseGuard.LEAST - 1, 90);

        assertThat(feed(1, 0)).isFalse();
    }

    @Test
    void shouldGoOnFromWhatWasKept() {
        feed(4, 40);
        guard.collapsedWith(true);
        CollapseGuard other = new CollapseGuard(new TrainerSettings.Collapse(100, 0.5, 5));

        other.restore(guard.row());

        boolean collapsed = false;
        for (int i = 0; i < 99; i++) {
            collapsed = other.collapsedWith(false);
        }
        assertThat(collapsed).isTrue();
    }

    @Test
    void shouldBeginAnewAfterAReset() {
        feed(4, 40);

        guard.reset();

        assertThat(feed(1, 0)).isFalse();
        assertThat(guard.takeChanged()).isTrue();
        assertThat(guard.takeChanged()).isFalse();
    }

    @Test
    void shouldNeverStopWhereTheShareIsZero() {
        CollapseGuard off = new CollapseGuard(TrainerSettings.Collapse.NEVER);

        for (int i = 0; i < 20_000; i++) {
            assertThat(off.collapsedWith(i < 10_000)).isFalse();
        }
        assertThat(off.takeChanged()).isFalse();
    }

    @Test
    void shouldRefuseBoundsThatMeanNothing() {
        assertThatThrownBy(() -> new TrainerSettings.Collapse(0, 0.5, 5))
                .hasMessage("trainer.collapse-events must be at least 1, got 0");
        assertThatThrownBy(() -> new TrainerSettings.Collapse(1, Double.NaN, 5))
                .hasMessage("trainer.collapse-share must be in [0, 1], got NaN");
        assertThatThrownBy(() -> new TrainerSettings.Collapse(1, 0.5, -1))
                .hasMessage("trainer.collapse-significance must not be negative, got -1.0");
    }

    /** Feeds blocks with so many hits each; returns whether the last event showed a collapse. */
    private boolean feed(int blocks, int hits) {
        boolean collapsed = false;
        for (int block = 0; block < blocks; block++) {
            for (int event = 0; event < 100; event++) {
                collapsed = guard.collapsedWith(event < hits);
            }
        }
        return collapsed;
    }
}
