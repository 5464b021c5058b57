package io.penstock.forwarder.client.top;

import io.penstock.cli.Words;
import io.penstock.forwarder.client.top.Column.Cell;
import io.penstock.forwarder.client.top.Sample.Backend;
import io.penstock.forwarder.client.top.Sample.Latency;
import io.penstock.forwarder.client.top.Sample.Service;
import io.penstock.forwarder.client.top.Sample.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The columns of services, backends and workers in one frame. */
final class Grids {
    private final Palette palette;
    private final Frame frame;
    private final Instant clock;

    /** @param clock of this host, against which ages are told */
    Grids(Palette palette, Frame frame, Instant clock) {
        this.palette = palette;
        this.frame = frame;
        this.clock = clock;
    }

    Grid<Service> services() {
        return new Grid<>(
                palette,
                List.of(
                        plain("SERVICE", 0, 8, Service::name),
                        plain("PROTO", 6, 5, Service::protocol),
                        Column.text("STATE", 1, 8, this::state),
                        count("OPEN", 1, Service::open),
                        rate("NEW/S", 0, service -> frame.rates(service).started()),
                        failures("FAIL/S", 2, service -> frame.rates(service).failures()),
                        octets("IN/S", 4, service -> frame.rates(service).bytesIn()),
                        octets("OUT/S", 3, service -> frame.rates(service).bytesOut()),
                        latency("CONNECT", 7, Service::connect),
                        latency("1ST BYTE", 5, Service::firstByte),
                        plain("POOL", 9, 0, Service::pool),
                        plain("LISTEN", 8, 0, Service::listen)));
    }

    private Cell state(Service service) {
        return service.enabled() ? new Cell("enabled", palette.good()) : new Cell("disabled", palette.warn());
    }

    Grid<Backend> backends() {
        return new Grid<>(
                palette,
                List.of(
                        plain(Order.NAME.title(), 0, 8, Backend::name),
                        Column.text(
                                Order.STATE.title(),
                                1,
                                5,
                                backend -> new Cell(backend.state(), palette.ofState(backend.state()))),
                        number("FOR", 7, 7, this::age, age -> age < 0 ? Figures.UNKNOWN : Words.duration(seconds(age))),
                        count(Order.WEIGHT.title(), 8, Backend::weight),
                        count(Order.OPEN.title(), 0, Backend::open),
                        count(Order.PENDING.title(), 10, Backend::pending),
                        rate(Order.NEW.title(), 2, backend -> frame.rates(backend)
                                .started()),
                        failures(Order.FAIL.title(), 3, backend -> frame.rates(backend)
                                .failures()),
                        octets(Order.IN.title(), 6, backend -> frame.rates(backend)
                                .bytesIn()),
                        octets(Order.OUT.title(), 4, backend -> frame.rates(backend)
                                .bytesOut()),
                        latency(Order.CONNECT.title(), 9, Backend::connect),
                        latency(Order.FIRST_BYTE.title(), 5, Backend::firstByte),
                        plain("ADDRESS", 11, 0, Backend::address),
                        plain("REASON", 12, 0, Backend::reason)));
    }

    private double age(Backend backend) {
        return backend.since()
                .map(since -> Math.max(0, Duration.between(since, clock).toMillis() / 1e3))
                .orElse(-1.0);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1e3));
    }

    Grid<Worker> workers() {
        return new Grid<>(
                palette,
                List.of(
                        plain("WORKER", 0, 8, Worker::name),
                        count("CONNECTIONS", 1, Worker::connections),
                        count("SESSIONS", 3, Worker::sessions),
                        count("PIPES", 5, Worker::pipes),
                        rate("TURNS/S", 4, frame::turns),
                        latency("LATE", 2, Worker::lateness),
                        number("LATE MAX", 2, 6, worker -> worker.lateness().maxMs(), Figures::millis)));
    }

    private <R> Column<R> plain(String title, int rank, int minWidth, Function<R, String> text) {
        return Column.text(title, rank, minWidth, row -> new Cell(text.apply(row), palette.plain()));
    }

    private <R> Column<R> number(
            String title, int rank, int minWidth, ToDoubleFunction<R> value, Function<Double, String> text) {
        return Column.number(
                title, rank, minWidth, value, row -> new Cell(text.apply(value.applyAsDouble(row)), palette.plain()));
    }

    private <R> Column<R> count(String title, int rank, ToDoubleFunction<R> value) {
        return number(title, rank, 5, value, count -> Figures.count(count.longValue()));
    }

    private <R> Column<R> rate(String title, int rank, ToDoubleFunction<R> value) {
        return number(title, rank, 6, value, Figures::rate);
    }

    private <R> Column<R> octets(String title, int rank, ToDoubleFunction<R> value) {
        return number(title, rank, 6, value, Figures::octets);
    }

    /** Any at all stands out. */
    private <R> Column<R> failures(String title, int rank, ToDoubleFunction<R> value) {
        return Column.number(
                title,
                rank,
                6,
                value,
                row -> new Cell(
                        Figures.rate(value.applyAsDouble(row)),
                        value.applyAsDouble(row) > 0 ? palette.bad() : palette.plain()));
    }

    /** Median and 99th percentile in one column, by the latter of which rows are ordered. */
    private <R> Column<R> latency(String title, int rank, Function<R, Latency> latency) {
        return Column.number(title, rank, 9, row -> latency.apply(row).p99Ms(), row -> {
            Latency known = latency.apply(row);
            boolean none = Double.isNaN(known.p50Ms()) && Double.isNaN(known.p99Ms());
            String text = none ? Figures.UNKNOWN : Figures.millis(known.p50Ms()) + "/" + Figures.millis(known.p99Ms());
            return new Cell(text, palette.plain());
        });
    }
}
