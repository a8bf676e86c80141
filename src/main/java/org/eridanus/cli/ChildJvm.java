package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A command of Eridanus in a JVM of its own: with this JVM's class path and options but its heap and its agents, or by the
 * launcher of another installation. What it writes goes to a file; its standard input is a pipe that ends when this process
 * does.
 *
 * <p>Threading: for one thread.
 */
final class ChildJvm implements AutoCloseable {
    private static final List<String> NOT_INHERITED =
            List.of("-javaagent:", "-agentlib:", "-agentpath:", "-Xmx", "-Xms", "-XX:MaxRAMPercentage=");
    private static final Duration END = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int TAIL = 30;

    private final String name;
    private final Process process;
    private final Path output;
    private final long outputStart;

    private ChildJvm(String name, Process process, Path output, long outputStart) {
        this.name = name;
        this.process = process;
        this.output = output;
        this.outputStart = outputStart;
    }

    /**
     * Starts a command.
     *
     * @param name what it is, for messages
     * @param output takes standard output and error after what is in it
     * @param heap of the JVM, as {@code -Xmx} takes it
     * @param arguments the command and its options
     */
    static ChildJvm start(String name, Path output, String heap, List<String> arguments) {
        return start(name, output, heap, List.of(), arguments);
    }

    /**
     * Starts a command.
     *
     * @param options of the JVM, behind those of this one
     */
    static ChildJvm start(String name, Path output, String heap, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> NOT_INHERITED.stream().noneMatch(option::startsWith))
                .forEach(command::add);
        command.add("-Xmx" + heap);
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Eridanus.class.getName());
        command.addAll(arguments);
        return start(name, output, command);
    }

    /**
     * Starts a command of another installation.
     *
     * @param launcher its file {@code eridanus}
     */
    static ChildJvm launch(String name, Path output, Path launcher, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(arguments);
        return start(name, output, command);
    }

    private static ChildJvm start(String name, Path output, List<String> command) {
        try {
            long start = Files.exists(output) ? Files.size(output) : 0;
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            return new ChildJvm(name, process, output, start);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** Whether it has written a text. */
    boolean hasSaid(String text) {
        return said().contains(text);
    }

    /**
     * Waits until it has written a text.
     *
     * @param check called often; throws if there is no point in going on
     * @throws CommandException if it ends before, or time does
     */
    void awaitSaid(String text, Duration patience, Runnable check) {
        Runnable alive = () -> {
            check.run();
            requireAlive();
        };
        if (!new Waiting(LOOK_AGAIN, alive).until(() -> hasSaid(text), patience)) {
            throw new CommandException(name + " must say '" + text + "' within " + patience.toSeconds()
                    + " s, and did not; the last lines:\n" + lastLines());
        }
    }

    private String said() {
        try (SeekableByteChannel channel = Files.newByteChannel(output)) {
            channel.position(outputStart);
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("what " + name + " wrote cannot be read", e);
        }
    }

    /** Kills it, by SIGKILL where there are signals, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        await(END);
    }

    /**
     * Asks it to stop, by SIGTERM where there are signals.
     *
     * @return its exit code, empty if it goes on after all that time
     */
    OptionalInt stop(Duration patience) {
        process.destroy();
        return await(patience);
    }

    /**
     * Waits for its end.
     *
     * @return its exit code, empty if it goes on after all that time
     */
    OptionalInt await(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting for " + name + " to end", e);
        }
    }

    /**
     * Throws if it has ended.
     *
     * @throws CommandException with the end of what it has written
     */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new CommandException(name + " must go on, and ended with exit code " + process.exitValue()
                    + "; the last it said:\n" + lastLines());
        }
    }

    /** The end of what it has written. */
    String lastLines() {
        List<String> lines = said().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        kill();
    }
}
