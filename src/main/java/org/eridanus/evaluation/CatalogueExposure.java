package org.eridanus.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What part of the catalogue lists show, and how much of it is what everybody consumes anyway, over the newest
 * recommended places and the newest consumed items.
 *
 * <p><em>Coverage</em> is the number of different items among the places, divided by the catalogue's. The <em>popular
 * share</em> is the share of places that hold one of the most consumed {@value #POPULAR_PERCENT} % of the catalogue; of
 * equally consumed items at the border each counts by the fraction of them that still belongs. The same share of the
 * consumed items themselves says how popular taste is (compare Abdollahpouri et al., 2019, the unfairness of popularity
 * bias).
 *
 * <p>Threading: safe for use by several threads.
 */
public final class CatalogueExposure {
    /** Places and consumed items that are remembered, of each. */
    public static final int WINDOW = 20_000;
    /** Part of the catalogue that counts as popular, in per cent. */
    public static final int POPULAR_PERCENT = 10;

    private final Window places = new Window(WINDOW);
    private final Window consumption = new Window(WINDOW);

    /** A list was given out. */
    public synchronized void recommended(List<String> items) {
        items.forEach(places::add);
    }

    /** An item was consumed. */
    public synchronized void consumed(String item) {
        consumption.add(item);
    }

    /**
     * Share of the catalogue that was recommended, in [0, 1]; NaN without lists.
     *
     * @param catalogue items that may be recommended
     */
    public synchronized double coverage(int catalogue) {
        return places.total == 0 || catalogue == 0 ? Double.NaN : Math.min(1.0, places.distinct() / (double) catalogue);
    }

    /**
     * Share of recommended places that popular items hold, in [0, 1]; NaN without lists or consumption.
     *
     * @param catalogue items that may be recommended
     */
    public synchronized double popularShareOfPlaces(int catalogue) {
        return popularShare(places, catalogue);
    }

    /**
     * Share of consumed items that are popular, in [0, 1]; NaN without consumption.
     *
     * @param catalogue items that may be recommended
     */
    public synchronized double popularShareOfConsumption(int catalogue) {
        return popularShare(consumption, catalogue);
    }

    private double popularShare(Window window, int catalogue) {
        if (window.total == 0 || consumption.total == 0 || catalogue == 0) {
            return Double.NaN;
        }
        double popular = Math.max(1.0, catalogue * POPULAR_PERCENT / 100.0);
        int border = consumption.border(popular);
        int above = consumption.itemsAbove(border);
        int at = consumption.itemsAbove(border - 1) - above;
        double fraction = at == 0 ? 0.0 : Math.min(1.0, (popular - above) / at);
        double held = 0.0;
        for (Map.Entry<String, int[]> consumed : consumption.counts.entrySet()) {
            int count = consumed.getValue()[0];
            if (count >= border) {
                held += (count > border ? 1.0 : fraction) * window.count(consumed.getKey());
            }
        }
        return held / window.total;
    }

    /** The newest ids, and how often each is among them. */
    private static final class Window {
        private final @Nullable String[] ids;
        private final Map<String, int[]> counts = new HashMap<>();
        private int next;
        private int total;

        Window(int capacity) {
            ids = new String[capacity];
        }

        void add(String id) {
            String oldest = ids[next];
            if (oldest != null) {
                int[] count = counts.get(oldest);
                if (count != null && --count[0] == 0) {
                    counts.remove(oldest);
                }
            }
            ids[next] = id;
            counts.computeIfAbsent(id, key -> new int[1])[0]++;
            next = (next + 1) % ids.length;
            total = Math.min(total + 1, ids.length);
        }

        int distinct() {
            return counts.size();
        }

        int count(String id) {
            int[] count = counts.get(id);
            return count == null ? 0 : count[0];
        }

        /** The largest count that at least {@code items} items reach; 1 where fewer are counted at all. */
        int border(double items) {
            int[] reaching = new int[total + 2];
            counts.values().forEach(count -> reaching[count[0]]++);
            int border = total;
            int reached = reaching[border];
            while (border > 1 && reached < items) {
                border--;
                reached += reaching[border];
            }
            return border;
        }

        int itemsAbove(int border) {
            int items = 0;
            for (int[] count : counts.values()) {
                items += count[0] > border ? 1 : 0;
            }
            return items;
        }
    }
}
