package io.penstock.forwarder.client.top;

import io.penstock.cli.Words;
import io.penstock.forwarder.client.top.Sample.Backend;
import io.penstock.forwarder.client.top.Sample.Event;
import io.penstock.forwarder.client.top.Sample.Service;
import io.penstock.forwarder.client.top.Sample.Warning;
import io.penstock.forwarder.client.top.Sample.Worker;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Makes the lines of a screen of any size. Pure: the clock and the size are given. */
final class Screen {
    /** Sections below this size say nothing: a title and one row. */
    private static final int MIN_SECTION = 2;

    /** Below it every line is needed for what is going on. */
    private static final int MIN_ROWS_WITH_FOOTER = 8;

    private static final int USUAL_EVENTS = 6;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String KEYS = "q quit  p pause  s sort  r reverse  / filter  v w e sections  ? help";

    private static final List<String> HELP = List.of(
            "q          quit",
            "p, space   pause; the forwarder goes on",
            "s S        order backends by the next column, by the one before; also arrows left and right",
            "r          reverse that order",
            "/          show backends with a text in name, address or state; Enter keeps it, Escape ends it",
            "arrows     scroll backends; also j k g G, Page Up, Page Down, Home, End",
            "v w e      show or hide services, workers, events",
            "?          this, and back",
            "",
            "NEW/S      connections and sessions begun per second; at a backend those that it was given",
            "FAIL/S     those that failed, as clients see it; at a backend failed connects too",
            "IN/S       bytes per second from clients to backends; OUT/S those to clients",
            "CONNECT    median/99th percentile of the last seconds in ms: connecting to a backend",
            "1ST BYTE   the same: from then to the backend's first byte",
            "LATE       the same: how long what came up had to wait for its worker",
            "-          unknown, or nothing happened");

    private final Palette palette;
    private final String address;
    private final ZoneId zone;

    /** @param address of the forwarder, as it was asked for */
    Screen(Palette palette, String address, ZoneId zone) {
        this.palette = palette;
        this.address = address;
        this.zone = zone;
    }

    /**
     * At most {@code rows} lines of at most {@code width} columns.
     *
     * @param trouble why the forwarder does not answer now, if it does not; the frame is then the last that it gave
     */
    List<AttributedString> lines(Frame frame, View view, Optional<String> trouble, Instant clock, int width, int rows) {
        if (rows < MIN_ROWS_WITH_FOOTER) {
            return page(frame, view, trouble, clock, width, rows);
        }
        List<AttributedString> lines = page(frame, view, trouble, clock, width, rows - 1);
        while (lines.size() < rows - 1) {
            lines.add(AttributedString.EMPTY);
        }
        lines.add(footer(view, width));
        return lines;
    }

    /** The same without a line about keys, and no longer than what there is to say. */
    List<AttributedString> page(Frame frame, View view, Optional<String> trouble, Instant clock, int width, int rows) {
        List<AttributedString> lines = new ArrayList<>();
        header(frame, view, trouble, clock, width, rows).stream().limit(rows).forEach(lines::add);
        int room = rows - lines.size();
        if (view.isHelp()) {
            HELP.stream().limit(room).forEach(line -> lines.add(clip(new AttributedString(line), width)));
        } else {
            body(frame, view, clock, width, room, lines);
        }
        return lines;
    }

    private List<AttributedString> header(
            Frame frame, View view, Optional<String> trouble, Instant clock, int width, int rows) {
        Sample sample = frame.sample();
        List<AttributedString> lines = new ArrayList<>();
        AttributedStringBuilder first = new AttributedStringBuilder();
        first.styled(palette.bold(), "l4-forwarder ");
        first.styled(palette.ofState(sample.state()), sample.state());
        first.append(" for ").append(Words.duration(sample.uptime()));
        if (view.isPaused()) {
            first.append("  ").styled(palette.title(), "PAUSED");
        }
        first.append("  table ").append(Figures.count(sample.tableVersion()));
        first.append("  ").append(address);
        String time = TIME.format(clock.atZone(zone));
        int gap = width - first.columnLength() - time.length();
        if (gap >= 2) {
            first.append(" ".repeat(gap)).append(time);
        }
        lines.add(clip(first.toAttributedString(), width));

        Rates total = frame.total();
        AttributedStringBuilder second = new AttributedStringBuilder();
        second.append(Figures.count(sample.connections())).append(" connections  ");
        if (sample.sessions() > 0) {
            second.append(Figures.count(sample.sessions())).append(" of ");
            second.append(Figures.count(sample.sessionLimit())).append(" sessions  ");
        }
        second.append("new ").append(Figures.rate(total.started())).append("/s  ");
        second.styled(
                total.failures() > 0 ? palette.bad() : palette.plain(),
                "failures " + Figures.rate(total.failures()) + "/s");
        second.append("  in ").append(Figures.octets(total.bytesIn())).append("/s");
        second.append("  out ").append(Figures.octets(total.bytesOut())).append("/s");
        lines.add(clip(second.toAttributedString(), width));

        trouble.ifPresent(text -> lines.add(clip(new AttributedString(text, palette.bad()), width)));
        for (Warning warning :
                sample.warnings().stream().limit(Math.max(1, rows / 5)).toList()) {
            lines.add(clip(
                    new AttributedString("! " + warning.text(), warning.grave() ? palette.bad() : palette.warn()),
                    width));
        }
        return lines;
    }

