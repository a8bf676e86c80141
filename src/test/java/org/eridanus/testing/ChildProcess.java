package org.eridanus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eridanus.cli.Eridanus;

/** {@code eridanus} in a JVM of its own, with this one's class path; what it writes goes to a file. */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private ChildProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a command.
     *
     * @param output takes standard output and error
     * @param environment added to this JVM's
     * @param arguments the command and its options
     */
    public static ChildProcess start(Path output, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                Eridanus.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return new ChildProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has written so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until its output holds a text; fails if it ends before. */
    public void awaitOutput(Duration patience, String text) {
        Await.until(
                patience,
                () -> {
                    if (output().contains(text)) {
                        return true;
                    }
                    if (!process.isAlive()) {
                        throw new AssertionError(
                                "ended with " + process.exitValue() + " before it wrote '" + text + "':\n" + output());
                    }
                    return false;
                },
                "'" + text + "' in the output of a child process");
    }

    /** Fails, with what it has written, if it has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
        }
    }

    /** Asks it to stop, by SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Kills it, by SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end and returns its exit code. */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + patience.toSeconds() + " s:\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a child process", e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
