package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import org.junit.jupiter.api.Test;

final class SourceAffinityTest {
    private final SourceAffinity affinity = new SourceAffinity();

    private void served(int source, String backend, String forwarder) {
        affinity.accept(Outcome.served(IpAddress.ofIpv4(source), 0, 1, new Answer(backend, forwarder)));
    }

    @Test
    void shouldTellSourcesThatStrayFromThoseThatOnlyTakeAnotherWay() {
        served(1, "b1", "f1");
        served(1, "b1", "f2");
        served(2, "b1", "f1");
        served(2, "b2", "f1");
        served(3, "b3", "f3");
        assertEquals(3, affinity.sources());
        assertEquals(1, affinity.throughSeveral());
        assertEquals(1, affinity.strayed());
    }

    @Test
    void shouldNotCountSourcesThatWereNotServed() {
        affinity.accept(Outcome.failed(IpAddress.ofIpv4(1), 0, 1, "ECONNREFUSED"));
        assertEquals(0, affinity.sources());
    }
}
