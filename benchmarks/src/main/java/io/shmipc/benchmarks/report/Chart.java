package io.shmipc.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over message sizes, both axes logarithmic, as SVG that follows the reader's light or dark theme.
 *
 * <pre>
 * title
 *  y ┌───────────────────────┐  ── name
 *    │        lines          │  ── name
 *    └───────────────────────┘
 *      sizes
 * </pre>
 */
final class Chart {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 460;
    private static final int LEFT = 80;
    private static final int RIGHT = 190;
    private static final int TOP = 50;
    private static final int BOTTOM = 50;
    private static final int LEGEND_STEP = 22;

    private static final List<String> COLORS = List.of(
            "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#a6761d", "#66a61e",
            "#7f7f7f");
    private static final List<String> DASHES = List.of("none", "6 3", "2 3");

    private record Point(double x, double y) {}

    private record Line(String name, List<Point> points) {}

    private final String title;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();
    private double lowest = Double.MAX_VALUE;
    private double highest;
    private double smallest = Double.MAX_VALUE;
    private double largest;

    Chart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** Begins a new line. */
    void begin(String name) {
        lines.add(new Line(name, new ArrayList<>()));
    }

    /** Adds a point to the line begun last; what was not measured is left out. */
    void add(int bytes, double value) {
        if (Double.isNaN(value) || value <= 0) {
            return;
        }
        lines.get(lines.size() - 1).points.add(new Point(bytes, value));
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
        smallest = Math.min(smallest, bytes);
        largest = Math.max(largest, bytes);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>
                  text { font: 13px system-ui, sans-serif; fill: #24292f; }
                  .title { font-size: 16px; font-weight: 600; }
                  .grid { stroke: #8b949e; stroke-opacity: 0.3; }
                  .paper { fill: #ffffff; }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3; }
                    .paper { fill: #0d1117; }
                  }
                </style>
                <rect class="paper" width="100%%" height="100%%"/>
                <text class="title" x="%d" y="28">%s</text>
                """, WIDTH, HEIGHT, title, LEFT, title));
        lines.removeIf(line -> line.points.isEmpty());
        if (!lines.isEmpty()) {
            lowest = Math.pow(10, Math.floor(Math.log10(lowest)));
            highest = Math.pow(10, Math.ceil(Math.log10(highest)));
            largest = Math.max(largest, 2 * smallest);
            addRows(svg);
            addColumns(svg);
            for (int i = 0; i < lines.size(); i++) {
                addLine(svg, lines.get(i), i);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private double x(double bytes) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(bytes / smallest) / Math.log(largest / smallest);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.log(value / lowest) / Math.log(highest / lowest);
    }

    private static int exponent(double powerOfTen) {
        return (int) Math.round(Math.log10(powerOfTen));
    }

    private void addRows(StringBuilder svg) {
        for (int power = exponent(lowest); power <= exponent(highest); power++) {
            double value = Math.pow(10, power);
            put(
                    svg,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value),
                    y(value));
            put(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y(value) + 4, label(value));
        }
    }

    /** Writes a power of ten. */
    private String label(double value) {
        String text = value < 1
                ? Double.toString(value)
                : value < 1e6
                        ? String.format(Locale.ROOT, "%.0f", value)
                        : String.format(
                                Locale.ROOT, value < 1e9 ? "%.0f M" : "%.0f G", value / (value < 1e9 ? 1e6 : 1e9));
        return text + " " + unit;
    }

    private void addColumns(StringBuilder svg) {
        for (double bytes = smallest; bytes <= largest; bytes *= 4) {
            put(
                    svg,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                    x(bytes),
                    x(bytes),
                    TOP,
                    HEIGHT - BOTTOM);
            put(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(bytes),
                    HEIGHT - BOTTOM + 20,
                    Format.size((int) bytes));
        }
    }

    private void addLine(StringBuilder svg, Line line, int index) {
        String color = COLORS.get(index % COLORS.size());
        String dash = DASHES.get(index / COLORS.size() % DASHES.size());
        StringBuilder path = new StringBuilder();
        for (Point point : line.points) {
            path.append(
                    String.format(Locale.ROOT, "%s%.1f %.1f", path.length() == 0 ? "M" : " L", x(point.x), y(point.y)));
        }
        String stroke =
                String.format("fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"", color, dash);
        put(svg, "<path d=\"%s\" %s/>", path, stroke);
        for (Point point : line.points) {
            put(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x(point.x), y(point.y), color);
        }
        int at = TOP + 10 + index * LEGEND_STEP;
        int from = WIDTH - RIGHT + 16;
        put(svg, "<path d=\"M%d %d H%d\" %s/>", from, at, from + 24, stroke);
        put(svg, "<text x=\"%d\" y=\"%d\">%s</text>", from + 30, at + 4, line.name);
    }

    private static void put(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
