package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The table of meters: everything that this process exports, with name, kind, unit, labels, meaning, and what to do when
 * it moves. A meter that is not in the table is not exported, see {@link TableFilter}; the table in README is made from
 * this one.
 *
 * <p>Names are Micrometer's; {@link #exported} gives Prometheus's. Shares and rates are in [0, 1], times in seconds. Labels
 * take their values from closed sets, or from configuration (partitions, tables).
 */
public enum Metric {
    // What comes in.
    INPUT_ACCEPTED(
            counter("eridanus.input.accepted.records", "records").by("topic"),
            "Records from outside that keep every rule",
            "Stands still while producers work: look at `eridanus_role_running` and the lag"),
    INPUT_REJECTED(
            counter("eridanus.input.rejected.records", "records").by("topic", "reason"),
            "Records from outside that went to `dead-letters`, by the rule they broke",
            "Read the headers of the newest dead letters, mend the producer"),
    INPUT_LAG(
            gauge("eridanus.input.lag", "records").by("role", "topic", "partition"),
            "Records of a partition that a role has not yet fetched; partitions from 8 on are summed as `other`",
            "Grows: the role is too slow or stopped; add instances (features, scorer), look at the log"),
    UNUSUAL(
            counter("eridanus.features.unusual.interactions", "interactions").by("kind"),
            "Accepted interactions of a user without profile, with an item that is not announced, or that the user has"
                    + " met before",
            "Many unknown items: announce items before they are consumed"),
    FEATURES_SEEN_DROPPED(
            counter("eridanus.features.seen.dropped.items", "items"),
            "Items that full seen-sets of the features role have forgotten",
            "Repeats of very active users are taken for first meetings; harmless in small numbers"),
    FORGOTTEN_USERS(
            counter("eridanus.features.forgotten.users", "users"),
            "Users forgotten on request (tombstones on `users`)",
            "Check that the requests were meant"),
    EVICTED_USERS(
            counter("eridanus.features.evicted.users", "users"),
            "Least recently seen users whose histories were evicted, because `features.max-users` was reached",
            "Users come back after it: raise the bound, or give the pipeline fewer ids that never return"),
    TICKS(
            counter("eridanus.features.ticks", "ticks"),
            "Ticks written to the training log; they let the trainer close a version when nothing else comes",
            "Stand still while events come: look at the features role"),

    // How fresh it is.
    FRESHNESS(
            histogram("eridanus.freshness", "seconds", .01, .025, .05, .1, .15, .2, .3, .5, .75, 1, 1.5, 2.5, 5, 10, 60)
                    .by("stage"),
            "Age of an interaction, since the broker stamped it, when it is `enriched`, when a version that has learned"
                    + " from it is closed (`trained`) and taken into service (`served`), and when its user's new list is"
                    + " made (`listed`)",
            "The first stage that rises is the one that is behind"),
    FRESHNESS_UNMEASURED(
            counter("eridanus.freshness.unmeasured.events", "events"),
            "Interactions left out of stage `served` because 10 000 of their partition already wait",
            "Rises: the served model is far behind, see `eridanus_model_behind_seconds`"),
    MODEL_BEHIND(
            gauge("eridanus.model.behind", "seconds"),
            "How long the oldest interaction that the served model has not learned from has been waiting; 0 where it"
                    + " knows all",
            "Rises steadily: the trainer stands still or cannot keep up; look at its lag"),

