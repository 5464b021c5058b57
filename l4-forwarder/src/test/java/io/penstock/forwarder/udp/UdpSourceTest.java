package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.SECOND_NS;
import static io.penstock.forwarder.udp.RunningUdp.backend;
import static io.penstock.forwarder.udp.RunningUdp.receive;
import static io.penstock.forwarder.udp.RunningUdp.reply;
import static io.penstock.forwarder.udp.RunningUdp.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Outgoing;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which addresses and ports sessions come from, and what follows when there is none. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpSourceTest {
    private static final UdpOptions MINUTE = RunningUdp.options(false, UdpOptions.ANY, 60 * SECOND_NS, 0);
    private static final SourceAddresses CLIENTS = new SourceAddresses(List.of(), BindOptions.ANY_DEVICE, true, false);

    @Test
    void shouldComeFromClientsAddressAtAnotherPortWhereItsOwnIsTaken() throws Exception {
        assumeTrue(canBeTransparent(), "skipped: needs CAP_NET_RAW");
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(fromClients(backend(server)))) {
            // Its port is its own: it is on this host.
            DatagramSocket client = running.client("127.0.0.9");
            running.send(client, (byte) 1);
            DatagramPacket query = receive(server);
            assertEquals("127.0.0.9", query.getAddress().getHostAddress());
            assertNotEquals(client.getLocalPort(), query.getPort());
            reply(server, query.getSocketAddress(), (byte) 2);
            assertEquals(running.port, receive(client).getPort());
        }
    }

    private static boolean canBeTransparent() {
        Syscalls syscalls = new LinuxSyscalls();
        DatagramSockets sockets = new DatagramSockets(syscalls);
        int fd = sockets.open(true);
        int result = sockets.transparent(fd, true);
        syscalls.close(fd);
        return result >= 0;
    }

    private static Service fromClients(Backend backend) {
        Outgoing outgoing = new Outgoing(CLIENTS, ProxyHeader.NONE);
        BackendPool pool = Pools.maglev(1009, List.of(backend), PoolQueue.NONE, outgoing);
        return service(MINUTE, Admission.OPEN, pool);
    }

    @Test
    void shouldTakeThePortOfTheSessionThatYields() throws Exception {
        AtomicInteger withoutPort = new AtomicInteger();
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(
                        withoutPorts(withoutPort),
                        service(MINUTE, backend(one)),
                        RunningUdp.LOOPBACK,
                        false,
                        new SessionLimit(1000))) {
            SocketAddress second = RunningUdp.atLoopback(running.add(service(MINUTE, backend(other))));
            running.send(running.client(), (byte) 1);
            receive(one);
            withoutPort.set(1);
            reply(running.client(), second, (byte) 2);
            receive(other);
            assertEquals(1, running.counter(UdpCounter.EVICTED_ONE_WAY));
            assertEquals(0, running.counter(UdpCounter.REFUSED_NO_PORT));
        }
    }

    @Test
    void shouldCallWhoWaitsForThePlaceThatItDidNotUse() throws Exception {
        AtomicInteger called = new AtomicInteger();
        PoolQueue queue = new PoolQueue(1, SECOND_NS);
        PoolQueue.Line line = queue.join(called::incrementAndGet);
        assertTrue(queue.tryEnter());
        line.waitingSince(1);
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(
                        withoutPorts(new AtomicInteger(1)),
                        service(MINUTE, Admission.OPEN, Pools.maglev(1009, List.of(backend(server)), queue)),
                        RunningUdp.LOOPBACK,
                        false,
                        new SessionLimit(1000))) {
            running.send(running.client(), (byte) 1);
            running.awaitCounter(UdpCounter.REFUSED_NO_PORT, 1);
            assertEquals(1, called.get());
        }
    }

    /** Has no port for the next so many that connect. */
    private static Syscalls withoutPorts(AtomicInteger connects) {
        Syscalls kernel = new LinuxSyscalls();
        return (Syscalls) Proxy.newProxyInstance(
                UdpSourceTest.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("connect") && connects.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        return -Errno.EAGAIN;
                    }
                    try {
                        return method.invoke(kernel, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
