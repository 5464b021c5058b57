package io.penstock.forwarder;

import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.metrics.Counters;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all workers have counted since the start, in one line: what is open, and each counter that is not 0. */
final class Totals {
    private Totals() {}

    /** As {@code key=value}; counters of UDP begin with {@code udp_}. */
    static String text(List<WorkerProxy> workers) {
        Stream<String> open = Stream.of(
                "connections="
                        + workers.stream()
                                .mapToInt(WorkerProxy::openConnections)
                                .sum(),
                "sessions="
                        + workers.stream().mapToInt(WorkerProxy::openSessions).sum());
        Stream<String> counted = Stream.concat(
                sums(
                        "",
                        TcpCounter.class,
                        workers.stream().map(WorkerProxy::tcpCounters).toList()),
                sums(
                        "udp_",
                        UdpCounter.class,
                        workers.stream().map(WorkerProxy::udpCounters).toList()));
        return Stream.concat(open, counted).collect(Collectors.joining(" "));
    }

    private static <E extends Enum<E>> Stream<String> sums(String prefix, Class<E> type, List<Counters<E>> counters) {
        return Counters.sum(type, counters).entrySet().stream()
                .filter(sum -> sum.getValue() > 0)
                .map(sum -> prefix + sum.getKey().name().toLowerCase(Locale.ROOT) + "=" + sum.getValue());
    }
}
