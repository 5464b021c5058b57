package io.penstock.vrrp.config;

import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What keeps the agent's thread on time while the machine is busy.
 *
 * @param priority of SCHED_FIFO, 1 to 99; empty for the usual scheduling (sched(7))
 * @param lockMemory whether nothing of the process is ever paged out (mlockall(2))
 * @param cpus that the agent's thread runs on; empty for any
 */
public record RealtimeConfig(OptionalInt priority, boolean lockMemory, SortedSet<Integer> cpus) {
    public static final RealtimeConfig NONE = new RealtimeConfig(OptionalInt.empty(), false, new TreeSet<>());
}
