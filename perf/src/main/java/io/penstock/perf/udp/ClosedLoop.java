package io.penstock.perf.udp;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Clients that have only so much in flight: what is answered makes room for the next, so that nothing between them and
 * the backend need ever be dropped. Serves the backend between its own turns, and never sleeps. NOT thread safe.
 */
final class ClosedLoop {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SCAN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double NANOS_PER_SECOND = 1e9;

    /** What the proxy has used so far. */
    @FunctionalInterface
    interface Clock {
        long cpuNs() throws IOException;
    }

    private final ClientSocket clients;
    private final EchoSocket backend;
    private final int run;
    private final LoadOrder order;
    private final Lanes lanes;
    private final Flows flows;
    private long nowNs = System.nanoTime();
    private long nextScanNs = nowNs + SCAN_INTERVAL_NS;
    private long answered;
    private long lost;
    private long late;
    private long wrong;

    /** @param run a number that no other run of this process has */
    ClosedLoop(ClientSocket clients, EchoSocket backend, LoadOrder order, int run) {
        this.clients = clients;
        this.backend = backend;
        this.order = order;
        this.run = run;
        lanes = new Lanes(order.lanes, order.window, order.burst);
        flows = new Flows(order.flows);
        clients.aim(order.target(), order.targetPort, order.size);
    }

    /** Warms up, measures, and waits for what is still in flight. */
    Outcome run(Clock clock) throws IOException {
        turnUntil(nowNs + TimeUnit.MILLISECONDS.toNanos(order.warmUpMs));
        long before = answered;
        long cpuBefore = clock.cpuNs();
        long startNs = System.nanoTime();
        turnUntil(startNs + TimeUnit.MILLISECONDS.toNanos(order.measureMs));
        long cpuNs = clock.cpuNs() - cpuBefore;
        double seconds = (System.nanoTime() - startNs) / NANOS_PER_SECOND;
        long measured = answered - before;
        drain();
        return new Outcome(measured, seconds, cpuNs, lost, late, wrong);
    }

    private void turnUntil(long endNs) {
        while (nowNs < endNs) {
            send();
            turn();
        }
    }

    private void drain() {
        long endNs = nowNs + TIMEOUT_NS;
        while (nowNs < endNs && !lanes.areIdle()) {
            turn();
        }
        lost += lanes.giveUp(nowNs, 0);
    }

    private void send() {
        for (int lane = lanes.takeReady(); lane >= 0; lane = lanes.takeReady()) {
            while (lanes.hasRoom(lane)) {
                int flow = order.flows == order.lanes ? lane : flows.next();
                clients.add(run, lane, flow, lanes, order.burst, nowNs);
            }
        }
        clients.flush();
    }

    private void turn() {
        backend.poll();
        nowNs = System.nanoTime();
        int messages = clients.receive();
        for (int message = 0; message < messages; message++) {
            int count = clients.datagrams(message);
            for (int i = 0; i < count; i++) {
                onAnswer(clients.datagram(message, i));
            }
        }
        // Not while answers wait to be read: this process may have slept.
        if (messages == 0 && nowNs >= nextScanNs) {
            nextScanNs = nowNs + SCAN_INTERVAL_NS;
            lost += lanes.giveUp(nowNs, TIMEOUT_NS);
        }
    }

    private void onAnswer(Datagram datagram) {
        if (!datagram.isIntact(order.size) || datagram.run() != run) {
            wrong++;
            return;
        }
        switch (lanes.answer(datagram.lane(), datagram.sequence(), nowNs)) {
            case Lanes.ANSWERED -> answered++;
            case Lanes.LATE -> late++;
            default -> wrong++;
        }
    }
}
