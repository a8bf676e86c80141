package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.model.Presets;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalIT {
    @TempDir
    private Path folder;

    @Test
    void shouldLeaveNothingBehindAndTouchNothingOfTheRealPipeline() throws Exception {
        DemoOptions options = new DemoOptions(
                Presets.online(), 0, false, Optional.empty(), Optional.empty(), OptionalInt.of(0), 0, 4);
        try (LocalPipeline pipeline = LocalPipeline.start(options, folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()))) {
            // What a rehearsal left that was killed.
            admin.createTopics(List.of(new NewTopic(Rehearsal.PREFIX + Topics.MODEL, 2, (short) 1)))
                    .all()
                    .get();

            boolean done = new Rehearsal(
                            pipeline.bootstrapServers(), options.model(), 4, Duration.ofSeconds(60), () -> {})
                    .run();

            assertThat(done).isTrue();
            Set<String> topics = admin.listTopics().names().get();
            assertThat(topics).contains(Topics.MODEL).noneMatch(topic -> topic.startsWith(Rehearsal.PREFIX));
            assertThat(admin.listGroups().all().get())
                    .extracting(GroupListing::groupId)
                    .noneMatch(group -> group.startsWith(Rehearsal.PREFIX));
            for (String untouched : List.of(
                    Topics.USERS,
                    Topics.ITEMS,
                    Topics.INTERACTIONS,
                    Topics.ENRICHED_INTERACTIONS,
                    Topics.EVALUATIONS,
                    Topics.RECOMMENDATIONS)) {
                assertThat(records(admin, untouched)).as(untouched).isZero();
            }
        }
    }

    private static long records(Admin admin, String topic) throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()),
                                partition -> OffsetSpec.latest())))
                .all()
                .get()
                .values()
                .stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }
}
