package org.eridanus.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.LoggingFaultHandler;

/**
 * What a broker leaves behind that was killed: the controller takes it for alive until its session ends, by default
 * for nine seconds.
 *
 * <p>A successor that starts meanwhile does more than wait. It believes that it leads its partitions already, loads
 * the transactions that were committed and lack their markers, and tries to send these. When the old session ends
 * the partitions have no leader for a moment, and Kafka 4.3 may take them for deleted: the transaction is then complete
 * without a marker, and what was acknowledged stays invisible to read-committed readers for ever. So the old session
 * is ended first, by a controller that runs alone and briefly.
 */
final class KilledBroker {
    private static final String CLEAN = ".kafka_cleanshutdown";
    private static final String METADATA = "__cluster_metadata-0";
    private static final Duration SESSION = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KilledBroker() {}

    /** Whether the last broker on this folder had no chance to close it. */
    static boolean wasHere(Path folder) {
        return Files.exists(folder.resolve(METADATA)) && !Files.exists(folder.resolve(CLEAN));
    }

    /**
     * Ends the session of the broker that was killed.
     *
     * @param controllerConfig of a controller alone
     * @throws EmbeddedBrokerException if that does not come about
     */
    static void fence(Map<String, String> controllerConfig) {
        Map<String, String> settings = new HashMap<>(controllerConfig);
        settings.put("broker.session.timeout.ms", String.valueOf(SESSION.toMillis()));
        settings.put("broker.heartbeat.interval.ms", String.valueOf(SESSION.toMillis() / 5));
        KafkaConfig config = new KafkaConfig(settings, false);
        String folder = config.metadataLogDir();
        try {
            MetaPropertiesEnsemble properties = new MetaPropertiesEnsemble.Loader()
                    .addLogDirs(List.of(folder))
                    .addMetadataLogDir(folder)
                    .load();
            FaultHandlerFactory faults = (name, fatal, action) -> new LoggingFaultHandler(name, action);
            SharedServer shared = new SharedServer(
                    config,
                    properties,
                    Time.SYSTEM,
                    new Metrics(),
                    CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(
                            List.of(settings.getOrDefault("controller.quorum.voters", "")))),
                    List.of(),
                    faults,
                    ServerSocketFactory.INSTANCE);
            ControllerServer controller =
                    new ControllerServer(shared, KafkaRaftServer.configSchema(), new BootstrapDirectory(folder).read());
            try {
                controller.startup();
                FencedBroker broker = new FencedBroker();
                shared.loader().installPublishers(List.of(broker));
                broker.fenced.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                EmbeddedBroker.stop(controller::shutdown);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedBrokerException("interrupted while cleaning up after a killed broker in " + folder, e);
        } catch (TimeoutException e) {
            throw new EmbeddedBrokerException(
                    "could not clean up after a killed broker in " + folder + ": its session did not end within "
                            + PATIENCE.toSeconds() + " s; try again, or choose another folder",
                    e);
        } catch (Exception e) {
            throw new EmbeddedBrokerException("could not clean up after a killed broker in " + folder + ": " + e, e);
        }
    }

    /** Tells when the metadata, once read to their end, have no broker that counts as alive. */
    private static final class FencedBroker implements MetadataPublisher {
        private final CompletableFuture<Void> fenced = new CompletableFuture<>();

        @Override
        public String name() {
            return "FencedBroker";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            if (image.cluster().brokers().values().stream().allMatch(BrokerRegistration::fenced)) {
                fenced.complete(null);
            }
        }
    }
}