    // How it learns.
    TRAINING_EVENTS(
            counter("eridanus.training.events", "events"),
            "Fresh events learned from; replayed ones are not counted",
            "Stands still while events come: frozen, or the trainer has stopped"),
    BATCH_EVENTS(
            histogram("eridanus.training.batch.events", "events", 1, 2, 4, 8, 12, 15, 16, 32, 64),
            "Fresh events of a mini-batch; its count is the number of mini-batches",
            "Small ones mean that ticks cut them: normal with little traffic"),
    BATCH_TIME(
            histogram("eridanus.training.batch.time", "seconds", .001, .0025, .005, .01, .025, .05, .1, .25, 1),
            "Time of the record that completes a mini-batch, test and learning together",
            "Rises: more candidates, longer histories, or no CPU left"),
    LOSS(
            gauge("eridanus.training.loss", null),
            "Mean loss of a mini-batch, natural logarithm, fading average with a half-life of 100 mini-batches",
            "Rises or becomes NaN: look at the gradient's norm and at what the newest events are"),
    GRADIENT_NORM(
            gauge("eridanus.training.gradient.norm", null),
            "Norm of the loss's gradient over the embedding rows, fading average with a half-life of 100 mini-batches",
            "Grows without end: learning diverges; freeze, and go back to a smaller rate"),
    VERSIONS(
            counter("eridanus.training.versions", "versions"),
            "Versions of the model closed",
            "Stand still while events come: see `eridanus_training_events_total`"),
    VERSION_ROWS(
            histogram("eridanus.training.version.rows", "rows", 1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000)
                    .by("kind"),
            "Rows written with a version: `embedding` rows and `pairs` rows; sum over events learned is rows per event",
            "Rises: broker and scorers get more to read; raise the version's age"),
    TRAINING_VERSION(
            gauge("eridanus.training.version", null),
            "Number of the version closed last",
            "Falls: a trainer has started over"),
    FROZEN(
            gauge("eridanus.training.frozen", null),
            "1 while learning is stopped, by a `freeze` command or because accuracy collapsed, else 0",
            "`eridanus model resume` when the reason is gone"),
    COLLAPSES(
            counter("eridanus.training.collapses", "collapses"),
            "Times that accuracy collapsed against its own recent past, so that learning was frozen",
            "See what came in since (log, evaluations), then `eridanus model resume`"),
    TRAINED_SETTINGS(
            gauge("eridanus.training.settings", null).by("preset", "hash", "kernel"),
            "Always 1; the labels say what is trained: preset, hash of its settings, and the BLAS kernel that bits depend"
                    + " on",
            "Changes: another configuration or another kind of machine"),
    DROPPED_EVENTS(
            counter("eridanus.training.dropped.events", "events"),
            "Remembered events evicted because the trainer's window is full",
            "Normal once the window is full; a larger one costs memory"),
    PRUNED_SUCCESSORS(
            counter("eridanus.training.pruned.successors", "successors"),
            "Successors evicted to keep pair counts within their bound",
            "Normal for popular items"),
    REFUSED_ITEMS(
            counter("eridanus.training.refused.items", "items"),
            "Announcements and events of items refused because the item table is full",
            "Raise the model's bound on rows, or remove items"),
    EVICTED_ITEMS(
            counter("eridanus.training.evicted.items", "items"),
            "Least recently seen items whose rows were evicted, because `trainer.max-items` was reached",
            "Items that sell are among them: raise the bound; else unknown ids come in, look at their producer"),
    REFUSED_STEPS(
            counter("eridanus.training.refused.steps", "steps").by("reason"),
            "Steps and values kept away from the model, by why: a loss or gradient that is no number or explodes, a full table",
            "Any but `table-full`: the model diverges; lower its rates, and start it anew"),

