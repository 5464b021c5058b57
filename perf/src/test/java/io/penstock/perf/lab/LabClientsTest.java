package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.perf.change.clients.ClientLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LabClientsTest {
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final List<IpAddress> SOURCES =
            Sources.of(IpPrefix.parse("127.1.0.0/16").orElseThrow(), 3);

    private final ClientLoop loop = new ClientLoop(TimeUnit.MILLISECONDS.toNanos(1));
    private final List<Outcome> outcomes = new ArrayList<>();
    private NamingServer server;
    private Endpoint target;

    @BeforeEach
    void start() throws IOException {
        server = new NamingServer();
        target = new Endpoint(IpAddress.ofIpv4(0x7f000001), server.port());
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        server.close();
    }

    private void await(ClientLoop.Condition condition) throws IOException, InterruptedException {
        assertTrue(loop.await(condition, WAIT_NS));
    }

    private List<Outcome> connect(int count) throws IOException, InterruptedException {
        NewClients clients = loop.begin(events -> new NewClients(events, target, SOURCES, 2_000, count, outcomes::add));
        await(clients::isDone);
        return loop.call(() -> List.copyOf(outcomes));
    }

    private LastingClients stay(int count, long patienceNs, boolean reopening)
            throws IOException, InterruptedException {
        LastingClients clients =
                loop.begin(events -> new LastingClients(events, target, SOURCES, INTERVAL_NS, patienceNs, reopening));
        loop.call(() -> {
            clients.open(count);
            return clients;
        });
        await(() -> clients.open() == count);
        return clients;
    }

    @Test
    void shouldSayWhoServedEachNewConnectionWhenSourcesTakeTurns() throws IOException, InterruptedException {
        List<Outcome> seen = connect(30);
        assertEquals(30, seen.size());
        for (IpAddress source : SOURCES) {
            Answer answer = new Answer("b1", source.toString());
            assertEquals(
                    10,
                    seen.stream()
                            .filter(outcome -> outcome.source().equals(source)
                                    && outcome.answer().orElseThrow().equals(answer))
                            .count());
        }
        assertTrue(seen.stream().allMatch(outcome -> outcome.durationNs() > 0));
        assertEquals(30, server.accepted());
    }

    @Test
    void shouldReportWhoIsRefused() throws IOException, InterruptedException {
        server.close();
        List<Outcome> seen = connect(5);
        assertEquals(5, seen.size());
        assertTrue(seen.stream().allMatch(outcome -> outcome.failure().contains("ECONNREFUSED")), seen::toString);
    }

    @Test
    void shouldGoOnAskingOverTheSameConnections() throws IOException, InterruptedException {
        LastingClients clients = stay(6, WAIT_NS, false);
        await(() -> clients.exchanges() >= 60);
        assertEquals(6, server.accepted());
        assertEquals(List.of(), loop.call(clients::breaks));
        assertEquals(Map.of("127.1.0.1", 2, "127.1.0.2", 2, "127.1.0.3", 2), loop.call(clients::openByForwarder));
    }

    @Test
    void shouldNoteWhoseConnectionsBreak() throws IOException, InterruptedException {
        LastingClients clients = stay(3, WAIT_NS, false);
        List<LastingClients.Flow> flows = loop.call(clients::flows);
        server.hangUp();
        await(() -> clients.breaks().size() == 3);
        assertEquals(
                Set.copyOf(flows),
                loop.call(clients::breaks).stream()
                        .map(LastingClients.Break::flow)
                        .collect(Collectors.toSet()));
        assertEquals(List.of(), loop.call(clients::flows));
        assertTrue(
                flows.stream()
                        .allMatch(flow ->
                                flow.client().port() > 0 && flow.target().equals(target)),
                flows::toString);
        assertTrue(flows.get(0).toString().endsWith(" > " + target + ", opened at b1"), flows::toString);
        assertEquals(
                List.of("127.1.0.1", "127.1.0.2", "127.1.0.3"),
                loop.call(clients::breaks).stream()
                        .map(LastingClients.Break::forwarder)
                        .sorted()
                        .toList());
        assertTrue(loop.call(() -> clients.open() == 0));
        assertEquals(3, server.accepted());
    }

    @Test
    void shouldOpenAgainWhatBrokeIfTold() throws IOException, InterruptedException {
        LastingClients clients = stay(3, WAIT_NS, true);
        server.hangUp();
        await(() -> clients.breaks().size() == 3 && clients.open() == 3);
        assertEquals(6, server.accepted());
    }

    @Test
    void shouldBreakConnectionsThatAreNotAnsweredInTime() throws IOException, InterruptedException {
        LastingClients clients = stay(2, TimeUnit.MILLISECONDS.toNanos(50), false);
        server.fallSilent();
        await(() -> clients.breaks().size() == 2);
        assertEquals("no answer in 50 ms", loop.call(clients::breaks).get(0).reason());
    }

    @Test
    void shouldSayWhyNoneCouldBeEstablished() throws IOException, InterruptedException {
        server.close();
        LastingClients clients =
                loop.begin(events -> new LastingClients(events, target, SOURCES, INTERVAL_NS, WAIT_NS, false));
        loop.call(() -> {
            clients.open(2);
            return clients;
        });
        await(() -> clients.refusals().size() == 2);
        assertTrue(loop.call(clients::refusals).get(0).contains("ECONNREFUSED"));
        assertEquals(List.of(), loop.call(clients::breaks));
    }
}
