package org.eridanus.stream.processor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.recommend.ServedList;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.RecommendationJson;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.ScorerMonitor.Cause;
import org.eridanus.stream.ScorerNames;
import org.eridanus.stream.ScorerSettings;
import org.jspecify.annotations.Nullable;

/**
 * Gives each user a new list after the user's events. An event only marks its user; marked users get their lists a little
 * later, those that wait longest first, and several events that waited together lead to one list, whose cause is the
 * newest of them. Where reading is behind, marks wait longer, so that more events share a list and reading catches up.
 *
 * <p>Marks are kept in a logged store, and in memory in the order in which they are served; {@link #init} rebuilds that
 * from the store, so that no commit, crash or move of the task loses a list.
 *
 * <p>A tombstone forgets the user: the mark goes, and the user's list is replaced by a tombstone.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class RefreshRecommendationsProcessor
        implements Processor<String, @Nullable EnrichedInteraction, String, byte @Nullable []> {
    private final ScorerSettings settings;
    private final RecommendationIssuer issuer;
    private final ScorerMonitor monitor;
    /** Users with a mark, the one that waits longest first. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    private long newestRecordTime;

    /** A mark, and since when its user has one, ms since the epoch. */
    private record Waiting(PendingRefresh mark, long since) {}

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, byte @Nullable []> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserContext> contexts;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, ServedList> lists;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, PendingRefresh> marks;

    /** A step with an issuer of its own. */
    public RefreshRecommendationsProcessor(
            ScorerSettings settings, RecommendationIssuer issuer, ScorerMonitor monitor) {
        this.settings = settings;
        this.issuer = issuer;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, byte @Nullable []> context) {
        this.context = context;
        this.contexts = context.getStateStore(ScorerNames.USER_CONTEXT_STORE);
        this.lists = context.getStateStore(ScorerNames.SERVED_LIST_STORE);
        this.marks = context.getStateStore(ScorerNames.PENDING_REFRESH_STORE);
        this.newestRecordTime = Long.MAX_VALUE;
        restoreWaiting();
        context.schedule(settings.refreshEvery(), PunctuationType.WALL_CLOCK_TIME, time -> refreshWaiting());
    }

    private void restoreWaiting() {
        waiting.clear();
        List<KeyValue<String, PendingRefresh>> marked = new ArrayList<>();
        try (KeyValueIterator<String, PendingRefresh> all = marks.all()) {
            all.forEachRemaining(marked::add);
        }
        marked.sort(Comparator.comparingLong(mark -> mark.value.cause().offset()));
        long now = context.currentSystemTimeMs();
        marked.forEach(mark -> waiting.put(mark.key, new Waiting(mark.value, now)));
    }

    @Override
    public void process(Record<String, @Nullable EnrichedInteraction> record) {
        EnrichedInteraction event = record.value();
        if (event == null) {
            forget(record.key(), record.timestamp());
            return;
        }
        PendingRefresh mark = new PendingRefresh(event.coordinate(), event.recordTime());
        newestRecordTime = event.recordTime();
        marks.put(event.user(), mark);
        Waiting before = waiting.get(event.user());
        waiting.put(event.user(), new Waiting(mark, before == null ? context.currentSystemTimeMs() : before.since));
        if (before != null) {
            monitor.coalesced(1);
        }
        if (waiting.size() > settings.maxWaiting()) {
            Iterator<Map.Entry<String, Waiting>> oldestFirst =
                    waiting.entrySet().iterator();
            refresh(oldestFirst.next(), oldestFirst);
        }
    }

    private void forget(String user, long recordTime) {
        if (waiting.remove(user) != null) {
            marks.delete(user);
        }
        context.forward(new Record<String, byte @Nullable []>(user, null, recordTime));
        monitor.userForgotten();
    }

    private void refreshWaiting() {
        long now = context.currentSystemTimeMs();
        boolean behind = now - newestRecordTime > settings.behind().toMillis();
        long patience = behind ? settings.patience().toMillis() : 0;
        long started = System.nanoTime();
        Iterator<Map.Entry<String, Waiting>> oldestFirst = waiting.entrySet().iterator();
        for (int users = 0; users < settings.refreshUsers() && oldestFirst.hasNext(); users++) {
            Map.Entry<String, Waiting> oldest = oldestFirst.next();
            long waited = now - oldest.getValue().since;
            // A clock that was set back makes it negative: then nobody waits for it to catch up.
            if (waited >= 0 && waited < patience) {
                return;
            }
            refresh(oldest, oldestFirst);
            if (System.nanoTime() - started >= settings.refreshWork().toNanos()) {
                return;
            }
        }
    }

    private void refresh(Map.Entry<String, Waiting> next, Iterator<Map.Entry<String, Waiting>> at) {
        String user = next.getKey();
        PendingRefresh mark = next.getValue().mark;
        at.remove();
        marks.delete(user);
        UserContext known = contexts.get(user);
        Coordinate cause = mark.cause();
        IssuedRecommendation issued = issuer.issue(
                user,
                known == null ? UserContext.UNKNOWN : known,
                settings.k(),
                Set.of(),
                cause,
                mark.recordTime(),
                Cause.EVENT);
        lists.put(
                user,
                new ServedList(
                        issued.list().items().stream()
                                .map(RecommendedItem::item)
                                .toList(),
                        cause,
                        issued.list().trainedThrough(cause.partition())));
        context.forward(new Record<>(user, RecommendationJson.write(issued), Math.max(0, mark.recordTime())));
    }
}
