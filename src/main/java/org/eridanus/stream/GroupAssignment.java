package org.eridanus.stream;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions the members of a consumer group have, as its broker says.
 *
 * <p>The broker is asked by one client that is kept, by one caller at a time and not at each call: an answer, or that there
 * was none within {@link #PATIENCE}, holds for {@link #FRESH}, unless other partitions are asked for than before.
 *
 * <p>Threading: safe for use by all threads; one that comes while another asks does not wait.
 */
final class GroupAssignment implements AutoCloseable {
    /** For an answer. */
    static final Duration PATIENCE = Duration.ofSeconds(2);
    /** How long an answer holds. */
    static final Duration FRESH = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(GroupAssignment.class);

    private final String group;
    private final Supplier<Admin> clients;
    private final LongSupplier nanoTime;
    private final ReentrantLock asking = new ReentrantLock();
    private @Nullable Admin client;
    private boolean closed;
    private volatile Answer last;

    /**
     * What the broker said.
     *
     * @param wanted the partitions that were asked for
     * @param assigned all that the members have, none where there was no answer
     * @param nanos when
     */
    private record Answer(Set<TopicPartition> wanted, Set<TopicPartition> assigned, long nanos) {}

    /**
     * A group.
     *
     * @param clients makes the client; called when there is something to ask
     * @param nanoTime tells how old an answer is
     */
    GroupAssignment(String group, Supplier<Admin> clients, LongSupplier nanoTime) {
        this.group = group;
        this.clients = clients;
        this.nanoTime = nanoTime;
        this.last = new Answer(Set.of(), Set.of(), nanoTime.getAsLong());
    }

    /** Which of these partitions a member has; none as long as the broker has not said so. */
    Set<TopicPartition> among(Set<TopicPartition> wanted) {
        Answer answer = last;
        boolean same = answer.wanted.equals(wanted);
        if (same && nanoTime.getAsLong() - answer.nanos < FRESH.toNanos()) {
            return shared(answer, wanted);
        }
        if (!asking.tryLock()) {
            return same ? shared(answer, wanted) : Set.of();
        }
        try {
            answer = new Answer(Set.copyOf(wanted), closed ? Set.of() : ask(), nanoTime.getAsLong());
            last = answer;
        } finally {
            asking.unlock();
        }
        return shared(answer, wanted);
    }

    private static Set<TopicPartition> shared(Answer answer, Set<TopicPartition> wanted) {
        Set<TopicPartition> shared = new HashSet<>(wanted);
        shared.retainAll(answer.assigned);
        return shared;
    }

    private Set<TopicPartition> ask() {
        Set<TopicPartition> assigned = new HashSet<>();
        try {
            if (client == null) {
                client = clients.get();
            }
            client.describeConsumerGroups(List.of(group))
                    .all()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .forEach(described -> described
                            .members()
                            .forEach(member ->
                                    assigned.addAll(member.assignment().topicPartitions())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // Then what is assigned here has to do.
            LOG.debug("{}: cannot ask for the group's assignment: {}", group, e.toString());
        }
        return assigned;
    }

    @Override
    public void close() {
        asking.lock();
        try {
            closed = true;
            if (client != null) {
                client.close(Duration.ZERO);
            }
        } finally {
            asking.unlock();
        }
    }
}
