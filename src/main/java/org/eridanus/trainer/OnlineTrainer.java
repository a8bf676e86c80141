package org.eridanus.trainer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eridanus.baseline.DecayedPopularity;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.RankCount;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.BlasKernel;
import org.eridanus.model.Candidates;
import org.eridanus.model.Context;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.EmbeddingTable;
import org.eridanus.model.Example;
import org.eridanus.model.IncrementalLearner;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.PairCounts;
import org.eridanus.model.SeededRandom;

/**
 * Tests on each event, then learns from it: ranks the consumed item among every candidate with the model as it is,
 * beside popularity and sequential rules, and only then takes the event into the pending mini-batch. A user's first event
 * is ranked by what users start with, because that is what is recommended to a user without a history.
 *
 * <p>What it does is a function of the records it was given, in their order, and of its settings. A mini-batch is cut by
 * count or by a tick that closes the version; a version is closed by a tick that is old enough or by count. Between two
 * versions nothing but the records themselves needs to be kept: given the rows of a version and the records after it,
 * another trainer reaches the same bits.
 *
 * <p>Threading: not thread-safe.
 */
public final class OnlineTrainer {
    private static final long PURPOSE_TIES = 0x74696573L;
    private static final long PURPOSE_REPLAY = 0x7265706CL;
    /** Ranks that count as hits for the guard. */
    private static final int HITS = 10;
    /** One in so many items of the bound is evicted at once. */
    private static final int EVICTED_SHARE = 8;
    /** A tick that lies so many ms before what it follows tells of a clock that was set back, not of two that differ. */
    private static final long SET_BACK = 4_000;

    private static final int[][] NO_CATEGORIES = new int[0][];

    private final ModelSettings settings;
    private final TrainerSettings limits;
    private final DeepAssociationNetwork network;
    private final IncrementalLearner learner;
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final Candidates top = new Candidates();
    private final TreeMap<Integer, Long> trainedThrough = new TreeMap<>();
    private final Example[] examples;
    private final UserSequences sequences;
    private final CollapseGuard guard;
    /** The control line's counts; the model's where it counts alike. */
    private final PairCounts rules;
    /** Both of them, or the one that they are. */
    private final List<PairCounts> counts;

    private DecayedPopularity popularity;
    /** Popularity among users' first positive events, which it numbers on their own. */
    private DecayedPopularity startPopularity;

    private int[] eligible = new int[0];
    private float[] towerOutputs = new float[0];
    private boolean[] masked = new boolean[0];
    private int pending;
    private long version;
    private long records;
    private long recordsAtVersion;
    private long events;
    /** Users' first positive events. */
    private long starts;

    private long batches;
    private long batchesAtVersion;
    private long refusedItems;
    private long evictedItems;
    /** Users who were evicted since the last version. */
    private final Set<String> evictedUsers = new LinkedHashSet<>();
    /** Per item: the record it was seen with last; empty where no item is evicted. */
    private long[] seen = new long[0];
    /** Items seen since the last version. */
    private final BitSet seenAgain = new BitSet();

    private long newestRecordTime;
    private long oldestUnpublished = Long.MAX_VALUE;
    private long newestUnpublished = Long.MIN_VALUE;
    private boolean unpublished;
    private boolean frozen;
    private double batchLoss;
    private int batchSize;

    /**
     * A trainer that has seen nothing.
     *
     * @param settings the model
     * @param features its joint features
     * @param limits cuts and bounds
     */
    public OnlineTrainer(ModelSettings settings, List<JointFeature> features, TrainerSettings limits) {
        this.settings = settings;
        this.limits = limits;
        this.network = new DeepAssociationNetwork(settings, features, true);
        this.learner = new IncrementalLearner(network);
        this.sequences = new UserSequences(limits.window());
        this.guard = new CollapseGuard(limits.collapse());
        this.popularity = new DecayedPopularity(limits.popularityHalfLife());
        this.startPopularity = new DecayedPopularity(limits.startHalfLife());
        PairCounts pairs = network.pairs();
        this.rules = pairs == null || !pairs.countsForward() ? new PairCounts(PairCounts.CONTROL_LINE) : pairs;
        this.counts = pairs == null || pairs == rules ? List.of(rules) : List.of(pairs, rules);
        ModelSettings.Replay replay = settings.replay();
        this.examples = new Example[settings.batch() + replay.uniform() + replay.own()];
    }

