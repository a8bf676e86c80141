package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.serde.Json;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.WireSerde;
import org.eridanus.testing.GoldenTopology;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.Test;

class TrainerTopologyTest {
    private static final FeatureSchema SCHEMA = FeatureSchema.online();

    @Test
    void shouldEvaluateEachEventAndCloseEachVersionWithItsMarker() throws IOException {
        try (TopologyTestDriver driver = new TopologyTestDriver(topology().build(), new Properties())) {
            TestInputTopic<String, TrainingRecord> log = driver.createInputTopic(
                    Topics.TRAINING_LOG,
                    new StringSerializer(),
                    WireSerde.trainingRecord().serializer());

            List<TrainingRecord> records = TrainingLogs.walks(SCHEMA, 2, 50, 300, 8);
            records.forEach(log::pipeInput);

            List<KeyValue<String, byte[]>> evaluations = driver.createOutputTopic(
                            Topics.EVALUATIONS, new StringDeserializer(), new ByteArrayDeserializer())
                    .readKeyValuesToList();
            List<KeyValue<String, byte[]>> rows = driver.createOutputTopic(
                            Topics.MODEL, new StringDeserializer(), new ByteArrayDeserializer())
                    .readKeyValuesToList();
            JsonNode last = Json.mapper().readTree(evaluations.get(299).value);
            assertThat(evaluations).hasSize(300);
            assertThat(last.at("/coordinate/offset").asLong()).isEqualTo(299);
            assertThat(last.at("/outcome").asText()).isEqualTo("ranked");
            assertThat(last.at("/ranks/model").asInt())
                    .isBetween(1, last.at("/candidates").asInt());
            assertThat(rows.get(rows.size() - 1).key).isEqualTo(ModelRow.Marker.KEY);
            ModelRow.Marker marker =
                    (ModelRow.Marker) new ModelRowFormat(false).decode(rows.get(rows.size() - 1).value);
            assertThat(marker.records()).isEqualTo(records.size());
            assertThat(marker.preset()).isEqualTo("association");
        }
    }

    @Test
    void shouldBeTheTopologyThatIsCommitted() throws IOException {
        GoldenTopology.check("trainer", topology().build(), getClass());
    }

    private static TrainerTopology topology() {
        return new TrainerTopology(
                new ModelDefinition(Presets.association(), SCHEMA),
                Generation.FIRST,
                TopicNames.PLAIN,
                TrainerSettings.DEFAULT,
                TrainerMonitor.NONE);
    }
}
