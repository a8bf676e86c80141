package org.eridanus.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eridanus.accounting.AccountingFuzzTargets;
import org.eridanus.cli.CliFuzzTargets;
import org.eridanus.config.ConfigException;
import org.eridanus.config.Configuration;
import org.eridanus.dataset.DatasetFuzzTargets;
import org.eridanus.serde.SerdeFuzzTargets;
import org.eridanus.server.ServerFuzzTargets;
import org.eridanus.testing.FuzzTarget;
import org.eridanus.topic.TopicFuzzTargets;

/** Every parser of bytes from outside, by the name of its folder of inputs. */
final class FuzzTargets {
    /** The targets in alphabetical order. */
    static final Map<String, FuzzTarget> ALL = all();

    private FuzzTargets() {}

    private static Map<String, FuzzTarget> all() {
        Map<String, FuzzTarget> all = new TreeMap<>();
        all.putAll(SerdeFuzzTargets.ALL);
        all.putAll(AccountingFuzzTargets.ALL);
        all.putAll(DatasetFuzzTargets.ALL);
        all.putAll(TopicFuzzTargets.ALL);
        all.putAll(CliFuzzTargets.ALL);
        all.putAll(ServerFuzzTargets.ALL);
        all.put("configuration", FuzzTargets::configuration);
        all.put("environment", FuzzTargets::environment);
        return all;
    }

    /** What is accepted is shown, and reads as the same again. */
    private static boolean configuration(byte[] bytes) {
        Configuration read;
        try {
            read = Configuration.parse("fuzz.yaml", new String(bytes, UTF_8), Map.of());
        } catch (ConfigException refused) {
            return false;
        }
        String shown = read.show();
        if (!shown.contains("******")) {
            String again = Configuration.parse("shown.yaml", shown, Map.of()).show();
            if (!withoutOrigins(again).equals(withoutOrigins(shown))) {
                throw new AssertionError("what is shown must read as the same:\n" + shown + "\n" + again);
            }
        }
        return true;
    }

    private static String withoutOrigins(String shown) {
        return shown.lines()
                .map(line -> line.substring(0, Math.max(line.lastIndexOf(" # "), 0)))
                .collect(Collectors.joining("\n"));
    }

    /** Variables as {@code NAME=value}, a line each. */
    private static boolean environment(byte[] bytes) {
        Map<String, String> environment = new TreeMap<>(Map.of("ERIDANUS_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"));
        Arrays.stream(new String(bytes, UTF_8).split("\n")).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                environment.put("ERIDANUS_" + line.substring(0, equals), line.substring(equals + 1));
            }
        });
        try {
            Configuration.parse("fuzz.yaml", "", environment);
            return true;
        } catch (ConfigException refused) {
            return false;
        }
    }
}