    /** The network as it is. */
    public DeepAssociationNetwork network() {
        return network;
    }

    /**
     * Takes in one record of the training log.
     *
     * @return the test of the event, empty for a record that is none
     */
    public Optional<Evaluation> accept(TrainingRecord record) {
        batchSize = 0;
        records++;
        unpublished |= !(record instanceof TrainingRecord.Tick);
        if (record instanceof TrainingRecord.Event event) {
            oldestUnpublished = Math.min(oldestUnpublished, event.loggedAt());
            newestUnpublished = Math.max(newestUnpublished, event.loggedAt());
            return Optional.of(testThenLearn(event.event()));
        }
        if (record instanceof TrainingRecord.ItemAnnounced announced) {
            int item = setCandidate(announced.item().id(), true);
            if (item >= 0) {
                see(item);
                network.describe(item, announced.categories());
            }
        } else if (record instanceof TrainingRecord.ItemRemoved removed) {
            if (!evictsItems() || network.items().indexOf(removed.item()) >= 0) {
                setCandidate(removed.item(), false);
            }
        } else if (record instanceof TrainingRecord.UserEvicted evicted) {
            sequences.retire(evicted.user(), network::withoutUser);
            evictedUsers.add(evicted.user());
        } else if (record instanceof TrainingRecord.UserForgotten forgotten) {
            forget(forgotten.user());
        } else if (record instanceof TrainingRecord.Freeze) {
            cut();
            frozen = true;
        } else if (record instanceof TrainingRecord.Resume) {
            frozen = false;
            guard.reset();
        }
        return Optional.empty();
    }

    /** Whether the record just taken in ends the version; {@link #close} has to follow. */
    public boolean endsVersion(TrainingRecord record) {
        if (record instanceof TrainingRecord.Tick tick) {
            return unpublished
                    && (oldestUnpublished == Long.MAX_VALUE
                            || oldestUnpublished - tick.time() >= SET_BACK
                            || tick.time() - newestUnpublished >= limits.versionAge()
                            || tick.time() - oldestUnpublished >= limits.versionAge(records - recordsAtVersion));
        }
        return records - recordsAtVersion >= limits.versionRecords();
    }

    private Evaluation testThenLearn(EnrichedInteraction event) {
        long number = events++;
        trainedThrough.put(event.coordinate().partition(), event.coordinate().offset());
        newestRecordTime = Math.max(newestRecordTime, event.recordTime());
        UserSequences.Sequence sequence = sequences.of(event.user());
        if (event.feedback() != EnrichedInteraction.Feedback.POSITIVE) {
            return evaluation(event, number, Evaluation.Outcome.NOT_POSITIVE, sequence.size());
        }
        boolean maybeEvicted = evictsItems() && network.items().indexOf(event.item()) < 0;
        int item = network.admitItem(event.item());
        if (item < 0) {
            refusedItems++;
            return evaluation(event, number, Evaluation.Outcome.UNANNOUNCED, sequence.size());
        }
        if (maybeEvicted && event.itemAnnounced()) {
            // The catalogue has it, though its announcement went with its row.
            network.setCandidate(item, true);
        }
        see(item);
        if (!network.isDescribed(item)) {
            network.describe(item, event.categories());
        }
        Context context = context(sequence, sequence.end(), network.admitRows(event.categories()));
        Example example = new Example(context, item, sequence.items(), sequence.size(), event.weight());
        network.score(context, scoring);
        Evaluation evaluation = test(event, number, example);
        if (!frozen) {
            learner.observe(scoring, example, number, top.items(), top.count());
            learner.count(example);
            if (rules != network.pairs()) {
                rules.add(context, item);
            }
            popularity.add(item, sequences.next());
            if (sequence.size() == 0) {
                startPopularity.add(item, starts++);
            }
            sequences.append(sequence, item, event.interaction().timestamp(), context.values(), event.weight());
            network.setStatistics(
                    item, network.occurrences(item) + 1, popularity.logarithm(item), startPopularity.logarithm(item));
            network.touch(item);
            examples[pending++] = example;
            if (pending == settings.batch()) {
                learn();
            }
            if (evaluation.ranked() && guard.collapsedWith(evaluation.model() <= HITS)) {
                // As if a freeze had followed this event in the log.
                cut();
                frozen = true;
            }
        }
        return evaluation;
    }

