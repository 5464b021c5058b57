package io.penstock.vrrp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads {@code realtime}. */
final class RealtimeReader {
    /** Of SCHED_FIFO (sched(7)). */
    private static final int MAX_PRIORITY = 99;

    /** CPU_SETSIZE of sched.h, less one. */
    private static final int MAX_CPU = 1023;

    private RealtimeReader() {}

    static RealtimeConfig read(ConfigSection realtime) {
        OptionalInt priority = realtime.optional("priority")
                .map(value -> value.integer(1, MAX_PRIORITY))
                .orElse(OptionalInt.empty());
        boolean lockMemory = realtime.bool("lock-memory", false);
        SortedSet<Integer> cpus = realtime.optional("cpus")
                .map(value -> cpus(value.items("a list of at least one CPU, such as [1]")))
                .orElseGet(Collections::emptySortedSet);
        return new RealtimeConfig(priority, lockMemory, cpus);
    }

    private static SortedSet<Integer> cpus(List<ConfigValue> items) {
        SortedSet<Integer> cpus = new TreeSet<>();
        for (ConfigValue item : items) {
            OptionalInt cpu = item.integer(0, MAX_CPU);
            if (cpu.isPresent() && !cpus.add(cpu.getAsInt())) {
                item.problem("duplicate CPU");
            }
        }
        return cpus;
    }
}
