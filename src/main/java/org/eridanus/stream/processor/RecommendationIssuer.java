package org.eridanus.stream.processor;

import java.time.Clock;
import java.util.Set;
import org.eridanus.event.Coordinate;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.UserContext;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.ScorerMonitor.Cause;
import org.eridanus.stream.ScorerMonitor.Filter;

/**
 * Makes a list and tells the monitor of it.
 *
 * <p>Threading: not thread-safe; one a processor.
 */
public final class RecommendationIssuer {
    private final Recommender recommender;
    private final Clock clock;
    private final ScorerMonitor monitor;

    /** An issuer of one recommender's lists. */
    public RecommendationIssuer(Recommender recommender, Clock clock, ScorerMonitor monitor) {
        this.recommender = recommender;
        this.clock = clock;
        this.monitor = monitor;
    }

    /**
     * Makes a list.
     *
     * @param coordinate the interaction or request that led to it
     * @param recordTime when that was produced, ms since the epoch
     */
    IssuedRecommendation issue(
            String user,
            UserContext context,
            int k,
            Set<String> exclude,
            Coordinate coordinate,
            long recordTime,
            Cause cause) {
        long started = System.nanoTime();
        Recommendation list = recommender.recommend(context, k, exclude);
        monitor.scored(System.nanoTime() - started);
        long now = clock.millis();
        monitor.recommended(cause, list, Math.max(0, now - recordTime));
        if (list.fallback() != null) {
            monitor.fallback(list.fallback());
        }
        Filtered filtered = list.filtered();
        monitor.filtered(Filter.REMOVED, filtered.removed());
        monitor.filtered(Filter.CONSUMED, filtered.consumed());
        monitor.filtered(Filter.EXCLUDED, filtered.excluded());
        return new IssuedRecommendation(user, now, coordinate, cause == Cause.REQUEST, list);
    }
}
