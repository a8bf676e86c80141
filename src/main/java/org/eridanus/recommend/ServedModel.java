package org.eridanus.recommend;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.eridanus.feature.StableHash;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.JointFeature;
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
 * <p>Threading: safe for use by several threads; one of them stages and publishes, any number reads.
 */
public final class ServedModel {
    private final ModelSettings settings;
    private final String hash;
    private final List<JointFeature> features;
    private final List<String> categories;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, ModelRow> staged = new HashMap<>();
    private final Set<String> stagedRemovals = new HashSet<>();
    private DeepAssociationNetwork network;
    private HashIndex itemsByHash = new HashIndex();
    private volatile ModelRow.@Nullable Marker marker;
    private volatile @Nullable String refusal;

    /**
     * A model of which nothing has arrived.
     *
     * @param settings the preset; versions of another one are refused
     * @param features its joint features
     */
    public ServedModel(ModelSettings settings, List<JointFeature> features) {
        this.settings = settings;
        this.hash = settings.hash();
        this.features = List.copyOf(features);
        this.network = new DeepAssociationNetwork(settings, features, false);
        this.categories = network.categories();
    }

    /** The preset. */
    public ModelSettings settings() {
        return settings;
    }

    /** The categories that the model keeps rows for beside the items. */
    public List<String> categories() {
        return categories;
    }

    /** The marker of the version that is served, empty before the first. */
    public Optional<ModelRow.Marker> marker() {
        return Optional.ofNullable(marker);
    }

    /** Whether a version is served. */
    public boolean loaded() {
        return marker != null;
    }

    /** Why the newest version is not served; empty where it is, or where there is none. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
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
        return read(() -> new Size(network.rows(), network.bytes(), network.candidates()));
    }

    /** Takes a row of the version that is arriving. A later row of the same key replaces it. */
    public synchronized void stage(ModelRow row) {
        String key = row.key();
        stagedRemovals.remove(key);
        staged.put(key, row);
    }

    /** Takes the removal of a row in the version that is arriving. */
    public synchronized void stageRemoval(String key) {
        staged.remove(key);
        stagedRemovals.add(key);
    }

    /** How many rows and removals wait for their marker. */
    public synchronized int stagedRows() {
        return staged.size() + stagedRemovals.size();
    }

    /** Ends the version that is arriving: serves it, if it is one of this preset. */
    public synchronized Publication publish(ModelRow.Marker next) {
        Publication publication = next.hash().equals(hash)
                ? serve(next)
                : new Publication.Refused("version " + next.version() + " of the model was trained with preset "
                        + next.preset() + " (" + next.hash() + "), this scorer runs " + settings.preset() + " (" + hash
                        + "): run all roles with the same preset");
        refusal = publication instanceof Publication.Refused refused ? refused.reason() : null;
        staged.clear();
        stagedRemovals.clear();
        return publication;
    }

    private Publication serve(ModelRow.Marker next) {
        ModelRow.Marker before = marker;
        boolean startsOver = before != null && next.version() <= before.version();
        int unfit = 0;
        lock.writeLock().lock();
        try {
            if (startsOver) {
                network = new DeepAssociationNetwork(settings, features, false);
                itemsByHash = new HashIndex();
            }
            stagedRemovals.forEach(network::unload);
            for (ModelRow row : staged.values()) {
                if (!network.fits(row)) {
                    unfit++;
                    continue;
                }
                network.load(row);
                if (row instanceof ModelRow.Embedding item && item.table().equals(DeepAssociationNetwork.ITEM)) {
                    itemsByHash.put(StableHash.of(item.id()), item.index());
                }
            }
            // Refreshes the list of live items, so that no reader does it.
            network.candidates();
            marker = next;
        } finally {
            lock.writeLock().unlock();
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
        return network;
    }

    /** The index of the item with this {@link StableHash}, or −1; to be called within {@link #read} alone. */
    int indexOf(long itemHash) {
        return itemsByHash.get(itemHash);
    }
}