    private void body(Frame frame, View view, Instant clock, int width, int room, List<AttributedString> lines) {
        Sample sample = frame.sample();
        List<Backend> backends = sample.backends().stream().filter(view::shows).toList();
        int wanted = 1 + backends.size();
        int rest = room - Math.min(wanted, Math.max(MIN_SECTION, room / 3));
        int services = section(view.showsServices(), sample.services().size(), rest / 2);
        rest -= services;
        int events = section(
                view.showsEvents(), Math.min(USUAL_EVENTS, sample.events().size()), rest / 2);
        rest -= events;
        int workers = section(view.showsWorkers(), sample.workers().size(), rest);
        int left = room - services - events - workers;
        int shown = Math.min(wanted, left);
        if (events > 0) {
            events = Math.min(1 + sample.events().size(), events + left - shown);
        }

        Grids grids = new Grids(palette, frame, clock);
        services(grids.services(), sample.services(), services, width, lines);
        backends(grids.backends(), backends, view, shown, width, lines);
        if (workers > 0) {
            List<Worker> all = sample.workers();
            lines.addAll(grids.workers().lines(all, 0, Math.min(all.size(), workers - 1), width, "", false));
        }
        events(sample.events(), events, width, lines);
    }

    /** How many lines a section of so many rows gets; none rather than a title alone. */
    private static int section(boolean wanted, int rows, int room) {
        int lines = Math.min(1 + rows, room);
        return !wanted || rows == 0 || lines < MIN_SECTION ? 0 : lines;
    }

    private void services(
            Grid<Service> grid, List<Service> services, int room, int width, List<AttributedString> lines) {
        if (room == 0) {
            return;
        }
        boolean all = services.size() < room;
        int shown = all ? services.size() : room - MIN_SECTION;
        lines.addAll(grid.lines(services, 0, shown, width, "", false));
        if (!all) {
            String more = "and " + (services.size() - shown) + " more";
            lines.add(clip(new AttributedString(more, palette.dim()), width));
        }
    }

    private void backends(
            Grid<Backend> grid, List<Backend> matching, View view, int room, int width, List<AttributedString> lines) {
        if (room < 1) {
            return;
        }
        List<Backend> ordered = grid.ordered(matching, view.order(), view.isReversed());
        int from = view.top(ordered.size(), room - 1);
        int to = Math.min(ordered.size(), from + room - 1);
        lines.addAll(grid.lines(ordered, from, to, width, view.order(), view.isReversed()));
    }

    private void events(List<Event> events, int room, int width, List<AttributedString> lines) {
        if (room == 0) {
            return;
        }
        String title = "EVENTS";
        lines.add(clip(
                new AttributedString(title + " ".repeat(Math.max(0, width - title.length())), palette.title()), width));
        for (Event event : events.subList(events.size() - (room - 1), events.size())) {
            AttributedStyle style = palette.ofLevel(event.level());
            AttributedStringBuilder line = new AttributedStringBuilder();
            line.styled(palette.dim(), time(event.at())).append(" ");
            line.styled(style, event.type() + " " + event.subject() + ": " + event.text());
            lines.add(clip(line.toAttributedString(), width));
        }
    }

    private String time(String at) {
        return Words.instant(at)
                .map(instant ->
                        TIME.format(instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone)))
                .orElse(at);
    }

    private AttributedString footer(View view, int width) {
        AttributedStringBuilder footer = new AttributedStringBuilder();
        if (view.isTyping()) {
            footer.styled(palette.bold(), "filter: " + view.filter()).append("_");
        } else {
            if (!view.filter().isEmpty()) {
                footer.styled(palette.warn(), "filter: " + view.filter() + " (Escape ends it)")
                        .append("  ");
            }
            footer.styled(palette.dim(), KEYS);
        }
        return clip(footer.toAttributedString(), width);
    }

    private AttributedString clip(AttributedString line, int width) {
        if (line.columnLength() <= width) {
            return line;
        }
        return new AttributedStringBuilder()
                .append(line.columnSubSequence(0, Math.max(0, width - 1)))
                .append(palette.ellipsis())
                .toAttributedString();
    }
}
