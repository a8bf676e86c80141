package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.RecommendationJson;
import org.eridanus.stream.ScorerMonitor.Cause;
import org.eridanus.stream.ScorerNames;

/**
 * Answers each request at once, with one list.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class AnswerRequestsProcessor implements Processor<String, RecommendationRequest, String, byte[]> {
    private final RecommendationIssuer issuer;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserContext> contexts;

    /** A step with an issuer of its own. */
    public AnswerRequestsProcessor(RecommendationIssuer issuer) {
        this.issuer = issuer;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        this.contexts = context.getStateStore(ScorerNames.USER_CONTEXT_STORE);
    }

    @Override
    public void process(Record<String, RecommendationRequest> record) {
        RecommendationRequest request = record.value();
        UserContext known = contexts.get(request.user());
        IssuedRecommendation answer = issuer.issue(
                request.user(),
                known == null ? UserContext.UNKNOWN : known,
                request.k(),
                request.exclude(),
                Coordinates.of(context),
                record.timestamp(),
                Cause.REQUEST);
        context.forward(new Record<>(request.user(), RecommendationJson.write(answer), record.timestamp()));
    }
}
