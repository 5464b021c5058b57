package io.penstock.perf.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A line for each second, with a column for each forwarder and each backend that has been seen. */
final class TrafficTable {
    /** The head comes again after so many lines, about what a terminal shows. */
    private static final int LINES_PER_HEAD = 20;

    private final Map<String, String> names;
    private final TreeSet<String> forwarders = new TreeSet<>();
    private final TreeSet<String> backends = new TreeSet<>();
    private int linesToHead;

    /** @param names of forwarders, by their addresses on the backends' side; others show with their address */
    TrafficTable(Map<String, String> names) {
        this.names = Map.copyOf(names);
        forwarders.addAll(names.values());
    }

    /** What there is to print after another second: the line, and before it the head if that has changed or is far away. */
    List<String> lines(int second, Tally tally, int lasting, int broken) {
        Map<String, Integer> byForwarder = named(tally.byForwarder());
        boolean changed = forwarders.addAll(byForwarder.keySet());
        changed |= backends.addAll(tally.byBackend().keySet());
        List<String> lines = new ArrayList<>();
        if (changed || linesToHead == 0) {
            lines.add(head());
            linesToHead = LINES_PER_HEAD;
        }
        linesToHead--;
        StringBuilder line = new StringBuilder();
        line.append(column("%6d", second)).append(column("%7d", tally.served())).append(" |");
        forwarders.forEach(name -> line.append(column(" %5d", byForwarder.getOrDefault(name, 0))));
        line.append(" |");
        backends.forEach(name -> line.append(column(" %5d", tally.byBackend().getOrDefault(name, 0))));
        line.append(" |").append(column("%7d", tally.failed()));
        line.append(column("%7d ms", tally.slowestNs() / 1_000_000)).append(" |");
        line.append(column("%8d", lasting)).append(column("%7d", broken));
        lines.add(line.toString());
        return lines;
    }

    private String head() {
        StringBuilder head = new StringBuilder("second served |");
        forwarders.forEach(name -> head.append(column(" %5s", name)));
        head.append(" |");
        backends.forEach(name -> head.append(column(" %5s", name)));
        return head.append(" | failed   slowest | lasting broken").toString();
    }

    /** The same with forwarders' names for their addresses. */
    Map<String, Integer> named(Map<String, Integer> byAddress) {
        Map<String, Integer> byName = new TreeMap<>();
        byAddress.forEach((address, count) -> byName.merge(names.getOrDefault(address, address), count, Integer::sum));
        return byName;
    }

    private static String column(String format, Object value) {
        return String.format(format, value);
    }
}
