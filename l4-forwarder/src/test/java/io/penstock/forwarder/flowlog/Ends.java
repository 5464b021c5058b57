package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Backend;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;

/** Flows as a worker tells of them when they have ended. */
final class Ends {
    static final long MS = 1_000_000;

    /** 2026-11-22T04:00:00.123Z, where System.nanoTime was 0 in 1970. */
    static final long ENDED_NS = 1_795_320_000_123L * MS;

    static final Endpoint LISTENER = new Endpoint(address("192.0.2.10"), 80);

    enum Reason {
        COMPLETED,
        NO_BACKEND
    }

    private Ends() {}

    static IpAddress address(String literal) {
        return IpAddress.parse(literal).orElseThrow();
    }

    static long token(int number) {
        return EventToken.of(number, number & 0xffff, EventKind.TCP_CLIENT);
    }

    /** A connection that took 1.5 s, and 1 MiB of it through a pipe. */
    static FlowEnd tcp(FlowEnd end) {
        return tcp(end, 1, "web", "web", "web-1");
    }

    static FlowEnd tcp(FlowEnd end, int number, String service, String pool, String backend) {
        IpAddress client = address("198.51.100.7");
        return end.identify(false, token(number), service)
                .reason(Reason.COMPLETED, false)
                .client(client.high(), client.low(), 40_000)
                .local(LISTENER, LISTENER.address().high(), LISTENER.address().low(), LISTENER.port())
                .times(ENDED_NS - 1_500 * MS, ENDED_NS)
                .backend(backend(pool, backend), 2, 0, 1_234_567, 2 * MS + 50_000)
                .bytes(1000, 1 << 21, 1 << 20)
                .datagrams(0, 0);
    }

    static Backend backend(String pool, String id) {
        return new Backend(pool, id, address("10.0.0.11"), 8080, 1, new BackendLoad(), Backend.NO_SERIAL);
    }
}
