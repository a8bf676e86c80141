package org.eridanus.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A chart of one or more lines, as SVG made by XChart.
 *
 * <p>Threading: not thread-safe.
 */
final class LineChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;

    /** Numbers of five digits and more are too wide for an axis. */
    private static final double COMPACT_FROM = 10_000;

    /** Colours that people with the common forms of colour blindness can tell apart (Okabe, Ito, 2008), and greys. */
    private static final List<Color> COLOURS = List.of(
            new Color(0xD55E00),
            new Color(0x0072B2),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0x000000),
            new Color(0x777777),
            new Color(0xAAAAAA));

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final Map<String, List<double[]>> lines = new LinkedHashMap<>();
    private boolean logarithmic;

    /** A chart without lines. */
    LineChart(String title, String xTitle, String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    /** The same with a logarithmic x axis; every x has to be positive. */
    LineChart logarithmic() {
        logarithmic = true;
        return this;
    }

    /** Adds a point to a line; a line is as long as its points are numbers. */
    void add(String line, double x, double y) {
        if (Double.isFinite(y)) {
            lines.computeIfAbsent(line, l -> new ArrayList<>()).add(new double[] {x, y});
        }
    }

    /** What it shows, for those who do not see it. */
    String title() {
        return title;
    }

    /** Whether there is nothing to see. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** A number that is short: 1.45M instead of 1,450,000, whose neighbours on an axis would touch. */
    static String compact(double value) {
        NumberFormat format = NumberFormat.getCompactNumberInstance(Locale.ROOT, NumberFormat.Style.SHORT);
        format.setMaximumFractionDigits(2);
        return format.format(value);
    }

    private double widest() {
        return lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(point -> point[0])
                .max()
                .orElse(0);
    }

    /** The chart as an SVG element, without the XML head, so that it can stand in HTML. */
    String svg() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE);
        // A nought before the point, on all ticks alike.
        chart.getStyler().setDecimalPattern("#,##0.###");
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setPlotGridLinesColor(new Color(0xDDDDDD));
        chart.getStyler().setXAxisLogarithmic(logarithmic);
        chart.getStyler().setXAxisLogarithmicDecadeOnly(false);
        if (widest() >= COMPACT_FROM) {
            chart.setCustomXAxisTickLabelsFormatter(LineChart::compact);
        }
        int number = 0;
        for (Map.Entry<String, List<double[]>> line : lines.entrySet()) {
            List<double[]> points = line.getValue();
            XYSeries series = chart.addSeries(
                    line.getKey(),
                    points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
            Marker marker = points.size() > 12 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE;
            Color colour = COLOURS.get(number % COLOURS.size());
            float[] dash = number < COLOURS.size() ? null : new float[] {4f, 3f};
            series.setMarker(marker);
            series.setMarkerColor(colour);
            series.setLineColor(colour);
            series.setLineStyle(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1f, dash, 0f));
            number++;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException("a chart could not be drawn: " + title, e);
        }
        String svg = bytes.toString(StandardCharsets.UTF_8);
        return svg.substring(svg.indexOf("<svg"));
    }
}
