package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every client against a broker that speaks TLS alone, asks clients for a certificate and for a login by SCRAM: the roles,
 * the HTTP server's clients and the commands, with secrets from files, which nothing may write down.
 */
class SecureClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int EVENTS = 300;
    private static final String STORE_SECRET = "hush-store-4711";
    private static final String LOGIN_SECRET = "hush-login-4711";
    private static final String PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"root\" password=\"root-password\" user_root=\"root-password\";";
    private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;

    @BeforeEach
    void startSecureBroker() throws Exception {
        makeCertificate("server", "-ext", "SAN=ip:127.0.0.1");
        makeCertificate("client");
        // The broker is a client of its own, too.
        trust("server", "server");
        trust("server", "client");
        trust("client", "server");
        Map<String, String> settings = new HashMap<>(stores("server"));
        settings.put("listener.name.plaintext.ssl.client.auth", "required");
        settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put("listener.name.plaintext.plain.sasl.jaas.config", PLAIN_LOGIN);
        settings.put("listener.name.plaintext.scram-sha-512.sasl.jaas.config", SCRAM + ";");
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0, settings);

        Map<String, Object> root = new HashMap<>(stores("client"));
        root.put("bootstrap.servers", broker.bootstrapServers());
        root.put("security.protocol", "SASL_SSL");
        root.put("sasl.mechanism", "PLAIN");
        root.put("sasl.jaas.config", PLAIN_LOGIN);
        try (Admin admin = Admin.create(root)) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "eridanus", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096), LOGIN_SECRET)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void shouldReachASecureBrokerByEveryClientAndWriteNoSecretDown() throws Exception {
        Path login = Files.writeString(folder.resolve("login"), login(LOGIN_SECRET) + "\n");
        Path secrets = Files.writeString(
                folder.resolve("secrets.properties"),
                "store=" + STORE_SECRET + "\nlogin=" + login(LOGIN_SECRET) + "\nwrong=" + login("hush-wrong-4711"));
        Path forRun = configuration("run.yaml", secrets, "");
        Path forCommands = configuration("commands.yaml", secrets, "sasl.jaas.config: '${file:%s:login}'");
        Path wrong = configuration("wrong.yaml", secrets, "sasl.jaas.config: '${file:%s:wrong}'");
        StringWriter written = new StringWriter();

        assertThat(execute(written, forCommands, "topics", "apply")).isZero();
        try (ChildProcess run = ChildProcess.start(
                folder.resolve("run.log"),
                Map.of(
                        "ERIDANUS_KAFKA_SETTINGS_ALL_SASL_JAAS_CONFIG_FILE",
                        login.toString(),
                        // All that Kafka has to say of its configuration.
                        "JDK_JAVA_OPTIONS",
                        "-Dlogback.configurationFile=" + loquacious()),
                "run",
                "--config",
                forRun.toString())) {
            URI http = Instances.awaitRunning(run);
            assertThat(execute(written, forCommands, "produce", "--data", "synthetic", "--events", "" + EVENTS))
                    .isZero();
            assertThat(post(http)).isEqualTo(202);
            Await.until(
                    PATIENCE,
                    () -> {
                        run.requireAlive();
                        StringWriter digest = new StringWriter();
                        return execute(digest, forCommands, "model", "digest", "--json") == 0
                                && json(digest).path("events").asInt() == EVENTS + 1;
                    },
                    "a model that has learned from every event");
            assertThat(get(http.resolve("items?limit=1"))).contains("\"title\"");
            assertThat(execute(written, forCommands, "recommend", "--user", "u1"))
                    .isZero();
            assertThat(execute(written, forCommands, "consume", "--user", "u1")).isZero();
            assertThat(execute(written, forCommands, "replay", "--verify")).isZero();
            assertThat(execute(written, forCommands, "config", "show")).isZero();
            Path model = folder.resolve("model");
            assertThat(execute(written, forCommands, "model", "export", model.toString()))
                    .isZero();
            assertThat(execute(written, wrong, "model", "digest")).isEqualTo(1);
            assertThat(written.toString()).contains("Authentication failed");

            run.terminate();
            assertThat(run.exitCode(Duration.ofSeconds(30))).isZero();
            assertThat(execute(written, forCommands, "model", "import", model.toString(), "--replace"))
                    .isZero();

            assertThat(run.output())
                    .as("Kafka has told its settings, or this proves nothing")
                    .contains("sasl.jaas.config = [hidden]")
                    .contains("ssl.keystore.password = [hidden]");
            assertThat(run.output() + written).doesNotContain("hush");
        }
    }

    private static String login(String password) {
        return SCRAM + " username=\"eridanus\" password=\"" + password + "\";";
    }

    private Path configuration(String name, Path secrets, String login) throws Exception {
        StringBuilder settings = new StringBuilder();
        Map<String, String> all = new HashMap<>(stores("client"));
        all.replaceAll((key, value) -> key.endsWith("password") ? "${file:" + secrets + ":store}" : value);
        all.put("security.protocol", "SASL_SSL");
        all.put("sasl.mechanism", "SCRAM-SHA-512");
        all.put("config.providers", "file");
        all.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        all.forEach((key, value) -> settings.append("      ")
                .append(key)
                .append(": '")
                .append(value)
                .append("'\n"));
        settings.append("      ").append(login.formatted(secrets));
        return Files.writeString(folder.resolve(name), """
                kafka:
                  bootstrap-servers: %s
                  settings:
                    all:
                %s
                topics: {partitions: 2, replication: 1}
                state: {folder: '%s'}
                http: {port: 0, writable: true}
                model: {preset: association}
                """.formatted(
                        broker.bootstrapServers(), settings.toString().indent(2), folder.resolve("state")));
    }

    private Path loquacious() throws Exception {
        return Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="ERR" class="ch.qos.logback.core.ConsoleAppender">
                    <target>System.err</target>
                    <encoder><pattern>%level %logger %msg%n</pattern></encoder>
                  </appender>
                  <logger name="org.apache.kafka.common.config" level="DEBUG"/>
                  <logger name="org.apache.kafka.common.security" level="DEBUG"/>
                  <logger name="org.eridanus" level="DEBUG"/>
                  <root level="INFO"><appender-ref ref="ERR"/></root>
                </configuration>
                """);
    }

    private static int execute(StringWriter written, Path config, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        PrintWriter out = new PrintWriter(written, true);
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(screen, true, UTF_8));
        try {
            return Eridanus.commandLine().setOut(out).setErr(out).execute(all.toArray(String[]::new));
        } finally {
            System.setOut(before);
            written.append(screen.toString(UTF_8));
        }
    }

    private static JsonNode json(StringWriter text) {
        try {
            return JSON.readTree(text.toString());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static int post(URI http) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(http.resolve("interactions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"u1\",\"item\":\"i1\"}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static String get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private Map<String, String> stores(String name) {
        return Map.of(
                "ssl.keystore.location", folder.resolve(name + ".keys").toString(),
                "ssl.keystore.password", STORE_SECRET,
                "ssl.key.password", STORE_SECRET,
                "ssl.truststore.location", folder.resolve(name + ".trusted").toString(),
                "ssl.truststore.password", STORE_SECRET);
    }

    private void makeCertificate(String name, String... more) throws Exception {
        List<String> make = new ArrayList<>(List.of(
                "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name));
        make.addAll(List.of(more));
        keytool(folder.resolve(name + ".keys"), make);
        Path certificate = folder.resolve(name + ".cer");
        keytool(
                folder.resolve(name + ".keys"),
                List.of("-exportcert", "-alias", name, "-file", certificate.toString()));
    }

    private void trust(String who, String whom) throws Exception {
        Path certificate = folder.resolve(whom + ".cer");
        keytool(
                folder.resolve(who + ".trusted"),
                List.of("-importcert", "-noprompt", "-alias", whom, "-file", certificate.toString()));
    }

    private static void keytool(Path store, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_SECRET));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
