package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.model.ModelSettings;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.RoleException;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicException;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms this JVM up before anything counts: a pipeline apart from the real one, with topics, groups, stores and a model of
 * its own, works through a small synthetic world on the same broker, and is removed with all that it left.
 *
 * <p>What is slow about the first seconds of a JVM is everything: classes are loaded, code is interpreted until it is
 * compiled, the broker makes its internal topics with the first group and the first transaction, native libraries are
 * loaded. So everything takes part, clients and broker included, and nothing of the real pipeline does.
 *
 * <p>Threading: for one thread.
 */
final class Rehearsal {
    /** What the names of its topics, groups and transactions begin with. */
    static final String PREFIX = "rehearsal-";

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final SyntheticWorld.Settings WORLD =
            SyntheticWorld.Settings.defaults().withSize(200, 600, 4_000).withClusters(12);

    /** How long the demo waits for a rehearsal to begin, and again for it to end, before it goes on without. */
    static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final Duration LONGEST_REPLAY = Duration.ofSeconds(4);
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int WINDOW = 500;
    private static final int EVENTS_PER_REQUEST = 20;
    private static final byte[] REQUEST = "{\"k\":10}".getBytes(UTF_8);

    private final String bootstrapServers;
    private final ModelSettings model;
    private final int partitions;
    private final Duration patience;
    private final Runnable check;

    /**
     * A rehearsal that has not begun.
     *
     * @param bootstrapServers the broker
     * @param model the preset to rehearse with
     * @param partitions of the topics
     * @param patience how long the roles may take to run, and to finish what they were given
     * @param check throws if there is no point in going on
     */
    Rehearsal(String bootstrapServers, ModelSettings model, int partitions, Duration patience, Runnable check) {
        this.bootstrapServers = bootstrapServers;
        this.model = model;
        this.partitions = partitions;
        this.patience = patience;
        this.check = check;
    }

    /**
     * Rehearses. A rehearsal that fails is told of and costs nothing but the first seconds' speed.
     *
     * @return whether it got to its end
     */
    boolean run() {
        Dataset world = SyntheticWorld.generate(WORLD);
        TopicNames names = new TopicNames(PREFIX);
        try (TemporaryFolder folder = new TemporaryFolder("eridanus-rehearsal");
                Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            remove(admin);
            new TopicApplier(admin, new TopicSettings(partitions, 1, names))
                    .apply(TopicFiles.find().load());
            StreamsSettings streams =
                    StreamsSettings.of(bootstrapServers, folder.path()).withPrefix(PREFIX);
            Pipeline pipeline = Pipeline.of(
                    PipelineSettings.of(model).withTopics(names),
                    streams,
                    Clock.systemUTC(),
                    PipelineSettings.Monitors.NONE);
            try (pipeline;
                    AccountingReader accounting = new AccountingReader(bootstrapServers, names, List.of());
                    EventPublisher publisher = new EventPublisher(bootstrapServers, names)) {
                pipeline.start();
                accounting.start();
                world.users().forEach(publisher::publish);
                world.items().forEach(publisher::publish);
                pipeline.awaitRunning(patience);
                replay(world.interactions(), accounting, publisher);
            } finally {
                if (stopped(pipeline)) {
                    remove(admin);
                }
            }
            return true;
        } catch (KafkaException | RoleException | TopicException | IllegalStateException e) {
            LOG.warn("the rehearsal failed, so that the first seconds will be slow: {}", e.getMessage());
            return false;
        }
    }

    /** Whether nobody misses the topics; those of a pipeline that is slow to stop are removed at the next start. */
    private static boolean stopped(Pipeline pipeline) {
        return pipeline.roles().stream()
                .allMatch(role -> pipeline.streams(role).orElseThrow().state() == KafkaStreams.State.NOT_RUNNING);
    }

    private void replay(List<Interaction> interactions, AccountingReader accounting, EventPublisher publisher) {
        long began = System.nanoTime();
        int published = 0;
        for (Interaction interaction : interactions) {
            while (published - accounting.progress().done() >= WINDOW && !late(began, LONGEST_REPLAY)) {
                pause();
            }
            if (late(began, LONGEST_REPLAY)) {
                break;
            }
            publisher.publish(interaction);
            if (published++ % EVENTS_PER_REQUEST == 0) {
                publisher.send(Topics.RECOMMENDATION_REQUESTS, interaction.user(), REQUEST);
            }
        }
        publisher.flush();
        // Roles that have nothing left to do stop at once.
        while (accounting.progress().done() < published && !late(began, LONGEST_REPLAY.plus(patience))) {
            pause();
        }
        LOG.info("rehearsed with {} events", published);
    }

    private void pause() {
        check.run();
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private static boolean late(long began, Duration longest) {
        return System.nanoTime() - began >= longest.toNanos();
    }

    /** Removes topics and groups; those of a rehearsal that was killed as well. */
    private static void remove(Admin admin) {
        get(admin.deleteTopics(topics(admin)).all());
        long began = System.nanoTime();
        // A topic that is being removed would look like one that is there to whoever creates it.
        while (!topics(admin).isEmpty() && !late(began, ADMIN_PATIENCE)) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Collection<GroupListing> groups = get(admin.listGroups().all());
        get(admin.deleteConsumerGroups(groups.stream()
                        .map(GroupListing::groupId)
                        .filter(id -> id.startsWith(PREFIX))
                        .toList())
                .all());
    }

    private static Set<String> topics(Admin admin) {
        return get(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toSet());
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while rehearsing", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the broker must answer, and did not: " + e, e);
        }
    }
}
