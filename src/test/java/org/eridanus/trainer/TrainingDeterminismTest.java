package org.eridanus.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.Sha256;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.BlasKernel;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.serde.ModelRowFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingDeterminismTest {
    /** Of every row of every version that {@link #log} leads to with preset {@code association}. */
    private static final String ASSOCIATION_ROWS = "4ac0e2dd96fe0bdeee8e6280a310d82e2d1890c990d7679de3f36ff2fbad4cee";

    /** The same with a tower, by the kernel that BLAS chose and by preset. */
    private static final Map<String, Map<String, String>> TOWER_ROWS = Map.of(
            // Haswell, Zen
            "blas-8fa9700a",
            Map.of(
                    "online",
                    "aeb34735f0273ae9c83690b75568b1beb3038b661a50bcaad64a23c9670e7fb9",
                    "paper",
                    "49254fac6ec837743f10ae2a2fb27dafd82c4375dbfd4194baa2abfdce17c30f"),
            // SkylakeX, which the launcher asks for where there is AVX-512
            "blas-c8538dbd",
            Map.of(
                    "online",
                    "d26fc99badce3b820e105bc4b50ebe22da9dcf5a3179f30fb3dc35735a9779fc",
                    "paper",
                    "374563d36ee9404086688f5cd6a3e54f8929774c7ea4e0013d4c70bb86d78998"),
            // Sandybridge
            "blas-262e409a",
            Map.of(
                    "online",
                    "19da582cecba01ff3fd3ab3f4ad43c2c9e564728fa3c17cee1b65531fe6743ec",
                    "paper",
                    "5f559764b9c4a838c54964801e82228a60a7584741d06d607de360b567a6703f"),
            // Nehalem, Atom
            "blas-ec7c53c9",
            Map.of(
                    "online",
                    "0eb21c27b2130e48c86ff91e071d76afe297f99e9e95adbfde16a1037b21b5e3",
                    "paper",
                    "b9c3088d92f4a09e224048324228cd3d7a1173a78ebf62edea2354ecb9da6b3f"));

    @Test
    void shouldReachTheSameBitsOnEveryJdkAndProcessor() {
        Digest digest = run("association", log(FeatureSchema.online()));

        assertThat(digest.rows).as("rows worth hashing").isGreaterThan(2_000);
        assertThat(digest.hex())
                .as("the rows that training reaches have other bytes than those committed. That is right only where the"
                        + " model, its preset, the order of its arithmetic, the training log of this test or the format"
                        + " of rows was changed on purpose: then commit the new value and say what changed. A JDK, a"
                        + " processor or a flag of the JVM must never change it, because a stored training log would no"
                        + " longer lead to the stored model.")
                .isEqualTo(ASSOCIATION_ROWS);
    }

    /** With a tower the bits depend on the kernel that BLAS chose: of one that nobody knows yet, two runs are compared. */
    @ParameterizedTest
    @ValueSource(strings = {"online", "paper"})
    void shouldReachTheSameBitsOnEveryJdkWithATower(String preset) {
        List<TrainingRecord> log = log(Presets.schema(Presets.named(preset)));

        Digest first = run(preset, log);
        String bits = first.hex();

        assertThat(first.rows).isGreaterThan(1_000);
        assertThat(run(preset, log).hex()).isEqualTo(bits);
        String kernel = BlasKernel.fingerprint();
        assertThat(bits)
                .as("rows of preset %s with kernel %s; see above for when another value is right", preset, kernel)
                .isEqualTo(TOWER_ROWS.getOrDefault(kernel, Map.of()).getOrDefault(preset, bits));
    }

    @Test
    void shouldReachOtherBitsFromAnotherOrder() {
        List<TrainingRecord> log = log(FeatureSchema.online());
        List<TrainingRecord> swapped = new ArrayList<>(log);
        int at = 400;
        while (!(swapped.get(at) instanceof TrainingRecord.Event
                && swapped.get(at + 1) instanceof TrainingRecord.Event)) {
            at++;
        }
        swapped.set(at, log.get(at + 1));
        swapped.set(at + 1, log.get(at));

        assertThat(run("association", swapped).hex())
                .isNotEqualTo(run("association", log).hex());
    }

    /** Events of all kinds, with items that come and go, a forgotten user, a freeze, and a window that overflows. */
    private static List<TrainingRecord> log(FeatureSchema schema) {
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(schema, 3, 60, 1_200, 2));
        log.add(250, event(schema, "u3", "never announced", 5_000));
        log.add(300, event(schema, "u4", "i4", 5_001));
        log.add(301, event(schema, "u4", "i4", 5_002));
        log.add(500, new TrainingRecord.UserForgotten("u7"));
        log.add(600, new TrainingRecord.ItemRemoved("i11"));
        log.add(710, new TrainingRecord.Freeze("test"));
        log.add(714, new TrainingRecord.Resume("test"));
        log.add(800, new TrainingRecord.ItemAnnounced(new Item("late", "Late", Attributes.NONE), Map.of()));
        return log;
    }

    private static TrainingRecord event(FeatureSchema schema, String user, String item, long offset) {
        return new TrainingRecord.Event(TrainingLogs.event(schema, user, item, offset, 1_000_000), 1_000_000);
    }

    private static Digest run(String preset, List<TrainingRecord> log) {
        OnlineTrainer trainer = new OnlineTrainer(
                Presets.named(preset),
                ModelDefinition.ofPreset(preset).features(),
                new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05));
        Digest digest = new Digest();
        for (TrainingRecord record : log) {
            trainer.accept(record);
            if (trainer.endsVersion(record)) {
                trainer.close(digest);
            }
        }
        assertThat(trainer.droppedEvents()).as("the window overflowed").isPositive();
        return digest;
    }

    /** SHA-256 of the rows, with the optimiser's state, and of the keys of removed ones, in the order of writing. */
    private static final class Digest implements VersionWriter {
        private static final ModelRowFormat ROWS = new ModelRowFormat(true);

        private final MessageDigest sha = Sha256.digest();
        private int rows;

        @Override
        public void row(ModelRow row) {
            sha.update(row.key().getBytes(UTF_8));
            sha.update(ROWS.encode(row));
            rows++;
        }

        @Override
        public void removed(String key) {
            sha.update(key.getBytes(UTF_8));
        }

        @Override
        public void sequence(SequenceChunk chunk) {
            // In the store only, and in no order that matters.
        }

        String hex() {
            return HexFormat.of().formatHex(sha.digest());
        }
    }
}
