package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.eridanus.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

class BoundedRocksDbTest {
    private static final int KEYS = 200;
    private static final int VALUE_BYTES = 2_000;
    private static final int FLUSHES = 900;
    private static final int WRITES_A_FLUSH = 5;
    /** Of files of a few records each, which are merged once there are four of them. */
    private static final long SMALL_FILES = 4L * WRITES_A_FLUSH * VALUE_BYTES;

    private static final Duration POLL = Duration.ofMillis(2);

    @TempDir
    private Path folder;

    @Test
    void shouldBoundWhatIsOnDiskBesideWhatIsLive() throws Exception {
        byte[] value = new byte[VALUE_BYTES];
        Random random = new Random(1);
        long most = 0;
        try (Options options = options();
                RocksDB store = RocksDB.open(options, folder.toString());
                WriteOptions withoutLog = new WriteOptions().setDisableWAL(true);
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            for (int key = 0; key < KEYS; key++) {
                random.nextBytes(value);
                store.put(withoutLog, key(key), value);
            }
            store.flush(flush);
            for (int f = 0; f < FLUSHES; f++) {
                for (int w = 0; w < WRITES_A_FLUSH; w++) {
                    random.nextBytes(value);
                    store.put(withoutLog, key(random.nextInt(KEYS)), value);
                }
                store.flush(flush);
                if (f % 10 == 9) {
                    awaitMerges(store);
                    most = Math.max(most, bytes(".sst"));
                }
            }
        }

        long live = (long) KEYS * VALUE_BYTES;
        assertThat(most)
                .isBetween(live + live / 4, live + live * BoundedRocksDb.MOST_AMPLIFICATION / 100 + 2 * SMALL_FILES);
        assertThat(bytes("MANIFEST-")).isBetween(1L, BoundedRocksDb.MANIFEST_BYTES * 5 / 4);
    }

    /** As Kafka Streams hands them over. */
    private static Options options() {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setTableFormatConfig(new BlockBasedTableConfig());
        new BoundedRocksDb().setConfig("store", options, Map.of());
        return options;
    }

    private static byte[] key(int number) {
        return new byte[] {(byte) (number >> 8), (byte) number};
    }

    /** Waits until none has run for a while: that one is due, as RocksDB sees it, does not mean that it will be done. */
    private static void awaitMerges(RocksDB store) throws RocksDBException {
        for (int idle = 0; idle < 3; idle++) {
            Await.pass(POLL);
            if (store.getLongProperty("rocksdb.num-running-compactions") > 0) {
                idle = -1;
            }
        }
    }

    /** Bytes of the files whose names contain {@code part}. */
    private long bytes(String part) {
        return Arrays.stream(Objects.requireNonNull(folder.toFile().listFiles()))
                .filter(file -> file.getName().contains(part))
                .mapToLong(File::length)
                .sum();
    }
}
