package org.eridanus.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eridanus.evaluation.UserScores;

/**
 * What was already run, so that an interrupted experiment goes on where it was: a line for each run, with the rank of every
 * user's test item, from which every metric follows, and how often it was begun if more than once. The first line says of
 * which data and settings; a file of others is refused. A last line that was cut off is dropped, and run again.
 *
 * <p>Threading: safe for use by several threads.
 */
final class PaperJournal {
    private static final String FIELD = "\t";

    private final Path file;
    private final Map<String, int[]> ranks = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();

    /**
     * Opens a journal, or starts one.
     *
     * @param identity what the figures depend on beside the runs' own settings
     * @param users how many ranks a run has
     * @throws ExperimentException if the file belongs to something else or cannot be used
     */
    PaperJournal(Path file, String identity, int users) {
        this.file = file;
        try {
            if (!Files.exists(file)) {
                Path folder = file.toAbsolutePath().getParent();
                Files.createDirectories(folder);
                Files.writeString(file, identity + "\n", StandardCharsets.UTF_8);
                return;
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            if (lines.isEmpty() || !lines.get(0).equals(identity)) {
                throw new ExperimentException("a journal must be of the same data and settings, " + identity + ", got "
                        + (lines.isEmpty() ? "an empty file" : lines.get(0)) + " in " + file
                        + ": remove it, or give another --report");
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(FIELD, -1);
                int[] values = fields.length < 2 || fields.length > 3
                        ? new int[0]
                        : Arrays.stream(fields[1].split(" "))
                                .mapToInt(Integer::parseInt)
                                .toArray();
                if (values.length != users) {
                    throw new ExperimentException("a line of a journal must have a key and " + users + " ranks, got "
                            + values.length + " ranks in " + file + ": remove the file");
                }
                ranks.put(fields[0], values);
                starts.put(fields[0], fields.length < 3 ? 1 : Integer.parseInt(fields[2]));
            }
            if (!text.endsWith("\n")) {
                Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
            }
        } catch (IOException | NumberFormatException e) {
            throw new ExperimentException("a journal must be readable and writable, got " + file + ": " + e, e);
        }
    }

    /** The scores of a run, empty if it has to be run. */
    synchronized Optional<UserScores> scores(PaperRun run) {
        return Optional.ofNullable(ranks.get(run.key())).map(UserScores::of);
    }

    /** How often a run was begun. */
    synchronized int starts(PaperRun run) {
        return starts.getOrDefault(run.key(), 1);
    }

    /**
     * Notes a run.
     *
     * @param begun how often it was begun
     */
    synchronized void add(PaperRun run, int[] userRanks, int begun) {
        String line = run.key() + FIELD
                + Arrays.stream(userRanks).mapToObj(Integer::toString).collect(Collectors.joining(" "))
                + (begun == 1 ? "" : FIELD + begun) + "\n";
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new ExperimentException("a journal must be writable, got " + file + ": " + e, e);
        }
        ranks.put(run.key(), userRanks);
        starts.put(run.key(), begun);
    }
}
