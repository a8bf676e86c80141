package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.serde.Json;

/** A summary as JSON, for scripts and for the figures in documents. Numbers that there are none of are null. */
final class DemoReport {
    private DemoReport() {}

    static ObjectNode json(DemoSummary summary) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("events", summary.events());
        JsonReport.number(json, "seconds", summary.seconds());
        JsonReport.number(json, "eventsPerSecond", summary.eventsPerSecond());
        json.put("deadLetters", summary.deadLetters());
        json.put("recommendations", summary.recommendations());
        line(json.putObject("prequential"), summary, Line.MODEL);
        line(json.putObject("popularity"), summary, Line.POPULARITY);
        line(json.putObject("sequentialRules"), summary, Line.SEQUENTIAL_RULES);
        ObjectNode served = json.putObject("served");
        JsonReport.number(served, "hr10", summary.served().hr10());
        served.put("n", summary.served().n());
        served.put("excluded", summary.served().excluded());
        quantiles(json.putObject("latencyMs"), summary.latencyMs());
        quantiles(json.putObject("warmLatencyMs"), summary.warmLatencyMs());
        quantiles(json.putObject("freshnessMs"), summary.freshnessMs());
        quantiles(json.putObject("warmFreshnessMs"), summary.warmFreshnessMs());
        JsonReport.number(json, "rowsWrittenPerEvent", summary.rowsPerEvent());
        JsonReport.number(json, "pairRowsWrittenPerEvent", summary.pairRowsPerEvent());
        json.put("modelVersion", summary.modelVersion());
        json.put("peakMemoryMb", summary.peakMemoryMb());
        json.putObject("preset").put("name", summary.preset()).put("hash", summary.presetHash());
        JsonReport.number(json, "firstRecommendationSeconds", summary.firstRecommendationSeconds());
        JsonReport.environment(json, summary.environment());
        JsonReport.accounting(json.putObject("accounting"), summary.balance());
        return json;
    }

    private static void line(ObjectNode json, DemoSummary summary, Line line) {
        accuracy(json.putObject("all"), summary.accuracy(line, Group.ALL));
        accuracy(json.putObject("lastHalf"), summary.accuracy(line, Group.LAST_HALF));
        accuracy(json.putObject("cold"), summary.accuracy(line, Group.COLD));
    }

    private static void accuracy(ObjectNode json, Accuracy accuracy) {
        JsonReport.number(json, "hr10", accuracy.hr10());
        JsonReport.number(json, "ndcg10", accuracy.ndcg10());
        json.put("n", accuracy.n());
    }

    private static void quantiles(ObjectNode json, DemoSummary.Quantiles quantiles) {
        JsonReport.number(json, "p50", quantiles.p50());
        JsonReport.number(json, "p99", quantiles.p99());
    }
}
