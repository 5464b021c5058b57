package io.penstock.vrrp.keepalived;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code global_defs} say for all instances. */
final class Globals {
    private final Numbers numbers;
    private final Remarks remarks;
    private final Map<String, Object> realtime = new LinkedHashMap<>();
    private final Map<String, Object> announce = new LinkedHashMap<>();
    private int version = 2;
    private Optional<Statement> messageChecksum = Optional.empty();

    Globals(Numbers numbers, Remarks remarks) {
        this.numbers = numbers;
        this.remarks = remarks;
    }

    void read(Statement block) {
        block.inner().forEach(this::readOne);
    }

    private void readOne(Statement statement) {
        switch (statement.name()) {
            case "vrrp_version" -> numbers.integer(statement).ifPresent(read -> version = read);
            case "vrrp_rt_priority" ->
                numbers.integer(statement).ifPresent(priority -> realtime.put("priority", priority));
            case "vrrp_no_swap" -> realtime.put("lock-memory", true);
            case "vrrp_cpu_affinity" -> cpus(statement);
            case "vrrp_strict" ->
                remarks.different(
                        statement.place(),
                        "strict mode is not offered: packets to VIPs are accepted, and advertisements that RFCs forbid are refused anyway");
            case "vrrp_mcast_group4", "vrrp_mcast_group6" ->
                remarks.different(
                        statement.place(),
                        statement.name() + " is not offered: hosts that keep their own group do not hear this one");
            case "script_user" -> remarks.different(statement.place(), "checks and hooks run as the user of the agent");
            case "net_namespace" ->
                remarks.different(statement.place(), "the agent is to be started in this namespace");
            case "vrrp_startup_delay",
                    "startup_script",
                    "shutdown_script",
                    "notify_fifo",
                    "vrrp_notify_fifo",
                    "notify_fifo_script",
                    "vrrp_notify_fifo_script" ->
                remarks.different(statement.place(), statement.name() + " is not offered");
            case "vrrp_v3_checksum_as_v2", "v3_checksum_as_v2" -> messageChecksum = Optional.of(statement);
            case "vrrp_priority" ->
                remarks.leftOut(statement.place(), "a nice value; realtime: { priority: 10 } does more");
            default -> {
                if (!announcement(announce, statement, "vrrp_", numbers)) {
                    remarks.leftOut(statement.place(), statement.name());
                }
            }
        }
    }

    private void cpus(Statement statement) {
        List<Integer> cpus = new ArrayList<>();
        statement.arguments().forEach(word -> numbers.integer(word).ifPresent(cpus::add));
        if (!cpus.isEmpty()) {
            realtime.put("cpus", cpus);
        }
    }

    /** Whether a statement is about announcements, of an instance or of all; then it is in the map. */
    static boolean announcement(Map<String, Object> announce, Statement statement, String prefix, Numbers numbers) {
        String name = statement.name();
        if (name.equals(prefix + "garp_master_delay")) {
            numbers.duration(statement).ifPresent(delay -> announce.put("again", delay));
        } else if (name.equals(prefix + "garp_master_repeat")) {
            numbers.integer(statement).ifPresent(repeat -> announce.put("repeat", repeat));
        } else if (name.equals(prefix + "garp_master_refresh")) {
            numbers.duration(statement).ifPresent(refresh -> announce.put("refresh", refresh));
        } else {
            return false;
        }
        return true;
    }

    /** Whether the checksum of an instance covers the message only, as its own line says, else the one for all. */
    boolean messageChecksum(Statement instance) {
        return instance.last("v3_checksum_as_v2")
                .or(() -> messageChecksum)
                .filter(line -> line.argument(0)
                        .filter(word -> Set.of("false", "off", "no").contains(word.text()))
                        .isEmpty())
                .isPresent();
    }

    int version() {
        return version;
    }

    Map<String, Object> announce() {
        return announce;
    }

    Optional<Map<String, Object>> realtime() {
        return realtime.isEmpty() ? Optional.empty() : Optional.of(realtime);
    }
}
