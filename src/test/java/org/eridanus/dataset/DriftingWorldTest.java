package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.junit.jupiter.api.Test;

class DriftingWorldTest {
    @Test
    void shouldMeetEverMoreWhileOnlySoManyAreThere() {
        Watch watch = new Watch();
        DriftingWorld world = new DriftingWorld(1, 50, 100);
        world.begin(watch);

        for (int i = 0; i < 20_000; i++) {
            world.next(watch);
            assertThat(watch.onSale).hasSize(100);
        }

        assertThat(world.itemsEver()).isEqualTo(100 + 20_000 / 50);
        assertThat(world.usersEver()).isEqualTo(50 + 20_000 / 40 + 20_000 / 1_000);
        assertThat(watch.consumed).hasSizeGreaterThan(450);
        assertThat(watch.members)
                .as("10 at a time, and those who came after them, but for the last")
                .hasSizeBetween(29, 30);
        assertThat(watch.registered).as("registered and not forgotten").hasSizeBetween(10, 10 + 15);
        assertThat(watch.strays).isEqualTo(20_000 / 200 - 20_000 / 1_000);
        assertThat(watch.broken).isEqualTo(20_000 / 500);
        assertThat(watch.withdrawnConsumed).as("events of what is not on sale").isZero();
    }

    @Test
    void shouldBeTheSameOfOneSeedAndAnotherOfAnother() {
        assertThat(events(3)).isEqualTo(events(3)).isNotEqualTo(events(4));
    }

    private static List<Interaction> events(long seed) {
        Watch watch = new Watch();
        DriftingWorld world = new DriftingWorld(seed, 20, 100);
        world.begin(watch);
        for (int i = 0; i < 500; i++) {
            world.next(watch);
        }
        return watch.interactions;
    }

    private static final class Watch implements DriftingWorld.Listener {
        final Set<String> onSale = new HashSet<>();
        final Set<String> registered = new HashSet<>();
        final Set<String> consumed = new HashSet<>();
        final Set<String> members = new HashSet<>();
        final List<Interaction> interactions = new ArrayList<>();
        int strays;
        int broken;
        int withdrawnConsumed;

        @Override
        public void registered(UserProfile profile) {
            registered.add(profile.id());
        }

        @Override
        public void left(String user) {
            assertThat(registered.remove(user)).isTrue();
        }

        @Override
        public void announced(Item item) {
            onSale.add(item.id());
        }

        @Override
        public void withdrawn(String item) {
            assertThat(onSale.remove(item)).isTrue();
        }

        @Override
        public void consumed(Interaction interaction) {
            interactions.add(interaction);
            consumed.add(interaction.item());
            if (interaction.user().startsWith("member-")) {
                members.add(interaction.user());
            }
            if (interaction.item().startsWith("stray-")) {
                strays++;
            } else if (!onSale.contains(interaction.item())) {
                withdrawnConsumed++;
            }
        }

        @Override
        public void broken(String user) {
            broken++;
        }
    }
}