    // How good it is.
    EVALUATION_EVENTS(
            counter("eridanus.evaluation.events", "events").by("outcome"),
            "Events tested before they were learned from, by what became of the test",
            "Few `ranked` ones make the accuracy below uncertain"),
    CANDIDATES(
            gauge("eridanus.evaluation.candidates", null),
            "Items that the last ranked event was ranked among",
            "Accuracy falls as it grows, for every line alike"),
    PREQUENTIAL_EVENTS(
            counter("eridanus.prequential.events", "events").by("users"),
            "Ranked events of cold (fewer than 10 earlier events) and warm users",
            "More cold users lower or raise the mean of all: compare within a group"),
    PREQUENTIAL_HITS(
            counter("eridanus.prequential.hits", "hits").by("line", "users"),
            "Those with the consumed item among the first 10; divided by the events, HR@10 since the start",
            "See `eridanus_prequential_hr10`"),
    PREQUENTIAL_NDCG(
            counter("eridanus.prequential.ndcg", null).by("line", "users"),
            "Sum of NDCG@10; divided by the events, NDCG@10 since the start",
            "See `eridanus_prequential_ndcg10`"),
    PREQUENTIAL_RECIPROCAL_RANKS(
            counter("eridanus.prequential.reciprocal.ranks", null).by("line", "users"),
            "Sum of reciprocal ranks; divided by the events, MRR since the start",
            "See `eridanus_prequential_mrr`"),
    PREQUENTIAL_HR10(
            gauge("eridanus.prequential.hr10", null).by("line", "users", "over"),
            "Prequential HR@10 of the model and its control lines, over a `window` of the newest 5 000 ranked events, or"
                    + " `fading` with a half-life of 2 000",
            "Falls for the model alone: learning; for all lines: the traffic has changed"),
    PREQUENTIAL_NDCG10(
            gauge("eridanus.prequential.ndcg10", null).by("line", "users", "over"),
            "Prequential NDCG@10, likewise",
            "As HR@10; moves first when order within the list changes"),
    PREQUENTIAL_MRR(
            gauge("eridanus.prequential.mrr", null).by("line", "users", "over"),
            "Prequential mean reciprocal rank over the whole catalogue, likewise",
            "As HR@10"),
    GAIN(
            gauge("eridanus.prequential.gain", null).by("measure", "line", "users"),
            "By how much the model is ahead of a control line on the same events, mean of the window's differences",
            "Below 0: serve the control line, look for the reason; see the two bounds"),
    GAIN_LOWER(
            gauge("eridanus.prequential.gain.lower", null).by("measure", "line", "users"),
            "Lower bound of the gain's 95 % interval by batch means; NaN below 1 000 ranked events",
            "Above 0: the model is better, beyond chance"),
    GAIN_UPPER(
            gauge("eridanus.prequential.gain.upper", null).by("measure", "line", "users"),
            "Upper bound of that interval",
            "Below 0: the model is worse, beyond chance"),

