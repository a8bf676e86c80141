package org.eridanus.stream.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Publication;
import org.eridanus.recommend.ServedModel;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.FreshnessTracker;
import org.eridanus.stream.ScorerMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the rows of the model to where they are served; a marker publishes what was staged before it.
 *
 * <p>Threading: used by the global thread alone, and without state of its own, for Kafka Streams reads what the topic
 * holds at the start through another instance than what comes later.
 */
public final class LoadModelProcessor implements Processor<byte @Nullable [], byte @Nullable [], Void, Void> {
    private static final Logger LOG = LoggerFactory.getLogger(LoadModelProcessor.class);
    private static final ModelRowFormat ROWS = new ModelRowFormat(false);

    private final ServedModel model;
    private final FreshnessTracker freshness;
    private final ScorerMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<Void, Void> context;

    /** A step that fills a model. */
    public LoadModelProcessor(ServedModel model, FreshnessTracker freshness, ScorerMonitor monitor) {
        this.model = model;
        this.freshness = freshness;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> record) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (key == null) {
            skip("it has no key");
        } else {
            try {
                take(Generation.parse(new String(key, UTF_8)), value);
            } catch (WireException e) {
                skip(e.getMessage());
            }
        }
    }

    private void take(Generation.Key key, byte @Nullable [] value) {
        if (key.own().equals(Generation.SERVED)) {
            if (value != null) {
                tell(model.serve(ModelDefinitionJson.served(value)));
            }
        } else if (value == null) {
            model.stageRemoval(key.generation(), key.own());
        } else if (key.own().equals(Generation.DEFINITION)) {
            model.define(key.generation(), ModelDefinitionJson.read(value));
        } else {
            ModelRow row = ROWS.decode(value);
            if (row instanceof ModelRow.Marker marker) {
                tell(model.publish(key.generation(), marker));
            } else {
                model.stage(key.generation(), row);
            }
        }
    }

    private void tell(Publication publication) {
        if (publication instanceof Publication.Refused refused) {
            LOG.error("{}", refused.reason());
            monitor.versionRefused(refused.reason());
        } else if (publication instanceof Publication.Served served) {
            ModelRow.Marker marker = served.marker();
            if (served.startedOver()) {
                LOG.warn("version {} of the model does not follow on the one before: starting over", marker.version());
            }
            if (served.unfit() > 0) {
                LOG.error(
                        "version {} of the model holds {} rows that do not fit preset {}; they are left out",
                        marker.version(),
                        served.unfit(),
                        marker.preset());
                monitor.rowsSkipped(ScorerMonitor.Skip.UNFIT, served.unfit());
            }
            monitor.versionLoaded(marker);
            freshness.served(marker);
        }
    }

    private void skip(@Nullable String why) {
        String where = context.recordMetadata()
                .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
                .orElse("a row of the model");
        LOG.error("{} is not a row of the model and is left out: {}", where, why);
        monitor.rowsSkipped(ScorerMonitor.Skip.UNDECODABLE, 1);
    }
}
