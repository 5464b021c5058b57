package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private static final IpAddress SOURCE = IpAddress.ofIpv4(1);

    private final Arrivals arrivals = new Arrivals();

    private void served(long beganNs, long endedNs, String forwarder) {
        arrivals.accept(Outcome.served(SOURCE, beganNs, endedNs, new Answer("b1", forwarder)));
    }

    @Test
    void shouldTellWhenTheLastOneBeganThatWentThereOrFailed() {
        served(10, 11, "f1");
        served(20, 21, "f2");
        assertEquals(OptionalLong.of(10), arrivals.lastAffected("f1", 0, 100));
        arrivals.accept(Outcome.failed(SOURCE, 30, 99, "ECONNREFUSED"));
        assertEquals(OptionalLong.of(30), arrivals.lastAffected("f1", 0, 100));
        assertEquals(OptionalLong.empty(), arrivals.lastAffected("f1", 31, 100));
        assertEquals(1, arrivals.failed(0, 100));
        assertEquals(2, arrivals.served(0, 100));
    }

    @Test
    void shouldTellThoseThatWereServedLateFromThoseThatFailed() {
        served(10, 19, "f1");
        served(20, 30, "f2");
        arrivals.accept(Outcome.failed(SOURCE, 40, 90, "no answer"));
        assertEquals(1, arrivals.late(10, 0, 100));
        assertEquals(OptionalLong.of(20), arrivals.lastLate(10, 0, 100));
        assertEquals(OptionalLong.empty(), arrivals.lastLate(11, 0, 100));
    }
}
