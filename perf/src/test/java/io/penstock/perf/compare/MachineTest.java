package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class MachineTest {
    @Test
    void shouldFindTheVersionInWhatEachToolPrints() {
        assertEquals("2.6.12-1", Machine.versionIn("HAProxy version 2.6.12-1 2026/10/17 - https://haproxy.org/\n"));
        assertEquals("1.22.1", Machine.versionIn("nginx version: nginx/1.22.1\n"));
        assertEquals("4.1.0", Machine.versionIn("wrk 4.1.0 [epoll] Copyright (C) 2012 Will Glozer\n"));
        assertEquals("3.12", Machine.versionIn("iperf 3.12 (cJSON 1.7.15)\n"));
    }
}
