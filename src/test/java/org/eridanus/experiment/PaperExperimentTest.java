package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eridanus.dataset.SyntheticWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperExperimentTest {
    private static final InteractionLog LOG = new InteractionLog(
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(40, 120, 1_000)), Integer.MAX_VALUE);

    @TempDir
    private Path folder;

    private final List<String> done = new ArrayList<>();

    private List<String> run(int epochs) {
        return PaperExperiment.run(
                LOG, true, List.of(1L), epochs, 2, folder.resolve("paper.json"), (n, total, what) -> done.add(what));
    }

    @Test
    void shouldWriteFiguresAndTablesBesideThePapers() throws IOException {
        List<String> findings = run(1);

        String page = Files.readString(folder.resolve("paper.html"));
        assertThat(page).contains("Figs. 6 and 7", "Fig. 8", "Fig. 9", "Table 3", "Table 6", "<svg", "10/21 = 0.476");
        // Table 3, 8 factors, no hidden layer: the paper's value in brackets.
        assertThat(page).contains("(.385)");
        assertThat(findings).hasSizeGreaterThan(10).allMatch(line -> line.startsWith("RQ") || line.startsWith("Begun"));
        assertThat(Files.readAllLines(folder.resolve("paper.csv")))
                .hasSize(1 + PaperPlan.quick(List.of(1L), 1).runs().size());
        assertThat(Files.readString(folder.resolve("paper.json")))
                .contains("\"model\" : \"DAN\"", "\"findings\"", "\"hr10\"", "\"starts\" : 1", "\"environment\"");
    }

    @Test
    void shouldTellWhichNetworksWereBegunMoreThanOnce() throws IOException {
        run(1);
        Path journal = folder.resolve("paper.journal");
        List<String> lines = new ArrayList<>(Files.readAllLines(journal));
        lines.set(3, lines.get(3) + "\t4");
        Files.write(journal, lines);

        List<String> findings = run(1);

        String key = lines.get(3).substring(0, lines.get(3).indexOf('\t'));
        assertThat(findings.get(findings.size() - 1))
                .startsWith("Begun more than once")
                .contains(key + " (4)");
    }

    @Test
    void shouldGoOnWhereItWasInterrupted() throws IOException {
        run(1);
        Path journal = folder.resolve("paper.journal");
        String whole = Files.readString(journal);
        String csv = Files.readString(folder.resolve("paper.csv"));
        List<String> lines = whole.lines().toList();
        int all = done.size();
        done.clear();
        // Four runs are there, and half a line of the fifth.
        Files.writeString(
                journal,
                String.join("\n", lines.subList(0, 5)) + "\n" + lines.get(5).substring(0, 20));

        run(1);

        assertThat(done).hasSize(all - 4);
        assertThat(Files.readString(folder.resolve("paper.csv"))).isEqualTo(csv);
    }

    @Test
    void shouldRefuseAJournalOfOtherSettings() {
        run(1);

        assertThatThrownBy(() -> run(2))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining("same data and settings")
                .hasMessageContaining("2 epochs");
    }

    @Test
    void shouldCountWhatThePaperListsBelowChance() {
        // Table 3 by row: 5, 2, 2, 2, 3, 1, 3, 2 — .476 counts as chance. Table 5 by row: 1, 1, 1, 0, 1, 0, 0, 0.
        assertThat(PaperValues.belowChance()).isEqualTo(5 + 2 + 2 + 2 + 3 + 1 + 3 + 2 + 1 + 1 + 1 + 1);
    }
}
