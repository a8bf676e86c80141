package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;
import org.eridanus.cli.RecoveryResult.Kill;
import org.eridanus.cli.RecoveryResult.Moment;
import org.eridanus.serde.Json;

/** A proof of recovery as JSON. Numbers that there are none of are null. */
final class RecoveryReport {
    private RecoveryReport() {}

    /**
     * Writes it to a file, whole or not at all for whoever reads it meanwhile.
     *
     * @throws CommandException if the file cannot be written
     */
    static void write(RecoveryResult result, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path written = Files.createTempFile(folder, ".report", ".json");
            Files.writeString(written, json(result).toPrettyString() + "\n");
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("the report must go to a file that can be written, got " + file + ": " + e, e);
        }
    }

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
        accounting(json.putObject("accounting"), result.balance());
        ArrayNode each = json.putArray("each");
        result.kills().forEach(kill -> kill(each.addObject(), kill));
        DemoSummary.Environment environment = DemoSummary.Environment.current();
        json.putObject("environment")
                .put("jdk", environment.jdk())
                .put("os", environment.os())
                .put("cores", environment.cores());
        return json;
    }

    private static void quantiles(ObjectNode json, List<Double> ascending) {
        number(json, "p50", RecoveryResult.quantile(ascending, .5));
        number(json, "max", RecoveryResult.quantile(ascending, 1));
    }

    private static void accounting(ObjectNode json, Balance balance) {
        json.put("balanced", balance.balanced());
        json.put("read", balance.read());
        json.put("enriched", balance.enriched());
        json.put("deadLettered", balance.deadLettered());
        json.put("trained", balance.trained());
        json.put("evaluated", balance.evaluated());
        json.put("covered", balance.covered());
        json.put("coalesced", balance.coalesced());
        ArrayNode violations = json.putArray("violations");
        balance.violations().stream().map(Violation::toString).forEach(violations::add);
    }

    private static void kill(ObjectNode json, Kill kill) {
        json.put("moment", kill.moment().label());
        json.put("events", kill.events());
        if (kill.openTransactions() < 0) {
            json.putNull("openTransactions");
        } else {
            json.put("openTransactions", kill.openTransactions());
        }
        number(json, "recoverySeconds", kill.recoverySeconds());
    }

    private static void number(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
