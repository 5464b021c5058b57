package io.penstock.forwarder.listen;

import static io.penstock.forwarder.listen.RunningWorkers.connect;
import static io.penstock.forwarder.listen.RunningWorkers.freePort;
import static io.penstock.forwarder.listen.RunningWorkers.spec;
import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_REUSEADDR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.control.Listeners.Change;
import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.tcp.TcpListener;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.SocketAddress;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over real workers and the kernel's own queues. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class ListenerSetTest {
    private static final int CLIENTS = 40;

    private final InheritedSockets inherited = new InheritedSockets();

    @Test
    void shouldOpenAndCloseAddressesWhileRunning() throws Exception {
        int first = freePort();
        int second = freePort();
        try (RunningWorkers workers = new RunningWorkers(2).start()) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, first))).commit();
            assertAllServed(workers, 0, first);
            listeners.prepare(List.of(spec(0, first), spec(1, second))).commit();
            assertAllServed(workers, 1, second);
            assertAllServed(workers, 0, first);
            listeners.prepare(List.of(spec(1, second))).commit();
            workers.settle();
            assertFalse(workers.listens(first));
            assertAllServed(workers, 1, second);
        }
    }

    @Test
    void shouldLeadNewClientsToAnotherServiceOverTheSameSocket() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2).start()) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, port))).commit();
            listeners.prepare(List.of(spec(1, port))).commit();
            workers.settle();
            assertAllServed(workers, 1, port);
        }
    }

    /** Closing one socket of a SO_REUSEPORT group resets those in its queue. */
    @Test
    void shouldServeWhoIsQueuedWhereAnAddressIsClosed() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2)) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, port))).commit();
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(connect(port));
            }
            listeners.prepare(List.of()).commit();
            workers.start();
            workers.assertServed(clients, 0);
            workers.settle();
            assertFalse(workers.listens(port));
        }
    }

    @Test
    void shouldChangeNothingWhenOneAddressIsTaken() throws Exception {
        int kept = freePort();
        int free = freePort();
        try (RunningWorkers workers = new RunningWorkers(2).start();
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, kept))).commit();
            List<ListenerSpec> wanted = List.of(spec(0, free), spec(0, other.getLocalPort()));
            ListenException refused = assertThrows(ListenException.class, () -> listeners.prepare(wanted));
            assertEquals(
                    "cannot listen on 127.0.0.1:" + other.getLocalPort() + ": address already in use (EADDRINUSE)",
                    refused.getMessage());
            assertFalse(workers.listens(free));
            assertAllServed(workers, 0, kept);
        }
    }

    @Test
    void shouldCloseWhatWasOpenedWhenAbandoned() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2)) {
            Change change = workers.listeners(inherited).prepare(List.of(spec(0, port)));
            assertTrue(workers.listens(port));
            change.abandon();
            assertFalse(workers.listens(port));
        }
    }

    /** The workers stand still, so the first sockets are open and on their way out. */
    @Test
    void shouldOpenAnAddressAgainBeforeWorkersHaveClosedIt() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2)) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, port))).commit();
            listeners.prepare(List.of()).commit();
            listeners.prepare(List.of(spec(1, port))).commit();
            workers.start();
            workers.settle();
            assertAllServed(workers, 1, port);
        }
    }

    @Test
    void shouldGiveWayToAWiderAddressOfItsOwn() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(1).start()) {
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, port))).commit();
            ListenerSpec wide = new ListenerSpec(1, new Endpoint(IpAddress.ANY_IPV6, port), true);
            listeners.prepare(List.of(wide)).commit();
            workers.settle();
            assertAllServed(workers, 1, port);
        }
    }

    @Test
    void shouldCloseWhatComesAfterTheWorkersHaveStoppedToListen() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2)) {
            workers.proxies().forEach(WorkerProxy::tryDrain);
            Change change = workers.listeners(inherited).prepare(List.of(spec(0, port)));
            workers.start();
            RunningWorkers.await(() -> workers.proxies().stream().noneMatch(proxy -> proxy.openConnections() > 0));
            change.commit();
        }
        assertFalse(listensNow(port));
    }

    @Test
    void shouldShareAnInheritedSocketThatIsAloneBetweenWorkers() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(3).start()) {
            inherited.add(spec(0, port).address(), aloneOn(workers, port));
            ListenerSet listeners = workers.listeners(inherited);
            listeners.prepare(List.of(spec(0, port))).commit();
            assertAllServed(workers, 0, port);
            listeners.prepare(List.of()).commit();
            workers.settle();
            assertFalse(workers.listens(port));
        }
    }

    /** Three sockets for two workers: none may be left out, as the kernel goes on to queue clients there. */
    @Test
    void shouldServeEverySocketOfAnInheritedGroup() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(2).start()) {
            List<Socket> early = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                inherited.add(
                        spec(0, port).address(), TcpListener.bind(workers.syscalls, workers.sockets, spec(0, port)));
            }
            for (int i = 0; i < CLIENTS; i++) {
                early.add(connect(port));
            }
            workers.listeners(inherited).prepare(List.of(spec(0, port))).commit();
            workers.assertServed(early, 0);
            assertAllServed(workers, 0, port);
        }
    }

    @Test
    void shouldCloseInheritedSocketsThatNothingWants() throws Exception {
        int port = freePort();
        try (RunningWorkers workers = new RunningWorkers(1).start()) {
            inherited.add(spec(0, port).address(), TcpListener.bind(workers.syscalls, workers.sockets, spec(0, port)));
            assertTrue(workers.listens(port));
            workers.listeners(inherited).prepare(List.of()).commit();
            assertFalse(workers.listens(port));
        }
    }

    /** As a supervisor opens it: without SO_REUSEPORT. */
    private static int aloneOn(RunningWorkers workers, int port) {
        SocketAddress address = new SocketAddress().set(spec(0, port).endpoint().address(), port);
        int fd = workers.syscalls.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        assertEquals(0, workers.sockets.setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1));
        assertEquals(0, workers.syscalls.bind(fd, address.address(), address.length()));
        assertEquals(0, workers.syscalls.listen(fd, CLIENTS));
        return fd;
    }

    private static boolean listensNow(int port) throws Exception {
        try (RunningWorkers none = new RunningWorkers(0)) {
            return none.listens(port);
        }
    }

    /** One after the other, from as many ports, so that the group's hash leads to every worker's socket. */
    private static void assertAllServed(RunningWorkers workers, int service, int port) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            try (Socket client = connect(port)) {
                workers.assertServed(client, service);
            }
        }
    }
}
