package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SyntheticWorldSettingsTest {
    private static final SyntheticWorld.Settings DEFAULTS = SyntheticWorld.Settings.defaults();

    @Test
    void shouldChangeOnlyWhatIsAsked() {
        LocalDate from = LocalDate.of(2010, 2, 3);
        LocalDate to = LocalDate.of(2011, 4, 5);

        SyntheticWorld.Settings changed = DEFAULTS.withSeed(1)
                .withSize(300, 400, 500)
                .withClusters(6)
                .withSkew(0.7)
                .withBehaviour(0.1, 0.2)
                .withDrift(0.9)
                .withRepeatShare(0.3)
                .withDays(from, to);

        assertThat(changed)
                .isEqualTo(new SyntheticWorld.Settings(1, 300, 400, 500, 6, 0.7, 0.1, 0.2, 0.9, 0.3, from, to));
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        assertRefused(
                settings -> settings.withSize(0, 1_200, 50_000), "synthetic.users must be from 1 to 1000000, got 0");
        assertRefused(settings -> settings.withSize(800, 1, 50_000), "synthetic.items must be from 2 to 100000, got 1");
        assertRefused(
                settings -> settings.withSize(800, 1_200, 0), "synthetic.events must be from 1 to 10000000, got 0");
        assertRefused(settings -> settings.withClusters(0), "synthetic.clusters must be from 1 to 1000, got 0");
        assertRefused(settings -> settings.withSize(10, 20, 30), "synthetic.clusters must be from 1 to 20, got 24");
        assertRefused(settings -> settings.withSkew(3.5), "synthetic.skew must be from 0.0 to 3.0, got 3.5");
        assertRefused(settings -> settings.withDrift(-0.1), "synthetic.drift must be from 0.0 to 1.0, got -0.1");
        assertRefused(settings -> settings.withDrift(Double.NaN), "synthetic.drift must be from 0.0 to 1.0, got NaN");
        assertRefused(
                settings -> settings.withRepeatShare(1.0), "synthetic.repeatShare must be at least 0 and below 1");
        assertRefused(settings -> settings.withBehaviour(0.6, 0.5), "must be at most 1 together, got 0.6 and 0.5");
        assertRefused(
                settings -> settings.withDays(settings.to(), settings.from()),
                "synthetic.from must be before synthetic.to");
    }

    @Test
    void shouldRefuseMoreEventsThanUsersCanHave() {
        SyntheticWorld.Settings still = DEFAULTS.withDrift(0.0).withClusters(2);

        assertRefused(
                settings -> still.withSize(10, 20, 101),
                "synthetic.events must be at most 100 with 10 users and 20 items");
    }

    private static void assertRefused(UnaryOperator<SyntheticWorld.Settings> change, String message) {
        assertThatThrownBy(() -> change.apply(DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
