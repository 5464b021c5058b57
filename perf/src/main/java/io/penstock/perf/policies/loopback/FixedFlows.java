package io.penstock.perf.policies.loopback;

import io.penstock.perf.policies.scenario.Scenario;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The same flows again and again: one from each client, always from the same port. All of them are open at once before
 * any is closed.
 */
final class FixedFlows {
    private static final int UNANSWERED = -1;

    /** Connections that are made at a time: nothing is to wait for room in a kernel's queue. */
    private static final int AT_A_TIME = 32;

    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final int NO_WORK = 0;

    private final Reactor reactor;
    private final int port;
    private final InetSocketAddress target;
    private final List<Exchange> begun = new ArrayList<>();
    private final int[] backends = new int[Scenario.CLIENTS];
    private int over;

    /** @param port of every client, outside of those that the kernel gives away */
    FixedFlows(Reactor reactor, int port, InetSocketAddress target) {
        this.reactor = reactor;
        this.port = port;
        this.target = target;
        Arrays.fill(backends, UNANSWERED);
    }

    /** The backend of each flow; fails when one has none. */
    int[] place() throws IOException {
        for (int i = 0; i < AT_A_TIME; i++) {
            beginNext();
        }
        reactor.runUntil(() -> over == backends.length, reactor.nowNs() + TIMEOUT_NS);
        begun.forEach(Exchange::reset);
        reactor.release();
        long unanswered =
                Arrays.stream(backends).filter(backend -> backend == UNANSWERED).count();
        if (unanswered > 0) {
            throw new IOException(unanswered + " of " + backends.length + " fixed flows were not answered");
        }
        return backends.clone();
    }

    private void beginNext() {
        int client = begun.size();
        if (client < backends.length) {
            InetSocketAddress from = new InetSocketAddress(LoadedClients.inetAddress(Scenario.address(client)), port);
            begun.add(Exchange.begin(reactor, from, target, NO_WORK, new Flow(client)));
        }
    }

    private final class Flow implements Exchange.Listener {
        private final int client;

        Flow(int client) {
            this.client = client;
        }

        @Override
        public void onAnswer(Exchange exchange, int backend) {
            backends[client] = backend;
            onOver();
        }

        @Override
        public void onFailure(Exchange exchange, String reason) {
            onOver();
        }

        private void onOver() {
            over++;
            beginNext();
        }
    }
}
