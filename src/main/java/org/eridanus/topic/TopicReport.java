package org.eridanus.topic;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link TopicApplier} did, or would do.
 *
 * @param changes the changes, creations first, each kind in the order of the topics
 * @param notes what differs from the files, or from the configuration, and was left alone, for people
 * @param dryRun whether nothing was done
 */
public record TopicReport(List<TopicChange> changes, List<String> notes, boolean dryRun) {
    public TopicReport {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** One line for each change and note, for people. */
    @Override
    public String toString() {
        String lines = Stream.concat(
                        changes.stream().map(TopicChange::toString),
                        notes.stream().map(note -> "note: " + note))
                .collect(Collectors.joining("\n"));
        return lines.isEmpty() ? "all topics are as their files say" : lines;
    }
}
