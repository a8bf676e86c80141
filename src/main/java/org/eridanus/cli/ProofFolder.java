package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import org.eridanus.file.Folders;
import org.jspecify.annotations.Nullable;

/** Where a proof keeps its broker, stores and logs: where it is told to, or a temporary folder that goes if it holds. */
final class ProofFolder {
    private ProofFolder() {}

    /**
     * Carries a proof out.
     *
     * @param named the folder, null for a temporary one
     * @param proof takes the folder and what to call often, and says whether it holds
     * @return the command's exit code
     */
    static int prove(@Nullable Path named, Screen screen, BiPredicate<Path, Runnable> proof) {
        try (Stopping stopping = new Stopping()) {
            Path folder = named == null ? Files.createTempDirectory("eridanus-proof") : named;
            boolean holds = false;
            try {
                holds = proof.test(folder, stopping::check);
            } catch (Stopping.StoppedException e) {
                screen.line("stopped before the end");
            } finally {
                screen.clear();
                if (named == null && holds) {
                    Folders.delete(folder);
                } else {
                    screen.line("data and logs are kept in " + folder);
                }
            }
            return holds ? 0 : 1;
        } catch (IOException e) {
            throw new UncheckedIOException("the proof's folder: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the configuration of what a proof starts.
     *
     * @param folder the proof's, made if it is not there
     * @param file in it
     *
     * @throws CommandException if the folder cannot be written to, or a proof has used it
     */
    static void configure(Path folder, Path file, String yaml) {
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                throw new CommandException(folder + " must be a folder that no proof has used; name another one");
            }
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new CommandException(folder + " must be a folder that can be written to: " + e, e);
        }
    }
}
