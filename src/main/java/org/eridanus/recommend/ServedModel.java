package org.eridanus.recommend;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.StableHash;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.jspecify.annotations.Nullable;

/**
 * The model that lists are made with: rows are staged as they arrive, and those of a version are put into the network at
 * once when its marker arrives, so that every list is made by exactly one version.
 *
 * <p>A version whose number is not above the served one's comes from a trainer that started over, or from reading the
 * topic again from its start: it replaces everything.
 *
 * <p>Several {@linkplain Generation generations} may arrive at the same time. One is in the network; the rows of the last
 * complete version of each other one are only kept, until it is {@linkplain #serve chosen}. Its network is then built
 * while the old one goes on answering, and put in its place at once.
 *
 * <p>Threading: safe for use by several threads; one of them stages and publishes, any number reads.
 */
public final class ServedModel {
    private static final String ITEM_ROW = ModelRow.Embedding.keyOf(DeepAssociationNetwork.ITEM, "");

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final SortedMap<Integer, Arriving> generations = new TreeMap<>();
    private final Generation configured;
    private Generation wanted;
    private volatile Arriving served;
    private volatile @Nullable String refusal;

    /** One generation as it arrives: guarded by this model's monitor but for what {@link #read} may see. */
    private static final class Arriving {
        private final Generation generation;
        /** Null until it is told. */
        private @Nullable ModelDefinition definition;

        private final Map<String, ModelRow> staged = new HashMap<>();
        private final Set<String> stagedRemovals = new HashSet<>();
        /** Complete, and not yet in a network. */
        private final Map<String, ModelRow> kept = new HashMap<>();

        private final Set<String> keptRemovals = new HashSet<>();
        private ModelRow.@Nullable Marker complete;
        private boolean startsOver;
        private @Nullable DeepAssociationNetwork network;
        private HashIndex itemsByHash = new HashIndex();
        private volatile ModelRow.@Nullable Marker marker;

        Arriving(Generation generation) {
            this.generation = generation;
        }

        ModelDefinition defined() {
            ModelDefinition known = definition;
            if (known == null) {
                throw new IllegalStateException("generation " + generation + " is served without a definition");
            }
            return known;
        }

        DeepAssociationNetwork network() {
            DeepAssociationNetwork made = network;
            if (made == null) {
                made = defined().network(false);
                network = made;
            }
            return made;
        }

        /** Ends the version that is arriving. */
        void complete(ModelRow.Marker next) {
            ModelRow.Marker before = complete;
            if (before != null && next.version() <= before.version()) {
                startsOver = true;
                kept.clear();
                keptRemovals.clear();
            }
            stagedRemovals.forEach(key -> {
                kept.remove(key);
                keptRemovals.add(key);
            });
            // A row that was removed before may be back at another index: the removal comes first.
            kept.putAll(staged);
            drop();
            complete = next;
        }

        /** Drops what is staged. */
        void drop() {
            staged.clear();
            stagedRemovals.clear();
        }

        /** Puts what is kept into the network; returns how many rows do not fit it. */
        int install() {
            if (startsOver) {
                network = null;
                itemsByHash = new HashIndex();
                startsOver = false;
            }
            DeepAssociationNetwork into = network();
            int unfit = 0;
            for (String key : keptRemovals) {
                into.unload(key);
                if (key.startsWith(ITEM_ROW)) {
                    itemsByHash.remove(StableHash.of(key.substring(ITEM_ROW.length())));
                }
            }
            for (ModelRow row : kept.values()) {
                if (!into.fits(row)) {
                    unfit++;
                    continue;
                }
                into.load(row);
                if (row instanceof ModelRow.Embedding item && item.table().equals(DeepAssociationNetwork.ITEM)) {
                    itemsByHash.put(StableHash.of(item.id()), item.index());
                }
            }
            // Refreshes the list of live items, so that no reader does it.
            into.candidates();
            kept.clear();
            keptRemovals.clear();
            marker = complete;
            return unfit;
        }
    }

    /**
     * A model of which nothing has arrived.
     *
     * @param definition the first generation; versions of another definition are refused
     */
    public ServedModel(ModelDefinition definition) {
        this(definition, Generation.FIRST);
    }

    /**
     * A model of which nothing has arrived.
     *
     * @param definition the configured generation; versions of it with another definition are refused
     * @param configured which one that is; it is served unless the topic names another one
     */
    public ServedModel(ModelDefinition definition, Generation configured) {
        this.configured = configured;
        this.wanted = configured;
        this.served = arriving(configured);
        this.served.definition = definition;
        this.served.network();
    }

    private Arriving arriving(Generation generation) {
        return generations.computeIfAbsent(generation.number(), number -> new Arriving(generation));
    }

    /** The settings of what is served. */
    public ModelSettings settings() {
        return served.defined().settings();
    }

    /** The schema of what is served. */
    public FeatureSchema schema() {
        return served.defined().schema();
    }

    /** Which generation is served, whether or not a version of it has arrived. */
    public Generation generation() {
        return served.generation;
    }

    /** The marker of the version that is served, empty before the first. */
    public Optional<ModelRow.Marker> marker() {
        return Optional.ofNullable(served.marker);
    }

    /** Whether learning was frozen when the version that is served was closed; not before the first. */
    public boolean frozen() {
        return marker().map(ModelRow.Marker::frozen).orElse(false);
    }

