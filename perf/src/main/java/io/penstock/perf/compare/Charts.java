package io.penstock.perf.compare;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Paint;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.BoxAndWhiskerRenderer;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.statistics.DefaultBoxAndWhiskerCategoryDataset;
import org.w3c.dom.DOMImplementation;

/** A picture of the figure that a workload is about: a box per contestant with the quartiles of its rounds. */
final class Charts {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final double BOX_WIDTH_MAX = 0.08;
    private static final Color OURS = new Color(0xf28e2b);
    private static final Color OTHERS = new Color(0x4e79a7);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
    private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

    private Charts() {}

    /** Writes it as SVG. */
    static void write(WorkloadResult result, Path file) throws IOException {
        SVGGraphics2D graphics = new SVGGraphics2D(dom().createDocument(SVG_NAMESPACE, "svg", null));
        graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
        chart(result).draw(graphics, new Rectangle(WIDTH, HEIGHT));
        try (Writer writer = Files.newBufferedWriter(file)) {
            graphics.stream(writer, true);
        }
    }

    private static JFreeChart chart(WorkloadResult result) {
        Workload workload = result.workload();
        Metric metric = workload.key();
        DefaultBoxAndWhiskerCategoryDataset boxes = new DefaultBoxAndWhiskerCategoryDataset();
        for (ContestantResult contestant : result.contestants()) {
            Series series = contestant.series(metric);
            if (series.isMeasured()) {
                boxes.add(series.values(), metric.label(), contestant.name());
            }
        }
        JFreeChart chart = ChartFactory.createBoxAndWhiskerChart(
                workload.label() + ": " + workload.description(), null, axis(workload, metric), boxes, false);
        chart.getTitle().setFont(TITLE);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setOutlineVisible(false);
        // A cut axis would make differences look larger than they are.
        ((NumberAxis) plot.getRangeAxis()).setAutoRangeIncludesZero(true);
        plot.setRenderer(renderer(boxes));
        return chart;
    }

    private static BoxAndWhiskerRenderer renderer(CategoryDataset boxes) {
        BoxAndWhiskerRenderer renderer = new BoxAndWhiskerRenderer() {
            private static final long serialVersionUID = 1;

            @Override
            public Paint getItemPaint(int row, int column) {
                return boxes.getColumnKey(column).toString().startsWith(Contestant.OURS) ? OURS : OTHERS;
            }
        };
        renderer.setMeanVisible(false);
        renderer.setMaximumBarWidth(BOX_WIDTH_MAX);
        return renderer;
    }

    private static String axis(Workload workload, Metric metric) {
        return switch (metric) {
            case CPU -> "CPU, us per " + workload.unit() + " (less is better)";
            case EFFICIENCY -> "GB per CPU-second (more is better)";
            case P99 -> "p99 latency, us (less is better)";
            default -> metric.label() + ", " + metric.unit();
        };
    }

    private static DOMImplementation dom() throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation();
        } catch (ParserConfigurationException e) {
            throw new IOException(e);
        }
    }
}
