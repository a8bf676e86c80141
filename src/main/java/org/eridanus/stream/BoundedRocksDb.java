package org.eridanus.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all RocksDB stores in this process together; by default each store of each partition
 * would take about 100 MB. One cache holds blocks, indexes and write buffers. To be named in
 * {@code rocksdb.config.setter}.
 *
 * <p>On disk, what was written over or deleted takes at most half of what is there in addition, where RocksDB by itself
 * lets it grow to twice as much before it merges everything, and a store's list of changes to its files starts anew at
 * {@value #MANIFEST_BYTES} bytes, not at a GiB.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** What all stores may take together, in bytes. */
    public static final long TOTAL_BYTES = 96L << 20;
    /** What of it write buffers may take, in bytes. */
    public static final long WRITE_BYTES = 32L << 20;

    /** Percent of a store's oldest files, about what is live, that newer files may come to before all are merged. */
    static final int MOST_AMPLIFICATION = 50;
    /** Size at which a store's list of changes to its files is begun anew. */
    static final long MANIFEST_BYTES = 64 << 10;

    private static final long WRITE_BUFFER_BYTES = 4L << 20;
    private static final int WRITE_BUFFERS = 2;
    private static final double HIGH_PRIORITY = .1;

    private static volatile boolean opened;

    /** Bytes that all stores take of {@link #TOTAL_BYTES} now, 0 before the first one opens. */
    public static long usedBytes() {
        return opened ? Shared.CACHE.getUsage() : 0;
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(Shared.WRITES);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        options.setCompactionOptionsUniversal(Shared.COMPACTION);
        options.setMaxManifestFileSize(MANIFEST_BYTES);
        opened = true;
    }

    @Override
    public void close(String storeName, Options options) {
        // Cache, buffer manager and how to merge belong to the process, not to a store: they stay.
    }

    /** Made when the first store opens, for only then is RocksDB's library loaded. */
    private static final class Shared {
        static final Cache CACHE = new LRUCache(TOTAL_BYTES, -1, false, HIGH_PRIORITY);
        static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);
        static final CompactionOptionsUniversal COMPACTION =
                new CompactionOptionsUniversal().setMaxSizeAmplificationPercent(MOST_AMPLIFICATION);
    }
}
