package org.eridanus.experiment;

import java.util.Arrays;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.Context;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.Example;

/**
 * Users as a network sees them: what each has consumed, in the log's order, and the rows of the user's categories. Items of
 * the network have to be numbered as in the log.
 *
 * <p>Threading: not thread-safe.
 */
final class UserContexts {
    private final InteractionLog log;
    private final FeatureSchema schema;
    private final DeepAssociationNetwork network;
    private final int historyLength;
    private final long[][] times;
    private final int[][] items;
    private final int[] sizes;

    /**
     * Users that have consumed nothing.
     *
     * @param historyLength newest items that a context holds
     */
    UserContexts(InteractionLog log, FeatureSchema schema, DeepAssociationNetwork network, int historyLength) {
        this.log = log;
        this.schema = schema;
        this.network = network;
        this.historyLength = historyLength;
        this.times = log.times();
        this.items = new int[log.users()][0];
        this.sizes = new int[log.users()];
    }

    void add(int user, int item) {
        if (sizes[user] == items[user].length) {
            items[user] = Arrays.copyOf(items[user], Math.max(8, 2 * sizes[user]));
        }
        items[user][sizes[user]++] = item;
    }

    int size(int user) {
        return sizes[user];
    }

    /** The items of a user, oldest first; the first {@link #size} are valid. Live. */
    int[] items(int user) {
        return items[user];
    }

    /** When a user's next event is, ms since 1970. */
    long nextTime(int user) {
        return times[user][sizes[user]];
    }

    /** The user's side of what comes now. */
    Context now(int user) {
        return before(user, sizes[user]);
    }

    /** The user's event at a position, with the history as it was before it. */
    Example example(int user, int position) {
        return new Example(before(user, position), items[user][position], items[user], sizes[user]);
    }

    private Context before(int user, int position) {
        int[] newest = new int[Math.min(historyLength, position)];
        long[] consumed = new long[newest.length];
        for (int p = 0; p < newest.length; p++) {
            newest[p] = items[user][position - 1 - p];
            consumed[p] = times[user][position - 1 - p];
        }
        return new Context(
                newest,
                consumed,
                newest.length,
                network.admitRows(schema.valuesOfUser(log.userId(user), log.profile(user))));
    }
}