    // What is served.
    MODEL_VERSION(
            gauge("eridanus.model.version", null),
            "Number of the version that is served, 0 for none",
            "Lags behind `eridanus_training_version`: the scorer does not read the model"),
    MODEL_AGE(
            gauge("eridanus.model.age", "seconds"),
            "Age of the newest interaction that the served version has taken in",
            "Rises while events come: see `eridanus_model_behind_seconds`; without events it just rises"),
    MODEL_ROWS(
            gauge("eridanus.model.rows", "rows").by("table"),
            "Rows of the served model by table, `pairs` for the pair counts",
            "Near the bound on rows: items are refused soon"),
    MODEL_BYTES(
            gauge("eridanus.model.bytes", "bytes"),
            "Bytes of the served model's parameters on the heap",
            "Give the process more heap before it is near its limit"),
    MODEL_CANDIDATES(
            gauge("eridanus.model.candidates", null),
            "Items that may be recommended",
            "Falls suddenly: items were withdrawn; check that it was meant"),
    LOADED_VERSIONS(
            counter("eridanus.model.loaded.versions", "versions"),
            "Versions taken into service",
            "Stand still while the trainer closes versions: look at the scorer's log"),
    REFUSED_VERSIONS(
            counter("eridanus.model.refused.versions", "versions"),
            "Versions refused because they are another preset's",
            "Run all roles with one configuration"),
    SKIPPED_ROWS(
            counter("eridanus.model.skipped.rows", "rows").by("reason"),
            "Rows of the model left out because they cannot be read or have another shape",
            "Something else writes to `model`, or versions of Eridanus are mixed"),
    SCORING_TIME(
            histogram("eridanus.scoring.time", "seconds", 5e-5, 1e-4, 2e-4, 5e-4, .001, .002, .005, .01, .05),
            "Time to make one list",
            "Grows with the catalogue; p99 above 10 ms: add scorers"),
    LISTS(
            counter("eridanus.recommendations.lists", "lists").by("cause"),
            "Lists given out, by what led to them",
            "Stand still while events come: look at the scorer's state and lag"),
    FALLBACK_LISTS(
            counter("eridanus.recommendations.fallback.lists", "lists").by("reason"),
            "Lists that were not ranked by the model, by the reason",
            "`no-model`: no version was ever closed; `no-history`: new users; `no-candidates`: announce items"),
    COALESCED(
            counter("eridanus.recommendations.coalesced.refreshes", "refreshes"),
            "Refreshes merged into a newer one of the same user",
            "Rises: input comes faster than lists are made"),
    FILTERED(
            counter("eridanus.recommendations.filtered.items", "items").by("kind"),
            "Items kept out of lists, by the filter",
            "`removed` rises: the model still knows many withdrawn items"),
    SCORER_SEEN_DROPPED(
            counter("eridanus.recommendations.seen.dropped.items", "items"),
            "Items that full seen-sets of the scorer role have forgotten",
            "They may be recommended again to very active users"),
    SCORER_FORGOTTEN_USERS(
            counter("eridanus.recommendations.forgotten.users", "users"),
            "Users, forgotten or evicted, whose context and list the scorer role has forgotten, and whose list a tombstone"
                    + " replaced",
            "Stays behind the sum of `eridanus_features_forgotten_users_total` and"
                    + " `eridanus_features_evicted_users_total`: the scorer is behind, look at its lag"),
    COVERAGE(
            gauge("eridanus.recommendations.coverage", "ratio"),
            "Share of the catalogue among the newest 20 000 recommended places",
            "Falls: lists become alike; compare with the popular share"),
    POPULAR_SHARE(
            gauge("eridanus.recommendations.popular.share", "ratio").by("of"),
            "Share that the most consumed 10 % of the catalogue have of the newest 20 000 recommended `places`, and of the"
                    + " newest 20 000 `consumed` items",
            "Places far above consumed: the model follows popularity more than people do"),
    SERVED_EVENTS(
            counter("eridanus.served.events", "events"),
            "Events whose item could have been in the user's last list",
            "See `eridanus_served_hr10`"),
    SERVED_HITS(
            counter("eridanus.served.hits", "hits"),
            "Those with the item among the first 10 of that list; divided by the events, served HR@10",
            "See `eridanus_served_hr10`"),
    SERVED_EXCLUDED(
            counter("eridanus.served.excluded.events", "events"),
            "Events not counted because the list's model may have learned from them already",
            "High in a replay, where the trainer runs ahead; low in live traffic"),
    SERVED_HR10(
            gauge("eridanus.served.hr10", null),
            "HR@10 of the lists that were given out, fading average with a half-life of 2 000 events",
            "Below the prequential one: lists are old when the next event comes"),

    // What is asked over HTTP.
    HTTP_REQUESTS(
            counter("eridanus.http.requests", "requests").by("route", "status"),
            "Requests answered, by route and status; `none` where there is no such route",
            "429: somebody asks too often; 503: partitions move, or the scorer has stopped; 500: look at the log"),
    HTTP_LIST_TIME(
            histogram("eridanus.http.list.time", "seconds", .001, .002, .003, .005, .01, .025, .05, .1, .25, 1),
            "Time to answer a request for recommendations, those that another instance answers included",
            "Rises: no CPU left, or an instance that is asked is slow"),
    LIVE_LEFT_OUT(
            counter("eridanus.live.left.out.messages", "messages").by("why"),
            "Messages that a viewer of the live page did not get: lists with a newer one of the same user within a tenth of"
                    + " a second (`superseded`; the newer one says how many), and what waited for a viewer that was let go"
                    + " (`behind`)",
            "`behind` grows: a viewer's browser or its line is too slow; it connects again by itself"),
    LIVE_UNLISTED(
            counter("eridanus.live.unlisted.announcements", "announcements").by("of"),
            "Announcements of `items` and profiles of `users` beyond the 100 000 of each that the live page keeps",
            "The page shows the others by their ids, and does not find them; lists and learning know all"),
    LIVE_UNREADABLE(
            counter("eridanus.live.unreadable.records", "records").by("topic"),
            "Records that the live page passed over because they are not what their topic's format says",
            "Something else writes to the topic, or versions of Eridanus are mixed; of `users`, see"
                    + " `eridanus_input_rejected_records_total`"),

