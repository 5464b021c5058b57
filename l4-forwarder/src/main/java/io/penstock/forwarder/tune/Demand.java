package io.penstock.forwarder.tune;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.tcp.TcpForwarder;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much a configuration may come to.
 *
 * @param connections of TCP at once; empty when nothing bounds them
 * @param sessions of UDP at once; empty when nothing but descriptors bounds them
 * @param listeningSockets of all workers
 */
record Demand(int workers, OptionalLong connections, OptionalLong sessions, long listeningSockets, boolean splice) {
    /** Of a process that is told no number: what no distribution's default for services is below. */
    private static final long USUAL_DESCRIPTORS = 65_536;

    /** The JVM's own, the admin API, checks, logs. */
    private static final long SPARE_DESCRIPTORS = 512;

    private static final int DESCRIPTORS_OF_CONNECTION = 2;
    private static final int DESCRIPTORS_OF_PIPE = 2;

    static Demand of(ForwarderConfig config) {
        int workers = config.workers() == ForwarderConfig.WORKERS_PER_CORE
                ? Runtime.getRuntime().availableProcessors()
                : config.workers();
        List<ServiceConfig> services = config.proxyServices();
        return new Demand(
                workers,
                bound(
                        config.maxConnections(),
                        services.stream().filter(service -> !service.isUdp()).toList()),
                bound(
                        config.maxSessions(),
                        services.stream().filter(ServiceConfig::isUdp).toList()),
                services.stream()
                        .flatMap(service -> service.listen().stream())
                        .mapToLong(listen -> sockets(listen, workers))
                        .sum(),
                config.splice() && services.stream().anyMatch(service -> !service.isUdp()));
    }

    private static OptionalLong bound(OptionalInt ofAll, List<ServiceConfig> services) {
        boolean each = services.stream()
                .allMatch(service -> service.admission().connections().isPresent());
        if (!each) {
            return ofAll.isPresent() ? OptionalLong.of(ofAll.getAsInt()) : OptionalLong.empty();
        }
        long sum = services.stream()
                .mapToLong(service -> service.admission().connections().orElseThrow())
                .sum();
        return OptionalLong.of(Math.min(sum, ofAll.orElse(Integer.MAX_VALUE)));
    }

    private static long sockets(ListenConfig listen, int workers) {
        long ports = listen.lastPort() - listen.firstPort() + 1L;
        return listen.unix().isPresent() ? 1 : ports * workers;
    }

    boolean isBounded() {
        return connections.isPresent() && sessions.isPresent();
    }

    /** What the process needs when all of it is used. */
    long descriptors() {
        long pipes = splice ? (long) workers * TcpForwarder.MAX_PIPES * DESCRIPTORS_OF_PIPE : 0;
        long fixed = listeningSockets + pipes + SPARE_DESCRIPTORS;
        long flows = connections.orElse(0) * DESCRIPTORS_OF_CONNECTION + sessions.orElse(0);
        return isBounded() ? fixed + flows : Math.max(USUAL_DESCRIPTORS, fixed + flows);
    }

    /** What the kernel tracks, where it does: both sides of each connection. */
    long trackedFlows() {
        return (connections.orElse(0) + sessions.orElse(0)) * 2;
    }
}
