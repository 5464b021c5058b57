package io.penstock.perf.policies.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.Requests;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and a backend without a proxy between them. */
@Timeout(60)
final class BackendsAndClientsTest implements Exchange.Listener {
    private static final int NUMBER = 5;
    private static final long SECOND_NS = 1_000_000_000;

    private final List<String> heard = new ArrayList<>();
    private Reactor reactor;
    private TimedBackend backend;
    private InetSocketAddress target;
    private int clientPort;

    @BeforeEach
    void start() throws IOException {
        reactor = new Reactor();
        List<Integer> ports = LoopbackPorts.pick(2);
        clientPort = ports.get(1);
        backend = new TimedBackend(reactor, NUMBER, ports.get(0));
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(0));
        backend.listen();
    }

    @AfterEach
    void stop() {
        reactor.close();
    }

    @Test
    void shouldNameTheBackendOnceItsWorkIsDone() throws IOException {
        long beginNs = System.nanoTime();
        begin(20_000_000);
        awaitHeard(1);
        assertEquals(List.of("answer of 5"), heard);
        assertTrue(System.nanoTime() - beginNs >= 20_000_000);
    }

    @Test
    void shouldServeWhatWaitsAndRefuseWhatComesWhenTheBackendGoesAway() throws IOException {
        begin(30_000_000);
        reactor.at(reactor.nowNs(), () -> {
            backend.refuse();
            begin(0);
        });
        awaitHeard(2);
        assertEquals(List.of("Connection refused", "answer of 5"), heard);
        backend.listen();
        begin(0);
        awaitHeard(3);
        assertEquals("answer of 5", heard.get(2));
    }

    @Test
    void shouldReplayTheSameFlowsWhenTheyWereAllOpenAMomentAgo() throws IOException {
        for (int round = 0; round < 2; round++) {
            int[] backends = new FixedFlows(reactor, clientPort, target).place();
            assertTrue(Arrays.stream(backends).allMatch(number -> number == NUMBER));
        }
    }

    @Test
    void shouldCountRequestsAfterTheWarmUpAlone() throws IOException {
        long warmUpNs = SECOND_NS / 2;
        long endNs = warmUpNs + SECOND_NS / 4;
        Outcome outcome = new LoadedClients(reactor, target)
                .run(reactor.nowNs(), warmUpNs, endNs - warmUpNs)
                .outcome(new Moves(0, 0, 0));
        long expected = Stream.generate(new Requests()::next)
                .takeWhile(request -> request.atNs() < endNs)
                .filter(request -> request.atNs() >= warmUpNs)
                .count();
        assertEquals(0, outcome.failures());
        assertEquals(expected, outcome.answered());
        assertEquals(expected, outcome.answers().get(NUMBER));
        assertTrue(outcome.p50Ms() > 0);
    }

    private void begin(long workNs) {
        Exchange.begin(reactor, new InetSocketAddress("127.10.0.1", 0), target, workNs, this);
    }

    private void awaitHeard(int count) throws IOException {
        reactor.runUntil(() -> heard.size() == count, reactor.nowNs() + 30 * SECOND_NS);
        assertEquals(count, heard.size(), heard::toString);
    }

    @Override
    public void onAnswer(Exchange exchange, int number) {
        heard.add("answer of " + number);
        exchange.close();
    }

    @Override
    public void onFailure(Exchange exchange, String reason) {
        heard.add(reason);
    }
}
