package io.penstock.forwarder.tune;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.tune.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Ports for connections to backends, and those of listeners that such a connection might take. */
final class PortNeeds {
    private static final String RANGE = "net.ipv4.ip_local_port_range";
    private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";

    /** Leaves those that services usually have. */
    private static final String WIDE_RANGE = "10240 65535";

    private static final int WIDE_COUNT = 65_535 - 10_240 + 1;

    private PortNeeds() {}

    static List<Finding> of(ForwarderConfig config, Demand demand, Host host) {
        List<Finding> findings = new ArrayList<>();
        List<PoolConfig> pools = config.pools().values().stream()
                .filter(pool ->
                        config.usersOf(pool.name()).stream().anyMatch(service -> !service.isUdp() && !service.isDsr()))
                .filter(pool -> pool.backends().stream()
                        .anyMatch(backend -> backend.unix().isEmpty()))
                .toList();
        Optional<long[]> range = range(host);
        if (range.isPresent()) {
            pools.forEach(pool -> findings.add(pool(pool, demand, range.get())));
            reserved(config, host, range.get(), findings);
        }
        if (!pools.isEmpty()) {
            host.number("net.ipv4.tcp_tw_reuse")
                    .ifPresent(
                            has -> findings.add(
                                    Finding.ofSysctl(
                                            "net.ipv4.tcp_tw_reuse",
                                            has,
                                            1,
                                            has == 1 ? Verdict.OK : Verdict.BETTER,
                                            "1 gives the port of a connection that has ended to the next after a second, not a minute")));
        }
        return findings;
    }

    private static Optional<long[]> range(Host host) {
        return host.setting(RANGE)
                .filter(text -> text.matches("\\d{1,5}\\s+\\d{1,5}"))
                .map(text -> text.split("\\s+", 2))
                .map(ends -> new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])});
    }

    private static Finding pool(PoolConfig pool, Demand demand, long[] range) {
        int sources = Math.max(1, pool.outgoing().source().addresses().size());
        // The kernel leaves out the last of an odd number (__inet_hash_connect).
        long ports = (range[1] - range[0] + 1 & ~1L) * sources;
        long needed = perBackend(pool, demand);
        boolean enough = needed <= ports || pool.outgoing().source().transparent();
        String why = "ports for connections from " + sources + " address" + (sources == 1 ? "" : "es")
                + " to one backend: clients beyond it wait";
        String what = RANGE + ", pool " + pool.name();
        String needs = needed == 0 ? "no limit set" : Long.toString(needed);
        return needed <= (long) WIDE_COUNT * sources
                ? new Finding(
                        what,
                        Long.toString(ports),
                        needs,
                        enough ? Verdict.OK : Verdict.SHORT,
                        why,
                        "sysctl -w \"" + RANGE + "=" + WIDE_RANGE + "\"",
                        Optional.of(RANGE + " = " + WIDE_RANGE))
                : Finding.of(
                        what,
                        ports,
                        needs,
                        enough ? Verdict.OK : Verdict.SHORT,
                        why,
                        "more source.addresses in the pool: " + (needed + WIDE_COUNT - 1) / WIDE_COUNT);
    }

    /** The most that may be open at one backend; 0 when nothing says. */
    private static long perBackend(PoolConfig pool, Demand demand) {
        long own = pool.backends().stream()
                .mapToLong(BackendConfig::maxConnections)
                .max()
                .orElse(0);
        long limit = Math.max(own, pool.limits().connections());
        if (limit != Limits.UNLIMITED || demand.connections().isEmpty()) {
            return limit;
        }
        // Spread over all: policies keep backends alike, and a name has at least one address.
        int backends = Math.max(1, pool.backends().size());
        return (demand.connections().getAsLong() + backends - 1) / backends;
    }

    private static void reserved(ForwarderConfig config, Host host, long[] range, List<Finding> findings) {
        TreeSet<Long> exposed = new TreeSet<>();
        for (ListenConfig listen : config.proxyServices().stream()
                .flatMap(service -> service.listen().stream())
                .filter(listen -> listen.unix().isEmpty())
                .toList()) {
            for (long port = Math.max(listen.firstPort(), range[0]);
                    port <= Math.min(listen.lastPort(), range[1]);
                    port++) {
                exposed.add(port);
            }
        }
        String has = host.setting(RESERVED).orElse("");
        exposed.removeIf(port -> contains(has, port));
        if (!exposed.isEmpty()) {
            String ports = exposed.stream().map(String::valueOf).collect(Collectors.joining(","));
            findings.add(Finding.ofSysctl(
                    RESERVED,
                    has.isEmpty() ? "none" : has,
                    has.isEmpty() ? ports : has + "," + ports,
                    Verdict.BETTER,
                    "a port in the range of outgoing connections may be taken when the forwarder starts"));
        }
    }

    /** @param list as {@code 8080,9148-9150} */
    private static boolean contains(String list, long port) {
        for (String part : list.split(",", -1)) {
            String[] ends = part.strip().split("-", 2);
            if (ends[0].matches("\\d{1,5}")
                    && Long.parseLong(ends[0]) <= port
                    && port <= Long.parseLong(ends[ends.length - 1])) {
                return true;
            }
        }
        return false;
    }
}
