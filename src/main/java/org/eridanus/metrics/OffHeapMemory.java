package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.eridanus.model.NativeMemory;
import org.eridanus.stream.BoundedRocksDb;

/** Memory beside the heap that Java does not know of: RocksDB's and ND4J's. */
final class OffHeapMemory implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Metric.OFF_HEAP.gauge(registry, this, memory -> BoundedRocksDb.usedBytes(), "rocksdb");
        Metric.OFF_HEAP.gauge(registry, this, memory -> NativeMemory.usedBytes(), "nd4j");
        Metric.ROCKSDB_LIMIT.gauge(registry, this, memory -> BoundedRocksDb.TOTAL_BYTES);
    }
}
