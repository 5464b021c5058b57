package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that take over from each other while UDP clients ask: no session breaks, and no datagram is lost. */
@Timeout(300)
class UdpTakeOverIT {
    private static final int CLIENTS = 40;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldBreakNoSessionInHandOversInARow() throws Exception {
        List<ForwarderProcess> all = new ArrayList<>();
        try (UdpSessions sessions = new UdpSessions()) {
            all.add(ForwarderProcess.start(directory, yaml(sessions, 2, port)));
            sessions.ask(port, CLIENTS);
            sessions.awaitAnswers(10);
            for (int workers : new int[] {1, 3, 2, 2}) {
                ForwarderProcess old = all.get(all.size() - 1);
                ForwarderProcess next = ForwarderProcess.takeOver(directory, yaml(sessions, workers, port));
                all.add(next);
                sessions.awaitAnswers(10);
                assertEquals(0, old.awaitExit(), old::log);
                assertEquals(1, next.logged("event=sessions-taken-over", "sessions=" + CLIENTS, "ended=0"), next::log);
                assertEquals(1, old.logged("step=sessions", "taken=" + CLIENTS, "ended=0"), old::log);
            }
            sessions.assertNoFailures();
        } finally {
            all.forEach(ForwarderProcess::close);
        }
    }

    /** The running one is frozen while the new one asks, so that it gets no further before it is killed. */
    @ParameterizedTest
    @ValueSource(strings = {"state=starting", "step=asked"})
    void shouldBreakNoSessionWhenTheNewerProcessIsKilled(String moment) throws Exception {
        try (UdpSessions sessions = new UdpSessions();
                ForwarderProcess old = ForwarderProcess.start(directory, yaml(sessions, 2, port))) {
            sessions.ask(port, CLIENTS);
            sessions.awaitAnswers(10);
            old.freeze();
            try (ForwarderProcess next = ForwarderProcess.launchTakeOver(directory, yaml(sessions, 2, port))) {
                next.awaitLog(moment);
            }
            old.thaw();
            sessions.awaitAnswers(10);
            assertEquals(0, old.logged("step=done"), old::log);
        }
    }

    @Test
    void shouldBreakNoSessionOfAnAddressThatStaysWhenOthersComeAndGo() throws Exception {
        int other = Ports.free();
        try (UdpSessions sessions = new UdpSessions();
                ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml(sessions, 2, port))) {
            sessions.ask(port, CLIENTS);
            sessions.awaitAnswers(10);
            for (int i = 0; i < 5; i++) {
                forwarder.offer(yaml(sessions, 2, port, other));
                awaitReloads(forwarder, 2 * i + 1);
                sessions.awaitAnswers(5);
                forwarder.offer(yaml(sessions, 2, port));
                awaitReloads(forwarder, 2 * i + 2);
                sessions.awaitAnswers(5);
            }
        }
    }

    private static void awaitReloads(ForwarderProcess forwarder, int count) throws Exception {
        Await.until(
                () -> "reload " + count + "\n" + forwarder.log(),
                Duration.ofSeconds(20),
                () -> forwarder.logged("event=config-applied") >= count);
    }

    private String yaml(UdpSessions sessions, int workers, int... ports) {
        StringBuilder listen = new StringBuilder();
        for (int each : ports) {
            listen.append(listen.isEmpty() ? "" : ", ")
                    .append("\"127.0.0.1:")
                    .append(each)
                    .append('"');
        }
        return ForwarderYaml.to(0, "127.0.0.1:" + sessions.backendPort())
                .listen("[" + listen + "]")
                .service("protocol: udp")
                .top("workers: " + workers)
                .top("take-over: { socket: " + directory.resolve("forwarder.sock") + " }")
                .top("drain-timeout: 1m")
                .text();
    }
}