    // The roles on Kafka.
    ROLE_RUNNING(
            gauge("eridanus.role.running", null).by("role"),
            "1 while the role runs, 0 while it starts, rebalances, restores, gets no records that are there or has stopped",
            "0 for long: the log says why; restart after its cause is gone"),
    RESTORE_REMAINING(
            gauge("eridanus.restore.remaining", "records").by("role"),
            "Records of changelogs that are still to be read before the role's tasks run",
            "Stands still above 0: the broker does not answer; look at its log"),
    STREAM_THREADS_ALIVE(
            gauge("kafka.stream.alive.stream.threads", null).by("role"),
            "Stream threads that live",
            "Below the configured number: the log names the fault that ended one"),
    STREAM_THREADS_FAILED(
            counter("kafka.stream.failed.stream.threads", null).by("role"),
            "Stream threads that a fault has ended since the start",
            "Above 0: the log names the fault; restart after its cause is gone"),
    PROCESSED(
            counter("kafka.stream.thread.process", null).by("role"),
            "Records processed by the role's stream threads; its rate is the role's throughput",
            "Stands still with lag: threads hang or restore"),
    PROCESS_RATIO(
            gauge("kafka.stream.thread.process.ratio", null).by("role"),
            "Share of time spent processing, of the thread with the largest",
            "Near 1: the role is at its limit"),
    PUNCTUATE_RATIO(
            gauge("kafka.stream.thread.punctuate.ratio", null).by("role"),
            "Share of time spent on scheduled work (lists, ticks), of the thread with the largest",
            "Near 1 in the scorer: making lists is the limit"),
    COMMIT_RATIO(
            gauge("kafka.stream.thread.commit.ratio", null).by("role"),
            "Share of time spent committing, of the thread with the largest",
            "High: the broker is slow, or the commit interval too short"),
    POLL_RATIO(
            gauge("kafka.stream.thread.poll.ratio", null).by("role"),
            "Share of time spent waiting for records, of the thread with the smallest",
            "Near 0 with lag: the role is at its limit"),
    COMMITS(
            counter("kafka.stream.thread.commit", null).by("role"),
            "Commits (transactions) of the role's stream threads",
            "Stand still: a transaction hangs"),
    COMMIT_LATENCY_MAX(
            gauge("kafka.stream.thread.commit.latency.max", null).by("role"),
            "Longest commit of any thread in the last half minute or so, milliseconds",
            "Above 1 000: the broker is slow; transactions end after 10 s"),
    TRANSACTION_COMMIT_TIME(
            counter("kafka.producer.txn.commit.time.ns", null).by("role"),
            "Nanoseconds that the role's producers have waited for the broker to end transactions",
            "Its rate over that of commits rises: the broker's transaction log is slow"),
    PRODUCER_BUFFER(
            gauge("kafka.producer.buffer.available.bytes", null).by("role"),
            "Bytes that a producer can take before it waits for the broker, of the one with the least room",
            "Near 0: the broker takes records more slowly than the role writes them"),
    SINCE_POLL(
            gauge("kafka.consumer.last.poll.seconds.ago", null).by("role"),
            "Seconds since a consumer was last asked for records, of the one that waits longest, those that restore stores"
                    + " left out; -1 before the first time",
            "Rises: the consumer's thread hangs, and leaves the group after five minutes"),
    REBALANCES(
            counter("kafka.consumer.coordinator.rebalance", null).by("role"),
            "Rebalances of the role's consumers, one for each that took part",
            "Keep coming: instances come and go, or do not poll in time"),
    REBALANCES_FAILED(
            counter("kafka.consumer.coordinator.failed.rebalance", null).by("role"),
            "Those of them that failed",
            "Look at the broker's and the role's log"),
    ASSIGNED_PARTITIONS(
            gauge("kafka.consumer.coordinator.assigned.partitions", null).by("role"),
            "Partitions assigned to the role's consumers",
            "Uneven over instances for long: look at the group"),

