package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.SECOND_NS;
import static io.penstock.forwarder.udp.RunningUdp.backend;
import static io.penstock.forwarder.udp.RunningUdp.options;
import static io.penstock.forwarder.udp.RunningUdp.payload;
import static io.penstock.forwarder.udp.RunningUdp.receive;
import static io.penstock.forwarder.udp.RunningUdp.reply;
import static io.penstock.forwarder.udp.RunningUdp.service;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ClientList;
import io.penstock.forwarder.table.ConnectionGate;
import io.penstock.forwarder.table.ConnectionLimit;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.worker.ResetCause;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** When sessions begin, move and end. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpSessionsTest {
    private static final long MINUTE_NS = 60 * SECOND_NS;
    private static final UdpOptions FOREVER = options(false, UdpOptions.ANY, MINUTE_NS, 0);

    @Test
    void shouldEndSessionWithItsLastReply() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(options(false, 2, MINUTE_NS, 0), backend(server)))) {
            DatagramSocket client = running.client();
            for (int round = 1; round <= 3; round++) {
                running.send(client, (byte) 1);
                SocketAddress session = receive(server).getSocketAddress();
                reply(server, session, (byte) 2);
                assertArrayEquals(new byte[] {2}, payload(receive(client)));
                assertEquals(1, running.worker.proxy().openSessions());
                reply(server, session, (byte) 3);
                assertArrayEquals(new byte[] {3}, payload(receive(client)));
                running.awaitSessions(0);
                assertEquals(round, running.counter(UdpCounter.ENDED_COMPLETED));
            }
        }
    }

    @Test
    void shouldWaitForTheRepliesToEveryDatagram() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(options(false, 1, MINUTE_NS, 0), backend(server)))) {
            DatagramSocket client = running.client();
            running.send(client, (byte) 1);
            running.send(client, (byte) 2);
            SocketAddress session = receive(server).getSocketAddress();
            assertEquals(session, receive(server).getSocketAddress());
            reply(server, session, (byte) 1);
            receive(client);
            running.send(client, (byte) 3);
            assertEquals(session, receive(server).getSocketAddress(), "the second datagram's reply is still awaited");
            reply(server, session, (byte) 2);
            reply(server, session, (byte) 3);
            receive(client);
            receive(client);
            running.awaitSessions(0);
        }
    }

    @Test
    void shouldEndSessionThatIsIdle() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running =
                        RunningUdp.start(service(options(false, UdpOptions.ANY, SECOND_NS / 20, 0), backend(server)))) {
            running.send(running.client(), (byte) 1);
            receive(server);
            running.awaitCounter(UdpCounter.ENDED_IDLE, 1);
            running.awaitSessions(0);
        }
    }

    @Test
    void shouldBalanceEachDatagramByItself() throws Exception {
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(
                        service(options(true, UdpOptions.ANY, MINUTE_NS, 0), echo(one), echo(other)))) {
            DatagramSocket client = running.client();
            Set<Byte> echoed = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                running.send(client, (byte) i);
                echoed.add(payload(receive(client))[0]);
            }
            assertEquals(100, echoed.size());
            assertEquals(2, running.counter(UdpCounter.SESSIONS_OPENED), "one with each backend");
        }
    }

    @Test
    void shouldHaveOneWaySessionsYieldFirstAndThenAnsweredOnes() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(server)), new SessionLimit(3))) {
            DatagramSocket established = running.client();
            establish(running, server, established);
            DatagramSocket answered = running.client();
            answer(running, server, answered);
            DatagramSocket oneWay = running.client();
            running.send(oneWay, (byte) 1);
            receive(server);

            DatagramSocket first = running.client();
            running.send(first, (byte) 1);
            SocketAddress session = receive(server).getSocketAddress();
            assertEquals(1, running.counter(UdpCounter.EVICTED_ONE_WAY));
            reply(server, session, (byte) 2);
            receive(first);
            running.send(first, (byte) 3);
            receive(server);

            DatagramSocket second = running.client();
            establish(running, server, second);
            assertEquals(1, running.counter(UdpCounter.EVICTED_ANSWERED));
            running.send(running.client(), (byte) 1);
            running.awaitCounter(UdpCounter.REFUSED_NO_RESOURCES, 1);
            assertEquals(3, running.worker.proxy().openSessions());
            running.send(established, (byte) 9);
            assertArrayEquals(new byte[] {9}, payload(receive(server)));
        }
    }

    @Test
    void shouldHaveOneWaySessionYieldAtTheServicesLimit() throws Exception {
        Admission admission =
                new Admission(ClientList.EVERYBODY, null, null, new ConnectionLimit(new ConnectionGate(), 1), null);
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running =
                        RunningUdp.start(service(FOREVER, admission, Pools.maglev(1009, List.of(backend(server)))))) {
            running.send(running.client(), (byte) 1);
            receive(server);
            DatagramSocket second = running.client();
            answer(running, server, second);
            assertEquals(1, running.counter(UdpCounter.EVICTED_ONE_WAY));
            running.send(running.client(), (byte) 1);
            running.awaitCounter(UdpCounter.REFUSED_FULL, 1);
            assertEquals(1, running.worker.proxy().openSessions());
        }
    }

    @Test
    void shouldHaveNoSessionOfAnotherServiceYieldAtAServicesLimit() throws Exception {
        Admission admission =
                new Admission(ClientList.EVERYBODY, null, null, new ConnectionLimit(new ConnectionGate(), 1), null);
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(server)))) {
            BackendPool pool = Pools.maglev(1009, List.of(backend(server)));
            SocketAddress full = RunningUdp.atLoopback(running.add(service(FOREVER, admission, pool)));
            DatagramSocket oldest = running.client();
            running.send(oldest, (byte) 1);
            SocketAddress session = receive(server).getSocketAddress();
            reply(running.client(), full, (byte) 2);
            receive(server);
            DatagramSocket newcomer = running.client();
            reply(newcomer, full, (byte) 3);
            SocketAddress answered = receive(server).getSocketAddress();
            assertEquals(1, running.counter(UdpCounter.EVICTED_ONE_WAY), "of the same service");
            reply(server, answered, (byte) 4);
            receive(newcomer);
            reply(running.client(), full, (byte) 5);
            running.awaitCounter(UdpCounter.REFUSED_FULL, 1);
            assertEquals(1, running.counter(UdpCounter.EVICTED_ONE_WAY), "only another service has one");
            running.send(oldest, (byte) 6);
            assertEquals(session, receive(server).getSocketAddress());
        }
    }

    @Test
    void shouldMoveSessionWhoseBackendIsLost() throws Exception {
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1")) {
            Backend first = backend(one);
            Backend second = backend(other);
            try (RunningUdp running = RunningUdp.start(service(FOREVER, first, second))) {
                DatagramSocket client = running.client();
                running.send(client, (byte) 1);
                running.awaitCounter(UdpCounter.DATAGRAMS_TO_BACKENDS, 1);
                boolean atFirst = first.load().open() == 1;
                DatagramSocket stays = atFirst ? other : one;
                receive(atFirst ? one : other);
                (atFirst ? first : second).load().lostSince(System.nanoTime());
                for (byte i = 2; i < 5; i++) {
                    running.send(client, i);
                    DatagramPacket query = receive(stays);
                    assertArrayEquals(new byte[] {i}, payload(query));
                    reply(stays, query.getSocketAddress(), i);
                    assertArrayEquals(new byte[] {i}, payload(receive(client)));
                }
                assertEquals(1, running.counter(UdpCounter.REHOMED));
                assertEquals(1, running.counter(UdpCounter.SESSIONS_OPENED));
                assertEquals(1, first.load().open() + second.load().open());
            }
        }
    }

    @Test
    void shouldStayWithLostBackendWhereTheServiceSaysSo() throws Exception {
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1")) {
            Backend first = backend(one);
            Backend second = backend(other);
            UdpOptions never = options(false, UdpOptions.ANY, MINUTE_NS, Timeouts.NONE);
            try (RunningUdp running = RunningUdp.start(service(never, first, second))) {
                DatagramSocket client = running.client();
                running.send(client, (byte) 1);
                running.awaitCounter(UdpCounter.DATAGRAMS_TO_BACKENDS, 1);
                boolean atFirst = first.load().open() == 1;
                first.load().lostSince(0);
                second.load().lostSince(0);
                receive(atFirst ? one : other);
                running.send(client, (byte) 2);
                assertArrayEquals(new byte[] {2}, payload(receive(atFirst ? one : other)));
            }
        }
    }

    @Test
    void shouldMoveSessionWhoseBackendRefuses() throws Exception {
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1")) {
            Backend first = backend(one);
            Backend second = backend(other);
            try (RunningUdp running = RunningUdp.start(service(FOREVER, first, second))) {
                DatagramSocket client = running.client();
                running.send(client, (byte) 0);
                running.awaitCounter(UdpCounter.DATAGRAMS_TO_BACKENDS, 1);
                boolean atFirst = first.load().open() == 1;
                DatagramSocket stays = atFirst ? other : one;
                end(atFirst ? one : other);
                running.send(client, (byte) 1);
                running.awaitCounter(UdpCounter.BACKENDS_UNREACHABLE, 1);
                running.send(client, (byte) 2);
                assertArrayEquals(new byte[] {2}, payload(receive(stays)));
                assertEquals(1, running.counter(UdpCounter.REHOMED));
                assertEquals(1, (atFirst ? first : second).load().earlyResets());
                // Nobody new goes to the one that refused.
                for (int i = 0; i < 20; i++) {
                    running.send(running.client(), (byte) 3);
                    assertArrayEquals(new byte[] {3}, payload(receive(stays)));
                }
            }
        }
    }

    @Test
    @SuppressWarnings("try") // The backend's end is the event.
    void shouldGoOnWithOnlyBackendAfterItRefused() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1")) {
            Backend backend = backend(server);
            try (RunningUdp running = RunningUdp.start(service(FOREVER, backend))) {
                DatagramSocket client = running.client();
                establish(running, server, client);
                end(server);
                running.send(client, (byte) 1);
                running.awaitCounter(UdpCounter.BACKENDS_UNREACHABLE, 1);
                running.send(client, (byte) 1);
                running.awaitCounter(UdpCounter.BACKENDS_UNREACHABLE, 2);
                assertEquals(1, backend.load().earlyResets(), "of one session");
                try (DatagramSocket again = RunningUdp.bound("127.0.0.1", backend.port())) {
                    running.send(client, (byte) 2);
                    assertArrayEquals(new byte[] {2}, payload(receive(again)));
                }
                assertEquals(0, running.counter(UdpCounter.REHOMED));
            }
        }
    }

    @Test
    void shouldCountWhatTheKernelDropsAtFullReceiveBuffer() throws Exception {
        UdpOptions small =
                new UdpOptions(false, UdpOptions.ANY, MINUTE_NS, 0, UdpOptions.Fragmentation.AUTO, 4096, 4096);
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(small, backend(server)))) {
            DatagramSocket client = running.client();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch holding = new CountDownLatch(1);
            assertTrue(running.worker.proxy().tryFind((list, index) -> false, found -> {
                holding.countDown();
                awaitUninterruptibly(held);
            }));
            awaitUninterruptibly(holding);
            int sent = 100;
            for (int i = 0; i < sent; i++) {
                running.send(client, new byte[1000]);
            }
            held.countDown();
            RunningUdp.await(
                    () -> running.counter(UdpCounter.RECEIVE_BUFFER_DROPS) > 0,
                    () -> "no drops of " + running.counter(UdpCounter.DATAGRAMS_FROM_CLIENTS));
            assertEquals(
                    sent,
                    running.counter(UdpCounter.RECEIVE_BUFFER_DROPS)
                            + running.counter(UdpCounter.DATAGRAMS_FROM_CLIENTS));
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldEndSessionsOfListenerThatIsTakenAway() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(server)))) {
            running.send(running.client(), (byte) 1);
            receive(server);
            running.worker
                    .proxy()
                    .changeListeners(new ListenerChange(List.of(), List.of(), List.of(running.listening)));
            running.awaitCounter(UdpCounter.ENDED_LISTENER_CLOSED, 1);
            running.awaitSessions(0);
        }
    }

    @Test
    void shouldServeKnownClientsOnlyWhenTheServiceIsClosed() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1")) {
            Service service = service(FOREVER, backend(server));
            try (RunningUdp running = RunningUdp.start(service)) {
                DatagramSocket client = running.client();
                establish(running, server, client);
                running.publish(service.withoutPools());
                running.send(running.client(), (byte) 1);
                running.awaitCounter(UdpCounter.REFUSED_NO_SERVICE, 1);
                running.send(client, (byte) 2);
                assertArrayEquals(new byte[] {2}, payload(receive(server)));
            }
        }
    }

    @Test
    void shouldKeepBackendOfSessionWhenTheTableChanges() throws Exception {
        try (DatagramSocket one = RunningUdp.bound("127.0.0.1");
                DatagramSocket other = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(one)))) {
            DatagramSocket client = running.client();
            establish(running, one, client);
            running.publish(service(FOREVER, backend(other)));
            running.send(client, (byte) 2);
            assertArrayEquals(new byte[] {2}, payload(receive(one)));
            running.send(running.client(), (byte) 3);
            assertArrayEquals(new byte[] {3}, payload(receive(other)));
        }
    }

    @Test
    void shouldRefuseNewcomersWhileStoppingAndEndWithTheLastSession() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(options(false, 1, MINUTE_NS, 0), backend(server)))) {
            DatagramSocket client = running.client();
            running.send(client, (byte) 1);
            SocketAddress session = receive(server).getSocketAddress();
            assertTrue(running.worker.proxy().tryDrain());
            running.awaitObeyed();
            running.send(running.client(), (byte) 1);
            running.awaitCounter(UdpCounter.REFUSED_STOPPING, 1);
            reply(server, session, (byte) 2);
            assertArrayEquals(new byte[] {2}, payload(receive(client)));
            running.awaitEnd();
        }
    }

    @Test
    void shouldDrainSessionOnceItsClientHasItsAnswer() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(server)))) {
            DatagramSocket client = running.client();
            running.send(client, (byte) 1);
            SocketAddress session = receive(server).getSocketAddress();
            assertEquals(1, drainAll(running));
            reply(server, session, (byte) 2);
            assertArrayEquals(new byte[] {2}, payload(receive(client)));
            running.awaitCounter(UdpCounter.ENDED_DRAINED, 1);
        }
    }

    @Test
    void shouldDrainSessionWithoutAnAnswerAfterAMoment() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(FOREVER, backend(server)))) {
            running.send(running.client(), (byte) 1);
            receive(server);
            assertEquals(1, drainAll(running));
            assertEquals(0, drainAll(running), "those that are leaving");
            running.awaitCounter(UdpCounter.ENDED_DRAINED, 1);
        }
    }

    /** How many sessions were told to leave. */
    private static int drainAll(RunningUdp running) {
        return running.endAll(ResetCause.DRAIN);
    }

    @Test
    void shouldForgetBackendsLoadWithTheSession() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1")) {
            Backend backend = backend(server);
            try (RunningUdp running = RunningUdp.start(service(options(false, 1, MINUTE_NS, 0), backend))) {
                DatagramSocket client = running.client();
                answer(running, server, client);
                running.awaitSessions(0);
                assertEquals(0, backend.load().open());
                assertEquals(1, backend.load().connects());
                assertEquals(1, backend.load().firstBytes());
                assertEquals(0, backend.load().connectNs());
                assertNotEquals(0, backend.load().firstByteNs());
            }
        }
    }

    /** The two echo what they get, for as long as they are open. */
    private static Backend echo(DatagramSocket server) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    server.send(receive(server));
                }
            } catch (IOException e) {
                // Closed by the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return backend(server);
    }

    private static void end(DatagramSocket server) {
        server.close();
    }

    private static void answer(RunningUdp running, DatagramSocket server, DatagramSocket client) throws Exception {
        running.send(client, (byte) 1);
        reply(server, receive(server).getSocketAddress(), (byte) 2);
        receive(client);
    }

    private static void establish(RunningUdp running, DatagramSocket server, DatagramSocket client) throws Exception {
        answer(running, server, client);
        running.send(client, (byte) 3);
        receive(server);
    }
}
