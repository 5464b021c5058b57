package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends that fail real connections, without a check that would find out. */
@Timeout(60)
class PassiveIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;

    @AfterEach
    void stopBackends() {
        backends.close();
    }

    @Test
    void shouldEjectABackendThatResetsItsClients() throws Exception {
        backends = NamedBackends.running(2);
        backends.stop("b");
        backends.start("b", socket -> {
            socket.getInputStream().read();
            Clients.reset(socket);
        });
        try (ForwarderProcess forwarder = start("outlier-ejection: { early-resets: 3, time: 1h, max-time: 1h }")) {
            Await.until("b is ejected", () -> {
                request();
                return forwarder.logged(
                                "event=backend backend=test/b from=UP to=EJECTED reason=early-resets",
                                "resets in a row before the first byte, for 3600000 ms")
                        == 1;
            });
            forwarder.awaitLog("event=table", "eligible=1");
            int before = backends.accepted("b");
            assertTrue(before >= 3, () -> before + " resets");
            for (int i = 0; i < 50; i++) {
                assertEquals("a", request());
            }
            assertEquals(before, backends.accepted("b"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldEjectABackendThatRefusesForLongerEachTimeUntilItServes() throws Exception {
        backends = NamedBackends.running(2);
        try (ForwarderProcess forwarder = start("outlier-ejection: { connect-failures: 3, time: 200ms }")) {
            backends.stop("b");
            Await.until("b is ejected twice", () -> {
                // Nobody notices: another backend is tried.
                assertEquals("a", request());
                return forwarder.logged("to=EJECTED reason=connect-failures", "for 400 ms") == 1;
            });
            // The log is ahead of the table.
            forwarder.awaitLogged(2, "event=table", "eligible=1");
            assertEquals(1, forwarder.logged("to=EJECTED reason=connect-failures", "for 200 ms"));
            assertEquals(1, forwarder.logged("backend=test/b from=EJECTED to=UP reason=ejection-over"));
            backends.start("b");
            Await.until("b serves", () -> request().equals("b"));
            assertEquals(2, forwarder.logged("backend=test/b from=EJECTED to=UP reason=ejection-over"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldEjectNoMoreThanTheShareAllowed() throws Exception {
        backends = NamedBackends.running(4);
        ForwarderYaml yaml = backends.pool(port)
                .service("connect-attempts: 4")
                .pool("balance: { policy: round-robin }")
                .pool("outlier-ejection: { connect-failures: 2, max-ejected: 50%, time: 1h, max-time: 1h }");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml.text())) {
            List.of("b", "c", "d").forEach(backends::stop);
            Await.until("two are ejected", () -> {
                assertEquals("a", request());
                return forwarder.logged("event=table", "eligible=2") == 1;
            });
            long failed = forwarder.askTotals().get("connect_failed");
            for (int i = 0; i < 50; i++) {
                assertEquals("a", request());
            }
            // The third is tried in its turn, and would have been ejected ten times over.
            long failedSince = forwarder.askTotals().get("connect_failed") - failed;
            assertTrue(failedSince >= 20, () -> failedSince + " connects failed");
            assertEquals(2, forwarder.logged("event=backend"), forwarder.log());
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldOpenTheCircuitOfAFailingBackendAndCloseItAfterTrials() throws Exception {
        backends = NamedBackends.running(2);
        try (ForwarderProcess forwarder =
                start("circuit-breaker: { min-connections: 4, failures: 50%, open: 200ms, trials: 2 }")) {
            backends.stop("b");
            Await.until("a trial failed", () -> {
                assertEquals("a", request());
                return forwarder.logged("backend=test/b from=TRIAL to=OPEN reason=trial-failed") == 1;
            });
            assertEquals(
                    1, forwarder.logged("from=UP to=OPEN reason=failure-rate", "connections failed within 10000 ms"));
            assertEquals(1, forwarder.logged("from=OPEN to=TRIAL reason=open-time-over", "open for 200 ms"));
            backends.start("b");
            Await.until("trials succeeded", () -> {
                request();
                return forwarder.logged("from=TRIAL to=UP reason=trial-passed", "2 trials succeeded") == 1;
            });
            Await.until("b serves", () -> request().equals("b"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldLetOnlyTheTrialsThroughUntilTheyAreDecided() throws Exception {
        backends = NamedBackends.running(2);
        CountDownLatch answer = new CountDownLatch(1);
        List<Socket> clients = new ArrayList<>();
        try (ForwarderProcess forwarder = start(
                "circuit-breaker: { min-connections: 4, failures: 50%, open: 1s, trials: 2, slow: 100%, slow-from: 1h }")) {
            backends.stop("b");
            Await.until("open", () -> {
                assertEquals("a", request());
                return forwarder.logged("from=UP to=OPEN") == 1;
            });
            backends.start("b", socket -> {
                answer.await();
                NamedBackends.greet(socket, "b");
            });
            forwarder.awaitLog("from=OPEN to=TRIAL");
            forwarder.awaitLogged(2, "event=table", "eligible=2");
            int before = backends.accepted("a");
            for (int i = 0; i < 40; i++) {
                clients.add(Clients.connect(port));
            }
            Await.until("all placed", () -> backends.accepted("a") - before + backends.accepted("b") == 40);
            // Two; were this host so slow that the trials were given again after another second, a few more. Else
            // twenty.
            int trials = backends.accepted("b");
            assertTrue(trials >= 2 && trials <= 6, () -> trials + " trials");
            answer.countDown();
            forwarder.awaitLog("from=TRIAL to=UP reason=trial-passed");
            Await.until("b serves", () -> request().equals("b"));
            assertEquals(0, forwarder.logged("reason=trial-failed"));
        } finally {
            answer.countDown();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** Says something first, and returns who answered, or nothing when there was a reset. */
    private String request() throws IOException {
        try (Socket client = Clients.connect(port)) {
            Clients.write(client, "?");
            return Clients.read(client, 1);
        } catch (SocketException reset) {
            return "";
        }
    }

    private ForwarderProcess start(String detection) throws Exception {
        ForwarderYaml yaml =
                backends.pool(port).pool("balance: { policy: round-robin }").pool(detection);
        return ForwarderProcess.start(directory, yaml.text());
    }
}
