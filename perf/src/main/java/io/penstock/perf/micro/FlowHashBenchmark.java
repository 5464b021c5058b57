package io.penstock.perf.micro;

import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The hash of a TCP flow, from another port each time. */
@State(Scope.Thread)
public class FlowHashBenchmark {
    private static final int TCP = 6;
    private static final int SERVICE_PORT = 443;

    private final FlowHash hash = new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private final IpAddress client4 = IpAddress.parse("198.51.100.7").orElseThrow();
    private final IpAddress service4 = IpAddress.parse("203.0.113.1").orElseThrow();
    private final IpAddress client6 = IpAddress.parse("2001:db8:1::7").orElseThrow();
    private final IpAddress service6 = IpAddress.parse("2001:db8:2::1").orElseThrow();
    private int port;

    @Benchmark
    public long ipv4() {
        return ofFlow(client4, service4);
    }

    @Benchmark
    public long ipv6() {
        return ofFlow(client6, service6);
    }

    private long ofFlow(IpAddress client, IpAddress service) {
        return hash.ofFlow(client.high(), client.low(), port++, service.high(), service.low(), SERVICE_PORT, TCP);
    }
}