    // The process.
    JVM_MEMORY_USED(
            gauge("jvm.memory.used", "bytes").by("area", "id"),
            "Memory used by heap and non-heap pools",
            "See `jvm_memory_usage_after_gc`"),
    JVM_MEMORY_MAX(
            gauge("jvm.memory.max", "bytes").by("area", "id"),
            "Most that a pool may use, -1 where unbounded",
            "Set by `-Xmx`"),
    JVM_AFTER_GC(
            gauge("jvm.memory.usage.after.gc", null).by("area", "pool"),
            "Share of the long-lived heap that is used after a collection",
            "Above .9: give more heap, or the process ends for lack of it"),
    JVM_GC_PAUSE(
            histogram("jvm.gc.pause", "seconds", .001, .005, .01, .05, .1, .5, 1)
                    .by("action", "gc"),
            "Time that collections stopped all threads",
            "p99 above 100 ms: give more heap"),
    JVM_GC_OVERHEAD(
            gauge("jvm.gc.overhead", null),
            "Share of CPU time spent on collections lately",
            "Above .2: give more heap"),
    JVM_ALLOCATED(
            counter("jvm.gc.memory.allocated", "bytes"),
            "Bytes allocated on the heap",
            "Its rate drives the number of collections"),
    JVM_BUFFERS(
            gauge("jvm.buffer.memory.used", "bytes").by("id"),
            "Off-heap memory of direct and mapped buffers",
            "Kafka's network buffers; mapped ones are the embedded broker's indexes"),
    OFF_HEAP(
            gauge("eridanus.memory.offheap", "bytes").by("part"),
            "Off-heap memory of `rocksdb` (block cache and write buffers of all stores) and `nd4j` (JavaCPP's"
                    + " allocations)",
            "`nd4j` grows without end: a leak; report it"),
    ROCKSDB_LIMIT(
            gauge("eridanus.memory.rocksdb.limit", "bytes"),
            "What RocksDB's stores share",
            "Usage at the limit is normal for a cache"),
    RESIDENT(
            gauge("process.memory.resident", "bytes"),
            "Memory that the operating system has given to the process",
            "See its limit"),
    RESIDENT_PEAK(
            gauge("process.memory.peak", "bytes"),
            "The most that it has been given",
            "Leave room above it when setting a limit"),
    MEMORY_LIMIT(
            gauge("process.memory.limit", "bytes"),
            "What it may take: the control group's limit, or the machine's memory",
            "Resident above 90 % of it: the kernel may end the process"),
    THREADS(gauge("jvm.threads.live", "threads"), "Live threads", "Grow without end: a leak; report it"),
    FILES(gauge("process.files.open", "files"), "Open files", "Near `process_files_max_files`: raise `ulimit -n`"),
    FILES_MAX(gauge("process.files.max", "files"), "Files that may be open", "Set by `ulimit -n`"),
    CPU(
            gauge("process.cpu.usage", null),
            "Share of the machine's CPU time that the process takes",
            "Near 1: the machine is the limit"),
    CPU_SYSTEM(gauge("system.cpu.usage", null), "Share of the machine's CPU time in use", "Others compete for it"),
    CPU_COUNT(gauge("system.cpu.count", null), "Processors", "Set by the machine or the control group"),
    UPTIME(gauge("process.uptime", "seconds"), "Time since the start of the process", "Falls: it was restarted");

    /** What a meter does. */
    public enum Kind {
        /** Only grows; from 0 when the process starts. */
        COUNTER,
        /** A value as of now. */
        GAUGE,
        /** Counts by upper bound, with sum, count and the largest of the last minutes. */
        HISTOGRAM;

