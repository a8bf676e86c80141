package org.eridanus.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The name of an instance in its consumer groups (Kafka's static membership): made up once for a state folder and kept in
 * it. A process that comes back to the folder of a killed one takes its place in the groups at once, with its tasks and
 * its stores, instead of waiting until the group has given the killed one up.
 *
 * <p>Threading: for all threads; roles that begin at the same time get the same name.
 */
final class InstanceId {
    /** Its file in the state folder. */
    static final String FILE = "instance-id";

    private InstanceId() {}

    /**
     * The name of the instance with this state folder.
     *
     * @throws IOException if the folder cannot be used
     */
    static synchronized String of(Path stateFolder) throws IOException {
        Path file = stateFolder.resolve(FILE);
        if (Files.exists(file)) {
            String id = Files.readString(file).strip();
            if (!id.isEmpty()) {
                return id;
            }
        }
        Files.createDirectories(stateFolder);
        String id = UUID.randomUUID().toString();
        // Whole or not at all: a process may be killed at any time.
        Path written = Files.createTempFile(stateFolder, FILE, ".part");
        Files.write(written, id.getBytes(StandardCharsets.UTF_8));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }
}
