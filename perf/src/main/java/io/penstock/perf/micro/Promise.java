package io.penstock.perf.micro;

import io.penstock.perf.Figures;
import java.util.concurrent.TimeUnit;

/**
 * What an operation may take.
 *
 * @param ns {@link Double#POSITIVE_INFINITY} when nothing is promised
 * @param bytes allocated
 */
record Promise(double ns, double bytes) {
    /** Below the smallest object in a thousand operations; iterations differ by some 200 bytes in what JMH allocates. */
    private static final double NO_BYTES = 0.01;

    private static final double MAGLEV_PICK_NS = 20;
    private static final double CLIENT_LIST_NS = 50;
    private static final double ADMISSION_NS = 100;
    private static final double MAGLEV_SMALL_TABLE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final double MAGLEV_LARGE_TABLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    static Promise of(String name) {
        if (name.startsWith("PolicyTable.")) {
            return new Promise(tableNs(name), Double.POSITIVE_INFINITY);
        }
        return new Promise(operationNs(name), NO_BYTES);
    }

    private static double operationNs(String name) {
        if (name.startsWith("Policy.pick.maglev.")) {
            return MAGLEV_PICK_NS;
        }
        return switch (name) {
            case "ClientList.ipv4", "ClientList.mixed" -> CLIENT_LIST_NS;
            case "Admission.admitRelease" -> ADMISSION_NS;
            default -> Double.POSITIVE_INFINITY;
        };
    }

    private static double tableNs(String name) {
        return switch (name) {
            case "PolicyTable.maglev65537" -> MAGLEV_SMALL_TABLE_NS;
            case "PolicyTable.maglev655373", "PolicyTable.maglev655373Weighted" -> MAGLEV_LARGE_TABLE_NS;
            default -> Double.POSITIVE_INFINITY;
        };
    }

    /** Whether it held. */
    boolean judge(String name, double ns, double bytes, Figures figures) {
        judge(name + ".time", ns, "ns/op", this.ns, figures);
        judge(name + ".allocated", bytes, "B/op", this.bytes, figures);
        return ns <= this.ns && bytes <= this.bytes;
    }

    private static void judge(String name, double value, String unit, double limit, Figures figures) {
        if (limit == Double.POSITIVE_INFINITY) {
            figures.report(name, value, unit);
        } else {
            figures.atMost(name, value, unit, limit);
        }
    }
}
