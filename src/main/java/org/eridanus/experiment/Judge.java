package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.PrequentialAccuracy;
import org.eridanus.evaluation.Protocol;
import org.eridanus.evaluation.RankCount;
import org.eridanus.evaluation.UserScores;

/** Brings one method and one data set together under a protocol. */
final class Judge {
    private Judge() {}

    /**
     * Leave-one-out: the method observes the training events of all users in the order of time, is fitted, and ranks.
     *
     * @param seeds of candidates and ties; a method that is seeded is made and fitted anew with each
     */
    static HeldOut leaveOneOut(
            Method method,
            InteractionLog log,
            LeaveOneOut.Held held,
            Collection<Protocol> protocols,
            List<Long> seeds) {
        LeaveOneOut split = new LeaveOneOut(log.sequences(), log.items(), held);
        Map<Protocol, List<UserScores>> results = new EnumMap<>(Protocol.class);
        protocols.forEach(protocol -> results.put(protocol, new ArrayList<>()));
        List<String> notes = new ArrayList<>();
        ItemScorer fitted = null;
        for (long seed : seeds) {
            if (fitted == null || method.seeded()) {
                fitted = fitted(method.factory().create(log, seed), log, split);
                if (fitted instanceof OfflineDan network && network.starts() > 1) {
                    notes.add("seed " + seed + ": begun " + network.starts()
                            + " times, because all ReLUs of a layer were dead and every item had the same score");
                }
            }
            split.evaluate(fitted::score, protocols, seed)
                    .forEach((protocol, scores) -> results.computeIfAbsent(protocol, p -> new ArrayList<>())
                            .add(scores));
        }
        return new HeldOut(results, notes);
    }

    /**
     * What became of the items held out.
     *
     * @param scores by protocol, for each seed in turn
     * @param notes which networks had to be begun more than once, for people
     */
    record HeldOut(Map<Protocol, List<UserScores>> scores, List<String> notes) {}

    /** A method that has observed a split's training events, and was fitted. */
    static ItemScorer fitted(ItemScorer scorer, InteractionLog log, LeaveOneOut split) {
        int[] observed = new int[log.users()];
        for (int event = 0; event < log.size(); event++) {
            int user = log.user(event);
            if (observed[user]++ < split.trainingLength(user)) {
                scorer.observe(user, log.item(event));
            }
        }
        scorer.fit();
        return scorer;
    }

    /**
     * Prequential: before the method observes an event, the consumed item is ranked among all candidates that the user
     * has not consumed. Events whose item is no candidate yet are not ranked; they are counted.
     *
     * @param seed of the method and of ties
     */
    static Prequential prequential(Method method, InteractionLog log, long seed) {
        ItemScorer scorer = method.factory().create(log, seed);
        PrequentialAccuracy accuracy = new PrequentialAccuracy(log.users(), log.size());
        Stream stream = new Stream(log);
        float[] scores = new float[log.items()];
        int[] eligible = new int[log.items()];
        long unranked = 0;
        for (int event = 0; event < log.size(); event++) {
            int user = log.user(event);
            int item = log.item(event);
            boolean ranked = stream.isCandidate(item);
            int rank = 0;
            if (scorer instanceof SelfTestingScorer self) {
                Evaluation evaluation = self.testThenLearn(event);
                if (evaluation.ranked() != ranked
                        || (ranked && evaluation.candidates() != stream.eligibleCount(user))) {
                    throw new IllegalStateException("all methods must rank the same candidates, got " + evaluation
                            + " where the log has " + stream.eligibleCount(user) + " at event " + event);
                }
                rank = evaluation.model();
            } else {
                if (ranked) {
                    int count = stream.eligible(user, eligible);
                    scorer.score(user, scores);
                    rank = RankCount.rank(scores, eligible, count, item, tieBreak(seed, event));
                }
                scorer.observe(user, item);
            }
            if (ranked) {
                accuracy.add(event, user, stream.earlier(user), rank);
            } else {
                unranked++;
            }
            stream.consume(user, item);
        }
        return new Prequential(accuracy, unranked);
    }

    /**
     * What became of a stream.
     *
     * @param unranked events whose item was no candidate when it was consumed
     */
    record Prequential(PrequentialAccuracy accuracy, long unranked) {}

    private static double tieBreak(long seed, int event) {
        return new Random(seed * 0x9E3779B97F4A7C15L + event).nextDouble();
    }
}
