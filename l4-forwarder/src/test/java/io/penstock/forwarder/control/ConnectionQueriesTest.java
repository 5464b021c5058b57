package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.ConnectionView;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.worker.Worker;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two workers with a service each, real clients and one real backend. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class ConnectionQueriesTest {
    private static final int PER_SERVICE = 20;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** By service; each in the order of opening. */
    private final List<List<Socket>> clients = List.of(new ArrayList<>(), new ArrayList<>());

    private final List<Socket> served = new ArrayList<>();
    private ServerSocket backend;
    private ConnectionQueries queries;

    @BeforeEach
    void start() throws IOException {
        backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TablePublication publication = new TablePublication(new ForwardingTable(
                1, List.of(service("web", "front", "w1"), service("mail", "post", "m1/127.0.0.1"))));
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Worker worker = new Worker("test-w" + i, syscalls, publication, true);
            workers.add(worker);
            ports.add(listen(worker, i));
            assertEquals(0, worker.startAccepting());
            threads.add(new Thread(worker, "test-w" + i));
        }
        threads.forEach(Thread::start);
        for (int i = 0; i < 2 * PER_SERVICE; i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), ports.get(i % 2));
            client.setSoTimeout(20_000);
            clients.get(i % 2).add(client);
            served.add(backend.accept());
            // So that the next one is opened later, whoever else may have found the backend's port.
            awaitConnected(workers.get(i % 2), i / 2 + 1);
        }
        queries = new ConnectionQueries(workers.stream().map(Worker::proxy).toList());
    }

    private static void awaitConnected(Worker worker, int count) {
        long deadlineNs = System.nanoTime() + 20 * SECOND_NS;
        while (worker.proxy().tcpCounters().value(TcpCounter.CONNECTED) < count) {
            assertTrue(System.nanoTime() < deadlineNs, "not connected");
            Thread.onSpinWait();
        }
    }

    private Service service(String name, String pool, String id) {
        Backend one = new Backend(pool, id, LOOPBACK, backend.getLocalPort(), 1, new BackendLoad(), 0);
        return new Service(
                name,
                Pools.maglev(1009, List.of(one)),
                1,
                new Timeouts(SECOND_NS, 60 * SECOND_NS, 60 * SECOND_NS),
                TcpOptions.KERNEL_DEFAULTS);
    }

    private static int listen(Worker worker, int service) throws IOException {
        for (int tries = 0; tries < 10; tries++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            if (worker.listen(new ListenerSpec(service, new Endpoint(LOOPBACK, port), false)) >= 0) {
                return port;
            }
        }
        throw new IOException("no free port");
    }

    @AfterEach
    void stop() throws Exception {
        stopWorkers();
        workers.forEach(Worker::release);
        for (List<Socket> ofService : clients) {
            for (Socket client : ofService) {
                client.close();
            }
        }
        for (Socket socket : served) {
            socket.close();
        }
        backend.close();
    }

    private void stopWorkers() throws InterruptedException {
        workers.forEach(worker -> worker.proxy().tryStop());
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void shouldListAllOldestFirstWithIdsOfTheirOwn() {
        List<ConnectionView> all = queries.connections(ConnectionFilter.ALL, Integer.MAX_VALUE);
        assertEquals(2 * PER_SERVICE, all.size());
        Set<Long> ids = new HashSet<>();
        int[] seen = new int[2];
        for (int i = 0; i < all.size(); i++) {
            ConnectionView one = all.get(i);
            assertTrue(one.id() > 0 && ids.add(one.id()), one::toString);
            assertTrue(i == 0 || one.age().compareTo(all.get(i - 1).age()) <= 0, "oldest first");
            boolean web = one.service().equals("web");
            // Workers read the clock once a turn, so two of different workers may seem to have come the other way
            // round.
            assertEquals(address(clients.get(web ? 0 : 1).get(seen[web ? 0 : 1]++)), one.client());
            assertEquals(Optional.of(web ? "front/w1" : "post/m1/127.0.0.1"), one.backend());
        }
        assertEquals(all.subList(0, 3).stream().map(ConnectionView::id).toList(), ids(ConnectionFilter.ALL, 3));
    }

    @Test
    void shouldCountWhatWasMoved() throws Exception {
        Socket client = clients.get(0).get(0);
        client.getOutputStream().write(new byte[5]);
        assertEquals(5, served.get(0).getInputStream().readNBytes(5).length);
        served.get(0).getOutputStream().write(new byte[9]);
        assertEquals(9, client.getInputStream().readNBytes(9).length);
        ConnectionView view = queries.connections(ConnectionFilter.ALL, 1).get(0);
        assertEquals(5, view.bytesToBackend());
        assertEquals(9, view.bytesToClient());
    }

    @Test
    void shouldFindByEachPartOfTheFilter() {
        long id = ids(ConnectionFilter.ALL, 8).get(7);
        assertEquals(List.of(id), ids(filter(Optional.of(id), null, null, null, null)));
        assertEquals(
                PER_SERVICE,
                ids(filter(Optional.empty(), "web", null, null, null)).size());
        assertEquals(
                PER_SERVICE,
                ids(filter(Optional.empty(), null, "post", null, null)).size());
        assertEquals(
                PER_SERVICE,
                ids(filter(Optional.empty(), null, null, "w1", null)).size());
        assertEquals(
                PER_SERVICE,
                ids(filter(Optional.empty(), null, null, "m1", null)).size(),
                "all of a name");
        assertEquals(
                PER_SERVICE,
                ids(filter(Optional.empty(), null, null, "m1/127.0.0.1", null)).size());
        assertEquals(0, ids(filter(Optional.empty(), null, null, "m", null)).size());
        assertEquals(
                2 * PER_SERVICE,
                ids(filter(Optional.empty(), null, null, null, "127.0.0.0/8")).size());
        assertEquals(
                0, ids(filter(Optional.empty(), null, null, null, "10.0.0.0/8")).size());
        assertEquals(0, ids(filter(Optional.empty(), "web", "post", null, null)).size());
    }

    @Test
    void shouldFindBackendByItsPoolAndId() {
        assertEquals(PER_SERVICE, at("front/w1"));
        assertEquals(PER_SERVICE, at("post/m1"));
        assertEquals(PER_SERVICE, at("post/m1/127.0.0.1"));
        assertEquals(0, at("front/m1"));
        assertEquals(0, at("fron/w1"));
        assertEquals(0, at("front/w"));
        assertEquals(0, at("front/"));
        assertEquals(0, at("front"));
        assertEquals(0, at("post/m1/127.0.0"));
    }

    private int at(String backend) {
        return ids(filter(Optional.empty(), null, null, backend, null)).size();
    }

    @Test
    void shouldResetThoseThatFitAndNobodyElse() throws Exception {
        assertEquals(PER_SERVICE, queries.kill(filter(Optional.empty(), "mail", null, null, null)));
        for (Socket client : clients.get(1)) {
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        assertEquals(
                PER_SERVICE,
                queries.connections(ConnectionFilter.ALL, Integer.MAX_VALUE).size());
        clients.get(0).get(0).getOutputStream().write(7);
        assertEquals(7, served.get(0).getInputStream().read());
        assertEquals(0, queries.kill(filter(Optional.empty(), "mail", null, null, null)));
    }

    @Test
    void shouldAnswerWithNoneWhenTheWorkersHaveEnded() throws Exception {
        stopWorkers();
        assertEquals(List.of(), queries.connections(ConnectionFilter.ALL, Integer.MAX_VALUE));
        assertEquals(0, queries.kill(ConnectionFilter.ALL));
    }

    private List<Long> ids(ConnectionFilter filter) {
        return ids(filter, Integer.MAX_VALUE);
    }

    private List<Long> ids(ConnectionFilter filter, int limit) {
        return queries.connections(filter, limit).stream()
                .map(ConnectionView::id)
                .toList();
    }

    private static ConnectionFilter filter(
            Optional<Long> id, String service, String pool, String backend, String client) {
        return new ConnectionFilter(
                id,
                Optional.ofNullable(service),
                Optional.ofNullable(pool),
                Optional.ofNullable(backend),
                Optional.ofNullable(client).flatMap(IpPrefix::parse));
    }

    private static String address(Socket client) {
        return "127.0.0.1:" + client.getLocalPort();
    }
}
