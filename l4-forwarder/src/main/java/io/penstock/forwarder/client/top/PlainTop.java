package io.penstock.forwarder.client.top;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jline.utils.AttributedString;

/** The same as one page of text, for where there is no terminal. */
public final class PlainTop {
    private static final int WIDTH = 200;
    private static final int HEADER_ROWS = 60;

    private PlainTop() {}

    /** Prints what there is after one interval, so that it has rates. */
    public static void print(
            Source source, Sample first, String address, Duration interval, TopOptions options, PrintWriter out)
            throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(interval.toNanos());
        Frame frame = Frame.between(first, source.read());
        Sample sample = frame.sample();
        int rows = HEADER_ROWS
                + sample.services().size()
                + sample.backends().size()
                + sample.workers().size()
                + sample.events().size();
        Palette palette = new Palette(false, Palette.hasUnicode(Charset.defaultCharset()));
        new Screen(palette, address, ZoneId.systemDefault())
                .page(frame, options.view(), Optional.empty(), Instant.now(), WIDTH, rows).stream()
                        .map(AttributedString::toString)
                        .map(String::stripTrailing)
                        .forEach(out::println);
        out.flush();
    }
}
