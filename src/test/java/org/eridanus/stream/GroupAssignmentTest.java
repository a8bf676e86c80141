package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.eridanus.testing.Await;
import org.junit.jupiter.api.Test;

class GroupAssignmentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GROUP = "scorer";
    private static final TopicPartition HERE = new TopicPartition("interactions", 0);
    private static final TopicPartition THERE = new TopicPartition("interactions", 1);

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void shouldAskOnceForAllWhoComeWithinAMoment() {
        try (GroupAssignment group = answering(KafkaFuture.completedFuture(described(HERE)))) {
            assertThat(group.among(Set.of(HERE, THERE))).containsExactly(HERE);
            now.addAndGet(GroupAssignment.FRESH.toNanos() - 1);
            assertThat(group.among(Set.of(HERE, THERE))).containsExactly(HERE);
            assertThat(questions).hasValue(1);

            now.addAndGet(1);
            assertThat(group.among(Set.of(HERE, THERE))).containsExactly(HERE);
            assertThat(questions).hasValue(2);
        }
        assertThat(clients).hasValue(1);
        assertThat(closed).hasValue(1);
    }

    /** A thread that has lost a partition must not hear who had it before. */
    @Test
    void shouldAskAtOnceForOtherPartitions() {
        try (GroupAssignment group = answering(KafkaFuture.completedFuture(described(HERE)))) {
            assertThat(group.among(Set.of(THERE))).isEmpty();
            assertThat(group.among(Set.of(HERE))).containsExactly(HERE);

            assertThat(questions).hasValue(2);
        }
    }

    @Test
    void shouldHoldUpNobodyElseWhileOneWaitsForAnAnswer() throws Exception {
        KafkaFutureImpl<ConsumerGroupDescription> answer = new KafkaFutureImpl<>();
        try (GroupAssignment group = answering(answer)) {
            CompletableFuture<Set<TopicPartition>> first =
                    CompletableFuture.supplyAsync(() -> group.among(Set.of(HERE)));
            Await.until(PATIENCE, () -> questions.get() == 1, "the question");

            assertThat(group.among(Set.of(HERE))).as("not known yet").isEmpty();
            assertThat(first).isNotDone();

            answer.complete(described(HERE));
            assertThat(first.get()).containsExactly(HERE);
            assertThat(group.among(Set.of(HERE))).containsExactly(HERE);
            assertThat(questions).hasValue(1);
        }
    }

    @Test
    void shouldAskNothingOnceItIsClosed() {
        GroupAssignment group = answering(KafkaFuture.completedFuture(described(HERE)));
        group.close();

        assertThat(group.among(Set.of(HERE))).isEmpty();
        assertThat(clients).hasValue(0);
    }

    /** Connections are taken, and nothing is ever said. */
    @Test
    void shouldNotWaitLongForASilentBrokerNorAskItAgainAtOnce() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                GroupAssignment group = new GroupAssignment(
                        GROUP,
                        () -> {
                            clients.incrementAndGet();
                            return Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort()));
                        },
                        now::get)) {
            long began = System.nanoTime();
            assertThat(group.among(Set.of(HERE))).isEmpty();
            Duration first = Duration.ofNanos(System.nanoTime() - began);
            for (int i = 0; i < 100; i++) {
                assertThat(group.among(Set.of(HERE))).isEmpty();
            }
            Duration all = Duration.ofNanos(System.nanoTime() - began);
            now.addAndGet(GroupAssignment.FRESH.toNanos());
            assertThat(group.among(Set.of(HERE))).isEmpty();

            assertThat(first).isBetween(GroupAssignment.PATIENCE, GroupAssignment.PATIENCE.multipliedBy(3));
            assertThat(all.minus(first)).isLessThan(GroupAssignment.PATIENCE);
            assertThat(clients).hasValue(1);
        }
    }

    private GroupAssignment answering(KafkaFuture<ConsumerGroupDescription> answer) {
        Admin admin = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("describeConsumerGroups")) {
                        questions.incrementAndGet();
                        return new DescribeConsumerGroupsResult(Map.of(GROUP, answer));
                    }
                    assertThat(method.getName()).isEqualTo("close");
                    closed.incrementAndGet();
                    return null;
                });
        return new GroupAssignment(
                GROUP,
                () -> {
                    clients.incrementAndGet();
                    return admin;
                },
                now::get);
    }

    private static ConsumerGroupDescription described(TopicPartition assigned) {
        MemberDescription member =
                new MemberDescription("m", Optional.empty(), "c", "h", new MemberAssignment(Set.of(assigned)));
        return new ConsumerGroupDescription(
                GROUP,
                true,
                List.of(member),
                "streams",
                GroupType.CLASSIC,
                GroupState.STABLE,
                Node.noNode(),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }
}
