package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.metrics.Counters;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Locale;

/**
 * How what is counted of one protocol becomes metrics. Names follow the constants: {@code BYTES_X} is {@code
 * penstock_PROTOCOL_x_bytes_total}, those that begin as one of its reasons do are one metric with a label, and all others
 * are {@code penstock_PROTOCOL_x_total}. So what is counted anew is a metric at once.
 */
record ProtocolMetrics<E extends Enum<E>>(Class<E> type, String protocol, List<Reasons> reasons) {
    private static final String BYTES = "BYTES_";

    /**
     * Constants that say why the same thing happened.
     *
     * @param start of their names
     * @param dropped what the label {@code reason} leaves of the name out, at its start
     * @param name without {@code penstock_PROTOCOL_} and {@code _total}
     */
    record Reasons(String start, String dropped, String name, String help) {
        static Reasons of(String start, String name, String help) {
            return new Reasons(start, start, name, help);
        }
    }

    void add(MetricFamilies families, Labels labels, Counters<E> counters) {
        for (E counter : type.getEnumConstants()) {
            add(families, counter.name(), labels, counters.value(counter));
        }
    }

    private void add(MetricFamilies families, String name, Labels labels, long value) {
        for (Reasons of : reasons) {
            if (name.startsWith(of.start)) {
                String reason = lower(name.substring(of.dropped.length()));
                families.counter(prefix() + of.name, of.help, labels.add("reason", reason), value);
                return;
            }
        }
        if (name.startsWith(BYTES)) {
            String way = name.substring(BYTES.length());
            families.counter(prefix() + lower(way) + "_bytes", "Payload bytes " + words(way) + ".", labels, value);
        } else {
            String help = "Counted of " + protocol + ": " + words(name) + ".";
            families.counter(prefix() + lower(name), help, labels, value);
        }
    }

    private String prefix() {
        return "penstock_" + lower(protocol) + "_";
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static String words(String name) {
        return lower(name).replace('_', ' ');
    }
}
