package org.eridanus.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A page of charts of what was measured over a run, above them what came of it. Needs nothing beside itself. */
public final class TimelinePage {
    private TimelinePage() {}

    /**
     * A chart.
     *
     * @param title what it shows
     * @param unit of its values
     * @param lines by name, a value for each place on the page's axis
     */
    @SuppressWarnings("ArrayRecordComponent") // drawn at once and never compared
    public record Panel(String title, String unit, Map<String, double[]> lines) {}

    /**
     * Writes a page.
     *
     * @param lines what came of the run, a line each
     * @param table its first row the head
     * @param axis what the charts go along
     * @param at places on the axis, ascending
     * @throws ExperimentException if the file cannot be written
     */
    public static void write(
            Path file,
            String title,
            List<String> lines,
            List<List<String>> table,
            String axis,
            double[] at,
            List<Panel> panels) {
        HtmlReport page = new HtmlReport(title).list(lines).table(table);
        for (Panel panel : panels) {
            LineChart chart = new LineChart(panel.title, axis, panel.unit);
            panel.lines.forEach((name, values) -> {
                for (int i = 0; i < at.length; i++) {
                    chart.add(name, at[i], values[i]);
                }
            });
            page.chart(chart);
        }
        page.write(file);
    }
}
