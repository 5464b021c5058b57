package io.penstock.perf.udp;

import io.penstock.perf.compare.Series;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What all contestants did in one shape with datagrams of one size, round by round.
 *
 * @param outcomes by the name of the contestant, in the order of tables; one for each round
 * @param syscalls by the name of a proxy: system calls for each packet, in a run of its own
 */
record CellResult(Shape shape, int size, Map<String, List<Outcome>> outcomes, Map<String, Double> syscalls) {
    private static final double MICROS_PER_SECOND = 1e6;

    /** Such as {@code bulk.64}. */
    String label() {
        return shape.label() + "." + size;
    }

    boolean has(String contestant) {
        return outcomes.containsKey(contestant);
    }

    Series packetsPerSecond(String contestant) {
        return series(contestant, Outcome::packetsPerSecond);
    }

    Series packetsPerCpuSecond(String contestant) {
        return series(contestant, Outcome::packetsPerCpuSecond);
    }

    Series cpuMicrosPerPacket(String contestant) {
        return series(contestant, outcome -> MICROS_PER_SECOND / outcome.packetsPerCpuSecond());
    }

    /** Of a core. */
    Series busy(String contestant) {
        return series(contestant, Outcome::busy);
    }

    /** Datagrams of all rounds that were not answered in time, or with something else. */
    long failures(String contestant) {
        return outcomes.get(contestant).stream()
                .mapToLong(outcome -> outcome.lost() + outcome.wrong())
                .sum();
    }

    private Series series(String contestant, ToDoubleFunction<Outcome> figure) {
        return new Series(
                outcomes.get(contestant).stream().map(figure::applyAsDouble).toList());
    }
}
