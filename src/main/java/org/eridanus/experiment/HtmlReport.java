package org.eridanus.experiment;

import java.nio.file.Path;
import java.util.List;

/**
 * A page for people that needs nothing beside itself: text, tables and charts.
 *
 * <p>Threading: not thread-safe.
 */
final class HtmlReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#222}
            table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
            th,td{border:1px solid #ccc;padding:.25rem .6rem;text-align:right}
            th:first-child,td:first-child{text-align:left}
            th{background:#f3f3f3}
            svg{max-width:100%;height:auto}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    /** A page with a heading alone. */
    HtmlReport(String title) {
        this.title = title;
        body.append("<h1>").append(escaped(title)).append("</h1>\n");
    }

    HtmlReport heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    HtmlReport paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** A list; nothing of one without lines. */
    HtmlReport list(List<String> lines) {
        if (lines.isEmpty()) {
            return this;
        }
        body.append("<ul>\n");
        lines.forEach(line -> body.append("<li>").append(escaped(line)).append("</li>\n"));
        body.append("</ul>\n");
        return this;
    }

    /** A table, its first row the head. */
    HtmlReport table(List<List<String>> rows) {
        body.append("<table>\n");
        for (int row = 0; row < rows.size(); row++) {
            String tag = row == 0 ? "th" : "td";
            body.append("<tr>");
            for (String cell : rows.get(row)) {
                body.append('<')
                        .append(tag)
                        .append('>')
                        .append(escaped(cell))
                        .append("</")
                        .append(tag)
                        .append('>');
            }
            body.append("</tr>\n");
        }
        body.append("</table>\n");
        return this;
    }

    /** A chart; nothing of one without lines. */
    HtmlReport chart(LineChart chart) {
        if (!chart.isEmpty()) {
            body.append("<figure role=\"img\" aria-label=\"")
                    .append(escaped(chart.title()))
                    .append("\">")
                    .append(chart.svg())
                    .append("</figure>\n");
        }
        return this;
    }

    /** Writes the page. */
    void write(Path file) {
        ReportFile.text(file, text());
    }

    String text() {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title)
                + "</title><style>\n" + STYLE + "</style></head>\n<body>\n" + body + "</body></html>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
