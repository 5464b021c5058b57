package io.penstock.perf.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is asked of the contestants. */
enum Workload {
    KEEPALIVE(Driver.WRK, Tuning.MESSAGES, "req", "small HTTP requests, 50 connections that stay"),
    CONNECT(Driver.WRK, Tuning.CONNECTIONS, "conn", "a new connection for each small HTTP request, 50 at a time"),
    BULK_DOWNLOAD(Driver.IPERF, Tuning.BULK, "GB", "4 streams from the backend to the client"),
    BULK_UPLOAD(Driver.IPERF, Tuning.BULK, "GB", "4 streams from the client to the backend"),
    BULK_BOTH(Driver.IPERF, Tuning.BULK, "GB", "4 streams each way at once"),
    MANY(Driver.OWN, Tuning.CROWD, "req", "5,000 connections, messages of mixed sizes"),
    LATENCY_30(Driver.OWN, Tuning.MESSAGES, "req", "open loop at 30 % of the slowest peer's capacity"),
    LATENCY_60(Driver.OWN, Tuning.MESSAGES, "req", "open loop at 60 % of the slowest peer's capacity"),
    IDLE(Driver.OWN, Tuning.CROWD, "req", "9,000 idle connections beside 200 that work"),
    COLD(Driver.OWN, Tuning.CONNECTIONS, "conn", "an open loop of connections, from the start of the proxy on");

    /** What makes the load. */
    enum Driver {
        /** wrk, with nginx as its backend. */
        WRK,
        /** iperf3 at both ends. */
        IPERF,
        /** {@code io.penstock.perf.load}. */
        OWN
    }

    private final Driver driver;
    private final Tuning tuning;
    private final String unit;
    private final String description;

    Workload(Driver driver, Tuning tuning, String unit, String description) {
        this.driver = driver;
        this.tuning = tuning;
        this.unit = unit;
        this.description = description;
    }

    /** By its name in lower case, with {@code bulk} and {@code latency} for all of their kind; empty for no name. */
    static List<Workload> named(String name) {
        return Arrays.stream(values())
                .filter(workload ->
                        workload.label().equals(name) || workload.family().equals(name))
                .toList();
    }

    Driver driver() {
        return driver;
    }

    Tuning tuning() {
        return tuning;
    }

    String unit() {
        return unit;
    }

    String description() {
        return description;
    }

    /** Such as {@code bulk-download}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Such as {@code bulk}. */
    String family() {
        return label().split("-", -1)[0];
    }

    boolean isBulk() {
        return driver == Driver.IPERF;
    }

    /** Whether the rate is set from the capacity of the peers. */
    boolean isLatency() {
        return this == LATENCY_30 || this == LATENCY_60;
    }

    boolean hasLatencies() {
        return driver == Driver.OWN;
    }

    /** Of the capacity, where the rate is set from it. */
    double loadFactor() {
        return switch (this) {
            case LATENCY_30 -> 0.3;
            case LATENCY_60 -> 0.6;
            default -> throw new IllegalStateException(label() + " has no rate of its own");
        };
    }

    /** Whether each measurement begins with the start of the proxy. */
    boolean startsProxyAnew() {
        return this == COLD;
    }

    Metric throughput() {
        return isBulk() ? Metric.BANDWIDTH : Metric.THROUGHPUT;
    }

    Metric cost() {
        return isBulk() ? Metric.EFFICIENCY : Metric.CPU;
    }

    /** The one a chart is made of. */
    Metric key() {
        return isLatency() || this == COLD ? Metric.P99 : cost();
    }

    /** Those of JSON rows. */
    List<Metric> metrics() {
        return hasLatencies()
                ? List.of(
                        throughput(),
                        Metric.P50,
                        Metric.P99,
                        Metric.P999,
                        Metric.MAX,
                        cost(),
                        Metric.SWITCHES,
                        Metric.MEMORY,
                        Metric.PEAK)
                : List.of(throughput(), cost(), Metric.SWITCHES, Metric.MEMORY, Metric.PEAK);
    }
}