    /** Whether a version is served. */
    public boolean loaded() {
        return served.marker != null;
    }

    /** Why the newest version, or the chosen generation, is not served; empty where it is, or where there is none. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The generations of which something is here. */
    public synchronized SortedSet<Integer> generations() {
        return new TreeSet<>(generations.keySet());
    }

    /**
     * What is served now.
     *
     * @param rows rows in use by table
     * @param bytes bytes of all parameters
     * @param candidates items that may be recommended
     */
    public record Size(SortedMap<String, Integer> rows, long bytes, int candidates) {}

    /** What is served now; takes time in proportion to the items. */
    public Size size() {
        return read(
                () -> new Size(network().rows(), network().bytes(), network().candidates()));
    }

    /** {@link #stage(Generation, ModelRow)} for the configured generation. */
    public void stage(ModelRow row) {
        stage(configured, row);
    }

    /** Takes a row of the version of a generation that is arriving. A later row of the same key replaces it. */
    public synchronized void stage(Generation generation, ModelRow row) {
        Arriving arriving = arriving(generation);
        String key = row.key();
        arriving.stagedRemovals.remove(key);
        arriving.staged.put(key, row);
    }

    /** {@link #stageRemoval(Generation, String)} for the configured generation. */
    public void stageRemoval(String key) {
        stageRemoval(configured, key);
    }

    /**
     * Takes the removal of a row in the version that is arriving. That of the marker removes a generation that is not
     * served: it is complete no longer.
     *
     * @param key the row's own key
     */
    public synchronized void stageRemoval(Generation generation, String key) {
        Arriving arriving = arriving(generation);
        if (!key.equals(ModelRow.Marker.KEY)) {
            arriving.staged.remove(key);
            arriving.stagedRemovals.add(key);
        } else if (arriving != served) {
            generations.remove(generation.number());
        }
    }

    /** How many rows and removals wait for their marker. */
    public synchronized int stagedRows() {
        return generations.values().stream()
                .mapToInt(arriving -> arriving.staged.size() + arriving.stagedRemovals.size())
                .sum();
    }

    /** What a generation is that is not the configured one. */
    public synchronized void define(Generation generation, ModelDefinition definition) {
        Arriving arriving = arriving(generation);
        if (!generation.equals(configured) && arriving != served) {
            arriving.definition = definition;
        }
    }

    /** {@link #publish(Generation, ModelRow.Marker)} for the configured generation. */
    public Publication publish(ModelRow.Marker next) {
        return publish(configured, next);
    }

    /** Ends the version that is arriving: serves it, if it is one of the generation that is wanted. */
    public synchronized Publication publish(Generation generation, ModelRow.Marker next) {
        Arriving arriving = arriving(generation);
        ModelDefinition definition = arriving.definition;
        if (definition != null && !next.hash().equals(definition.settings().hash())) {
            arriving.drop();
            String reason = "version " + next.version() + " of the model was trained with preset " + next.preset()
                    + " (" + next.hash() + "), this scorer runs "
                    + definition.settings().preset() + " ("
                    + definition.settings().hash()
                    + "): run all roles with the same preset";
            return arriving == served ? refuse(reason) : new Publication.Refused(reason);
        }
        arriving.complete(next);
        return arriving == served || generation.equals(wanted)
                ? install(arriving)
                : new Publication.Kept(generation, next);
    }

    /**
     * Serves a generation from now on, or from when it is complete here; until then what was served goes on.
     *
     * @return what became of it
     */
    public synchronized Publication serve(Generation generation) {
        wanted = generation;
        Arriving arriving = arriving(generation);
        return arriving.complete == null
                ? refuse("generation " + generation + " of the model has been chosen, and has no complete version;"
                        + " start its trainer, or choose another one by model serve")
                : install(arriving);
    }

    private Publication refuse(String reason) {
        refusal = reason;
        return new Publication.Refused(reason);
    }

    /** Puts a complete version where it is read. */
    private Publication install(Arriving arriving) {
        ModelRow.Marker next = arriving.complete;
        if (next == null || arriving.definition == null) {
            return refuse("generation " + arriving.generation
                    + " of the model has been chosen, and its definition is not in the topic; start its trainer with"
                    + " this version of Eridanus, or choose another one by model serve");
        }
        boolean startsOver = arriving.startsOver;
        int unfit;
        if (arriving == served) {
            lock.writeLock().lock();
            try {
                unfit = arriving.install();
            } finally {
                lock.writeLock().unlock();
            }
        } else {
            unfit = arriving.install();
            lock.writeLock().lock();
            try {
                served = arriving;
            } finally {
                lock.writeLock().unlock();
            }
        }
        if (arriving.generation.equals(wanted)) {
            refusal = null;
        }
        return new Publication.Served(next, unfit, startsOver);
    }

    /** Runs something that reads {@link #network()} and {@link #indexOf}; both stay one version until it returns. */
    <T> T read(Supplier<T> reader) {
        lock.readLock().lock();
        try {
            return reader.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The network; to be read within {@link #read} alone. */
    DeepAssociationNetwork network() {
        return served.network();
    }

    /** The index of the item with this {@link StableHash}, or −1; to be called within {@link #read} alone. */
    int indexOf(long itemHash) {
        return served.itemsByHash.get(itemHash);
    }
}