    private Evaluation test(EnrichedInteraction event, long number, Example example) {
        UserSequences.Sequence sequence = sequences.of(event.user());
        int item = example.positive();
        top.clear();
        mask(sequence, true);
        try {
            if (!network.isCandidate(item)) {
                return evaluation(event, number, Evaluation.Outcome.UNANNOUNCED, sequence.size());
            }
            if (masked[item]) {
                return evaluation(event, number, Evaluation.Outcome.REPEAT, sequence.size());
            }
            int sampling = Math.max(1, -Math.floorDiv(-network.candidates(), limits.rankedCatalogue()));
            if (number % sampling != 0) {
                return evaluation(event, number, Evaluation.Outcome.NOT_SAMPLED, sequence.size());
            }
            return rank(event, number, example, sequence.size());
        } finally {
            mask(sequence, false);
        }
    }

    private Evaluation rank(EnrichedInteraction event, long number, Example example, int consumed) {
        int item = example.positive();
        int count = 0;
        int[] live = network.live();
        int candidates = network.candidates();
        if (eligible.length < candidates) {
            eligible = new int[candidates + (candidates >> 1)];
        }
        for (int i = 0; i < candidates; i++) {
            eligible[count] = live[i];
            count += masked[live[i]] ? 0 : 1;
        }
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_TIES, number);
        int byModel = consumed == 0
                ? startRank(item, count, random.nextDouble())
                : modelRank(item, count, random.nextDouble());
        int byPopularity = popularityRank(item, count, random.nextDouble());
        if (rules != network.pairs()) {
            rules.evidence(
                    example.context(), scoring.evidence(), network.items().size());
        }
        int byRules = RankCount.rankOrLast(scoring.evidence(), eligible, count, item, random.nextDouble());
        return new Evaluation(
                event.user(),
                event.item(),
                event.coordinate(),
                number,
                Evaluation.Outcome.RANKED,
                count,
                consumed,
                byModel,
                byPopularity,
                byRules);
    }

    /** The rank by the model: by base score, and among the best, where the tower re-ranks, by the whole score. */
    private int modelRank(int item, int count, double uniform) {
        float[] base = scoring.base();
        int rank = RankCount.rankOrLast(base, eligible, count, item, uniform);
        int wanted = settings.reranked();
        if (wanted < 0) {
            return rank;
        }
        if (wanted > 0 && rank > wanted) {
            return rank;
        }
        top.select(base, eligible, count, wanted);
        if (!top.contains(item)) {
            top.clear();
            return rank;
        }
        if (towerOutputs.length < top.count()) {
            towerOutputs = new float[top.count()];
        }
        network.tower(scoring, top.items(), top.count(), towerOutputs);
        float own = 0f;
        for (int i = 0; i < top.count(); i++) {
            towerOutputs[i] += base[top.items()[i]];
            own = top.items()[i] == item ? towerOutputs[i] : own;
        }
        return RankCount.rankOrLast(towerOutputs, top.count(), own, uniform);
    }

    /** The rank in what is recommended to a user without a history, in which the model has no say. */
    private int startRank(int item, int count, double uniform) {
        int higher = 0;
        int equal = -1;
        for (int i = 0; i < count; i++) {
            int order = network.compareAtStart(eligible[i], item);
            higher += order > 0 ? 1 : 0;
            equal += order == 0 ? 1 : 0;
        }
        return RankCount.rank(higher, equal, uniform);
    }

    private int popularityRank(int item, int count, double uniform) {
        double own = popularity.mass(item);
        int higher = 0;
        int equal = -1;
        for (int i = 0; i < count; i++) {
            double mass = popularity.mass(eligible[i]);
            higher += mass > own ? 1 : 0;
            equal += mass == own ? 1 : 0;
        }
        return RankCount.rank(higher, equal, uniform);
    }

    private void mask(UserSequences.Sequence sequence, boolean value) {
        if (masked.length < network.items().size()) {
            masked = Arrays.copyOf(
                    masked, network.items().size() + (network.items().size() >> 1));
        }
        int[] items = sequence.items();
        for (int i = 0; i < sequence.size(); i++) {
            masked[items[i]] = value;
        }
    }

    private static Evaluation evaluation(
            EnrichedInteraction event, long number, Evaluation.Outcome outcome, int consumed) {
        return new Evaluation(event.user(), event.item(), event.coordinate(), number, outcome, 0, consumed, 0, 0, 0);
    }

    /** Learns from the pending mini-batch and the past events that go with it. */
    private void learn() {
        if (pending == 0) {
            return;
        }
        ModelSettings.Replay replay = settings.replay();
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_REPLAY, batches);
        int fresh = pending;
        int count = fresh;
        for (int i = 0; i < replay.uniform() * fresh / settings.batch(); i++) {
            long number = sequences.start() + (long) (random.nextDouble() * (sequences.next() - sequences.start()));
            UserSequences.Sequence owner = sequences.owner(number);
            if (owner != null) {
                examples[count++] = past(owner, sequences.position(number));
            }
        }
        for (int i = 0; i < replay.own() * fresh / settings.batch(); i++) {
            UserSequences.Sequence owner = sequences.owner(sequences.next() - fresh + i % fresh);
            if (owner != null) {
                int recent = Math.min(replay.ownWindow(), owner.size());
                examples[count++] = past(owner, owner.end() - 1 - random.nextInt(recent));
            }
        }
        batchLoss = learner.learn(examples, count, batches);
        batchSize = fresh;
        batches++;
        pending = 0;
    }

    private Example past(UserSequences.Sequence owner, int position) {
        return new Example(
                context(owner, position, owner.values(position)),
                owner.item(position),
                owner.items(),
                owner.size(),
                owner.weight(position));
    }

    /** The user's side as it was before a position. */
    private Context context(UserSequences.Sequence sequence, int position, int[][] values) {
        int[] history = new int[Math.min(limits.historyLength(), position - sequence.first())];
        long[] times = new long[history.length];
        int length = sequence.historyBefore(position, history);
        sequence.timesBefore(position, times);
        return new Context(history, times, length, values);
    }

    private int setCandidate(String id, boolean may) {
        int item = network.admitItem(id);
        if (item < 0) {
            refusedItems++;
        } else {
            network.setCandidate(item, may);
            network.touch(item);
        }
        return item;
    }

    private void forget(String user) {
        cut();
        List<UserSequences.Sequence> forgotten = sequences.forget(user);
        if (!forgotten.isEmpty()) {
            foldWindow();
        }
        for (UserSequences.Sequence sequence : forgotten) {
            // What followed the user's items is without the user's part from the next version on.
            for (int i = 0; i < sequence.size(); i++) {
                int item = sequence.item(sequence.first() + i);
                counts.forEach(pairs -> pairs.publishAgain(item));
            }
        }
        network.forgetUsers(Set.of(user));
    }

    private boolean evictsItems() {
        return limits.maxItems() > 0;
    }

    /** Notes that an item was seen with the record that is being taken in. */
    private void see(int item) {
        if (!evictsItems()) {
            return;
        }
        ensureSeen(item + 1);
        seen[item] = records;
        seenAgain.set(item);
    }

    private void ensureSeen(int items) {
        if (items > seen.length) {
            seen = Arrays.copyOf(seen, Math.max(items, seen.length + (seen.length >> 1)));
        }
    }

    /**
     * Evicts items where there are more than may be: an eighth of the bound at once, because the window and what is folded
     * from it are gone through each time. Those that may not be recommended go first, then those that were seen least
     * recently. Nothing names them afterwards, so that their indices are free.
     *
     * @return whether any were
     */
    private boolean evictItems(VersionWriter out) {
        EmbeddingTable items = network.items();
        if (!evictsItems() || items.rows() <= limits.maxItems()) {
            return false;
        }
        ensureSeen(items.size());
        int count = items.rows() - (limits.maxItems() - limits.maxItems() / EVICTED_SHARE);
        int[] evicted = IntStream.range(0, items.size())
                .filter(items::holds)
                .boxed()
                .sorted(Comparator.<Integer, Boolean>comparing(network::isCandidate)
                        .thenComparing(item -> seen[item])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        BitSet gone = new BitSet();
        for (int item : evicted) {
            gone.set(item);
            seen[item] = 0;
            out.dropped(ModelRow.Seen.keyOf(items.id(item)));
        }
        seenAgain.andNot(gone);
        sequences.removeItems(gone);
        network.evictItems(evicted, out::removed);
        evictedItems += evicted.length;
        return true;
    }

    /** Removes the rows of users who were evicted and have not come back since. */
    private void forgetEvictedUsers() {
        evictedUsers.removeIf(sequences::remembers);
        if (!evictedUsers.isEmpty()) {
            network.forgetUsers(evictedUsers);
            evictedUsers.clear();
        }
    }

    /** Learns from what is pending, so that nothing is half learned. */
    private void cut() {
        learn();
        learner.clear();
    }

    /** Rebuilds what is a fold over the remembered events, in their order. */
    private void foldWindow() {
        counts.forEach(PairCounts::clear);
        popularity = new DecayedPopularity(limits.popularityHalfLife());
        startPopularity = new DecayedPopularity(limits.startHalfLife());
        // The newest numbers, so that what is known of items that are not counted again stays on the same scale.
        long start = starts - rememberedStarts();
        int window = counts.stream().mapToInt(PairCounts::window).max().orElse(0);
        int[] history = new int[Math.min(window, limits.historyLength())];
        for (long number = sequences.start(); number < sequences.next(); number++) {
            UserSequences.Sequence owner = sequences.owner(number);
            if (owner != null) {
                int position = sequences.position(number);
                int length = owner.historyBefore(position, history);
                Context context = new Context(history, length, NO_CATEGORIES);
                int item = owner.item(position);
                counts.forEach(pairs -> pairs.add(context, item));
                popularity.add(item, number);
                if (position == 0) {
                    startPopularity.add(item, start++);
                }
            }
        }
    }

    /** Users' first events that are remembered: positions count from a user's first event, whether remembered or not. */
    private long rememberedStarts() {
        long count = 0;
        for (long number = sequences.start(); number < sequences.next(); number++) {
            count += sequences.owner(number) != null && sequences.position(number) == 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * Closes the version: learns from what is pending and hands over everything that changed since the last one, the
     * marker last. What is handed over has live arrays and must be encoded at once.
     *
     * @return the marker
     */
    public ModelRow.Marker close(VersionWriter out) {
        cut();
        forgetEvictedUsers();
        boolean full = sequences.full();
        if (full) {
            sequences.dropOlderHalf();
        }
        if (evictItems(out) || full) {
            foldWindow();
            counts.forEach(PairCounts::publishAllAgain);
        }
        int rows = network.writeChangedRows(out::row, out::removed);
        int pairRows = network.writeGrownPairs(limits.pairGrowth(), out::row);
        if (batches > batchesAtVersion) {
            out.row(learner.dense());
        }
        sequences.takeChanges().forEach(out::sequence);
        if (guard.takeChanged()) {
            out.kept(guard.row());
        }
        for (int item = seenAgain.nextSetBit(0); item >= 0; item = seenAgain.nextSetBit(item + 1)) {
            out.kept(new ModelRow.Seen(network.items().id(item), item, seen[item]));
        }
        seenAgain.clear();
        version++;
        recordsAtVersion = records;
        batchesAtVersion = batches;
        unpublished = false;
        oldestUnpublished = Long.MAX_VALUE;
        newestUnpublished = Long.MIN_VALUE;
        ModelRow.Marker marker = marker(rows, pairRows);
        out.row(marker);
        return marker;
    }

    private ModelRow.Marker marker(int rows, int pairRows) {
        return new ModelRow.Marker(
                version,
                records,
                events,
                sequences.start(),
                sequences.next(),
                starts,
                batches,
                trainedThrough,
                newestRecordTime,
                rows,
                pairRows,
                frozen,
                settings.preset(),
                settings.hash(),
                settings.tower() == null ? "java" : BlasKernel.fingerprint());
    }

    /**
     * Takes up where a version left off; the records after it have to be given again.
     *
     * @param marker the version's marker
     * @param rows every other row, with the optimiser's state, in any order
     * @param chunks every chunk of the users' sequences, each user's ascending
     * @throws IllegalStateException if the rows belong to other settings
     */
    public void restore(ModelRow.Marker marker, Iterable<ModelRow> rows, Iterable<SequenceChunk> chunks) {
        if (!marker.hash().equals(settings.hash())) {
            throw new IllegalStateException("the stored model was trained with preset " + marker.preset() + " ("
                    + marker.hash() + "), this trainer runs " + settings.preset() + " (" + settings.hash()
                    + "); run the stored preset, or start with an empty data folder");
        }
        version = marker.version();
        records = marker.records();
        recordsAtVersion = records;
        events = marker.events();
        starts = marker.starts();
        batches = marker.batches();
        batchesAtVersion = batches;
        trainedThrough.putAll(marker.trainedThrough());
        newestRecordTime = marker.newestRecordTime();
        frozen = marker.frozen();
        sequences.restore(chunks, marker.windowStart(), marker.positives());
        for (ModelRow row : rows) {
            if (row instanceof ModelRow.Accuracy accuracy) {
                guard.restore(accuracy);
            } else if (row instanceof ModelRow.Seen last) {
                ensureSeen(last.index() + 1);
                seen[last.index()] = last.record();
            } else {
                learner.restore(row);
            }
        }
        boolean unknownStarts = starts == 0;
        starts = Math.max(starts, rememberedStarts());
        foldWindow();
        network.clearChanged();
        if (unknownStarts) {
            publishStarts();
        }
    }

    /** Makes known what users start with, where the rows are of a version of Eridanus that did not count it. */
    private void publishStarts() {
        for (int item = 0; item < network.items().size(); item++) {
            double logarithm = startPopularity.logarithm(item);
            if (logarithm != Double.NEGATIVE_INFINITY) {
                network.setStatistics(item, network.occurrences(item), network.popularity(item), logarithm);
                network.touch(item);
            }
        }
    }

    /** The last version that was closed, 0 before the first. */
    public long version() {
        return version;
    }

    /** Records taken in so far. */
    public long records() {
        return records;
    }

    /** Records taken in up to the last version. */
    public long recordsAtVersion() {
        return recordsAtVersion;
    }

    /** Whether learning is stopped. */
    public boolean frozen() {
        return frozen;
    }

    /** Fresh events of the mini-batch that the last record completed, 0 where it completed none. */
    public int batchSize() {
        return batchSize;
    }

    /** Mean loss of that mini-batch, natural logarithm. */
    public double batchLoss() {
        return batchLoss;
    }

    /** Norm of the gradient over the embedding rows in that mini-batch, see {@link IncrementalLearner#gradientNorm}. */
    public double gradientNorm() {
        return learner.gradientNorm();
    }

    /** Successors cut away so far to keep pair counts within their bound. */
    public long prunedSuccessors() {
        return counts.stream().mapToLong(PairCounts::pruned).sum();
    }

    /** Interactions taken in so far. */
    public long events() {
        return events;
    }

    /** Users with remembered events. */
    public int users() {
        return sequences.users();
    }

    /** Positive events dropped because the window was full. */
    public long droppedEvents() {
        return sequences.dropped();
    }

    /** Items evicted so far to keep the item table within its bound. */
    public long evictedItems() {
        return evictedItems;
    }

    /** Announcements and positive events of items that were refused because the table is full. */
    public long refusedItems() {
        return refusedItems;
    }
}
