package org.eridanus.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What a cluster answers to a command that waits for it. */
final class ClusterAnswer {
    /** How long most commands wait. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private ClusterAnswer() {}

    /**
     * Waits for an answer.
     *
     * @param rule what the cluster has to do, for people: {@code the cluster must tell how far the trainer is}
     * @throws KafkaException if the cluster refuses, or does not answer in time
     */
    static <T> T of(KafkaFuture<T> future, Duration patience, String rule) {
        try {
            return await(future, patience, rule);
        } catch (ExecutionException e) {
            throw refused(rule, e);
        }
    }

    /** The same of what is asked about a group; empty where there is no such group. */
    static <T> Optional<T> ofGroup(KafkaFuture<T> future, Duration patience, String rule) {
        try {
            return Optional.ofNullable(await(future, patience, rule));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw refused(rule, e);
        }
    }

    private static <T> T await(KafkaFuture<T> future, Duration patience, String rule) throws ExecutionException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted; " + rule, e);
        } catch (TimeoutException e) {
            throw new KafkaException("the cluster did not answer within " + patience.toSeconds() + " s", e);
        }
    }

    private static KafkaException refused(String rule, ExecutionException e) {
        return new KafkaException(rule + ": " + e.getCause(), e);
    }
}
