package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eridanus.cli.RecoveryResult.Kill;
import org.eridanus.cli.RecoveryResult.Moment;
import org.eridanus.serde.Json;

/** A proof of recovery as JSON. */
final class RecoveryReport {
    private RecoveryReport() {}

    static ObjectNode json(RecoveryResult result) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("proved", result.proved());
        json.put("preset", result.preset());
        json.put("seed", result.seed());
        json.put("kills", result.kills().size());
        json.put("events", result.events());
        json.put("lost", result.lost());
        json.put("duplicated", result.duplicated());
        json.put("digestEqual", result.digestEqual());
        quantiles(json.putObject("recoverySeconds"), result.recoverySeconds());
        for (Moment moment : Moment.values()) {
            json.withObjectProperty("killsAt").put(moment.label(), result.killsAt(moment));
        }
        json.put("killsInTransaction", result.killsInTransaction());
        json.put("brokerRestarts", result.brokerRestarts().size());
        quantiles(
                json.putObject("brokerRecoverySeconds"),
                result.brokerRestarts().stream().sorted().toList());
        json.put("stopSeconds", result.stopSeconds());
        ObjectNode model = json.putObject("model");
        model.put("version", result.served().marker().version());
        model.put("sha256", result.served().digest());
        model.put("replayedSha256", result.retrained().digest());
        model.put("kernel", result.served().marker().kernel());
        result.difference().ifPresent(difference -> model.put("difference", difference));
        JsonReport.accounting(json.putObject("accounting"), result.balance());
        ArrayNode each = json.putArray("each");
        result.kills().forEach(kill -> kill(each.addObject(), kill));
        JsonReport.environment(json, DemoSummary.Environment.current());
        return json;
    }

    private static void quantiles(ObjectNode json, List<Double> ascending) {
        JsonReport.number(json, "p50", RecoveryResult.quantile(ascending, .5));
        JsonReport.number(json, "max", RecoveryResult.quantile(ascending, 1));
    }

    private static void kill(ObjectNode json, Kill kill) {
        json.put("moment", kill.moment().label());
        json.put("events", kill.events());
        if (kill.openTransactions() < 0) {
            json.putNull("openTransactions");
        } else {
            json.put("openTransactions", kill.openTransactions());
        }
        JsonReport.number(json, "recoverySeconds", kill.recoverySeconds());
    }
}
