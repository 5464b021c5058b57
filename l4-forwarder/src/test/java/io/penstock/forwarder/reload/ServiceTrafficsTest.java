package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.control.Controller.ServiceView.Place;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.operate.Bytes;
import io.penstock.forwarder.operate.ServiceTraffic;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is summed up over workers, and over the places that a service has had. */
class ServiceTrafficsTest {
    private enum Reason {
        FIRST
    }

    private final List<Worker> workers = List.of(worker("fwd-w0"), worker("fwd-w1"));
    private final List<WorkerProxy> proxies =
            workers.stream().map(Worker::proxy).toList();

    private static Worker worker(String name) {
        return new Worker(
                name,
                new LinuxSyscalls(),
                new TablePublication(new ForwardingTable(1, List.of())),
                true,
                new SessionLimit(1),
                FlowObserver.NONE,
                new Measuring(true, Measuring.NEVER));
    }

    @AfterEach
    void abandon() {
        workers.forEach(Worker::abandon);
    }

    @Test
    void shouldSumUpWorkersAndTheProtocolsThatAServiceHasHad() {
        Backend backend = Pools.backend("b", IpAddress.ofIpv4(0x0a000001), 80, 1);
        for (WorkerProxy worker : proxies) {
            for (int index = 0; index < 3; index++) {
                worker.services().onAccepted(index);
                worker.services().onOpened(index);
                worker.services().onClosed(index, Reason.FIRST);
                worker.services().onBytes(index, 1, 20, 300, 4_000);
                worker.latencies().onConnected(index, backend, 5_000_000);
            }
        }
        ServiceTraffic traffic =
                new ServiceTraffics(proxies, List.of(new Place(0, false), new Place(2, true))).sum(System.nanoTime());
        assertEquals(2, traffic.closed().get("completed"), "TCP's first reason");
        assertEquals(2, traffic.closed().get("idle"), "UDP's first reason");
        assertEquals(
                4, traffic.closed().values().stream().mapToLong(Long::longValue).sum());
        assertEquals(new Bytes(4, 80), traffic.toBackends());
        assertEquals(new Bytes(1_200, 16_000), traffic.toClients());
        assertEquals(4, traffic.times().get("connect").all().count());
        assertEquals(4, traffic.times().get("connect").recent().count());
        assertEquals(0, traffic.times().get("duration").all().count());
    }
}