        /** The spelling in the table. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Name, unit, labels and bounds of a meter. */
    private record Shape(Kind kind, String name, @Nullable String unit, List<String> labels, List<Double> bounds) {
        Shape by(String... names) {
            return new Shape(kind, name, unit, List.of(names), bounds);
        }
    }

    private final Shape shape;
    private final String meaning;
    private final String remedy;

    Metric(Shape shape, String meaning, String remedy) {
        this.shape = shape;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    private static Shape counter(String name, @Nullable String unit) {
        return new Shape(Kind.COUNTER, name, unit, List.of(), List.of());
    }

    private static Shape gauge(String name, @Nullable String unit) {
        return new Shape(Kind.GAUGE, name, unit, List.of(), List.of());
    }

    private static Shape histogram(String name, String unit, double... bounds) {
        return new Shape(
                Kind.HISTOGRAM,
                name,
                unit,
                List.of(),
                Arrays.stream(bounds).boxed().toList());
    }

    /** Micrometer's name. */
    public String meter() {
        return shape.name;
    }

    /** What it does. */
    public Kind kind() {
        return shape.kind;
    }

    /** The base unit; empty where there is none. */
    public Optional<String> unit() {
        return Optional.ofNullable(shape.unit);
    }

    /** Names of the labels, as Micrometer spells them. */
    public List<String> labels() {
        return shape.labels;
    }

    /** Upper bounds of a histogram's buckets in the base unit, empty for the others. */
    public List<Double> bounds() {
        return shape.bounds;
    }

    /** What it says. */
    public String meaning() {
        return meaning;
    }

    /** What to do when it moves. */
    public String remedy() {
        return remedy;
    }

    /** The name that Prometheus sees; a histogram's series add {@code _bucket}, {@code _sum}, {@code _count}, {@code _max}. */
    public String exported() {
        String name = spelled(shape.name);
        if (shape.unit != null && !name.endsWith("_" + shape.unit)) {
            name += "_" + shape.unit;
        }
        return shape.kind == Kind.COUNTER ? name + "_total" : name;
    }

    /** The names of the series that Prometheus sees. */
    public List<String> series() {
        if (shape.kind != Kind.HISTOGRAM) {
            return List.of(exported());
        }
        List<String> series = new ArrayList<>();
        for (String suffix : List.of("_bucket", "_count", "_max", "_sum")) {
            series.add(exported() + suffix);
        }
        return Collections.unmodifiableList(series);
    }

    /** A name as Prometheus spells it. */
    static String spelled(String name) {
        return name.replace('.', '_');
    }

    // Unit, meaning and bounds come with the registry's TableFilter, for these meters and for those of libraries alike.

    Counter counter(MeterRegistry registry, String... values) {
        return registry.counter(shape.name, tags(values));
    }

    <T> void total(MeterRegistry registry, T source, ToDoubleFunction<T> figure, String... values) {
        FunctionCounter.builder(shape.name, source, figure).tags(tags(values)).register(registry);
    }

    <T> void gauge(MeterRegistry registry, T source, ToDoubleFunction<T> figure, String... values) {
        Gauge.builder(shape.name, source, figure)
                .tags(tags(values))
                .strongReference(true)
                .register(registry);
    }

    /** A gauge whose labels' values become known later. */
    MultiGauge gauges(MeterRegistry registry) {
        return MultiGauge.builder(shape.name).register(registry);
    }

    Timer timer(MeterRegistry registry, String... values) {
        return registry.timer(shape.name, tags(values));
    }

    DistributionSummary summary(MeterRegistry registry, String... values) {
        return registry.summary(shape.name, tags(values));
    }

    /** The labels with these values, in the order of {@link #labels}. */
    Tags tags(String... values) {
        if (values.length != shape.labels.size()) {
            throw new IllegalArgumentException(
                    shape.name + " has labels " + shape.labels + ", got values " + Arrays.toString(values));
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(shape.labels.get(i), values[i]));
        }
        return Tags.of(tags);
    }
}
