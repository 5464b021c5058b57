package io.penstock.forwarder;

import io.penstock.forwarder.flowlog.FlowLog;
import io.penstock.forwarder.listen.ListenerSet;
import io.penstock.forwarder.listen.Succession;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import java.util.List;

/**
 * What carries traffic, and what is written of it.
 *
 * @param succession from whom the listeners' sockets come, and who may have them next
 * @param sessions how many there may be, of all workers
 */
record DataPlane(
        List<Worker> workers,
        ListenerSet listeners,
        Succession succession,
        SessionLimit sessions,
        FlowLog flowLog,
        PacketForwarding packets) {
    List<WorkerProxy> proxies() {
        return workers.stream().map(Worker::proxy).toList();
    }
}
