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
    private static final String ASSOCIATION_ROWS = "429a75818028c1d7b687b5633ebee242ae159185d9764b02c8f9b21a683c1c9c";

    /** The same with a tower, by the kernel that BLAS chose and by preset. */
    private static final Map<String, Map<String, String>> TOWER_ROWS = Map.of(
            // Haswell, Zen
            "blas-8fa9700a",
            Map.of(
                    "online",
                    "e70130bcc9dc42407cd34f94cacb2c92b896403811239e5a3d08a519c098321b",
                    "paper",
                    "49254fac6ec837743f10ae2a2fb27dafd82c4375dbfd4194baa2abfdce17c30f"),
            // SkylakeX, which the launcher asks for where there is AVX-512
            "blas-c8538dbd",
            Map.of(
                    "online",
                    "209e34b435980c630fbb2c7f44bbf29e3ead21cf22f281eb21c43add80b5ad6a",
                    "paper",
                    "374563d36ee9404086688f5cd6a3e54f8929774c7ea4e0013d4c70bb86d78998"),
            // Sandybridge
            "blas-262e409a",
            Map.of(
                    "online",
                    "e69b0a82ab8bbdc7e2dc2059e78d385bd5e7eea1bbf8a112fbba17109fa70aed",
                    "paper",
                    "5f559764b9c4a838c54964801e82228a60a7584741d06d607de360b567a6703f"),
            // Nehalem, Atom
            "blas-ec7c53c9",
            Map.of(
                    "online",
                    "a10fd2020835982d2fc2ffb5793450cb355188597ca6c60945af543b09987909",
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
