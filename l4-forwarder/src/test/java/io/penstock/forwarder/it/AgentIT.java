package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.it.NamedBackends.Meeting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an agent beside a backend says, and where clients go then. */
@Timeout(60)
class AgentIT {
    /** @param evidence what the log says that the agent said */
    private record WayOut(String line, String status, String evidence, String wayBack) {}

    private static final List<WayOut> WAYS_OUT = List.of(
            new WayOut("drain", "DRAINING", "agent: drain", "ready"),
            new WayOut("maint #new kernel", "MAINTENANCE", "agent: maintenance new kernel", "ready"),
            new WayOut("down #disk full", "DOWN", "agent: down disk full", "up"));

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;
    private Agents agents;

    @BeforeEach
    void start() throws Exception {
        backends = NamedBackends.running(2);
        agents = Agents.of("a", "b");
    }

    @AfterEach
    void stop() {
        agents.close();
        backends.close();
    }

    @Test
    void shouldTakeABackendOutForNewConnectionsOnlyAndBack() throws Exception {
        try (ForwarderProcess forwarder = startForwarder();
                Meeting established = meet("a")) {
            int round = 0;
            for (WayOut way : WAYS_OUT) {
                round++;
                agents.say("a", way.line());
                forwarder.awaitLog("event=backend backend=test/a from=UP to=" + way.status()
                        + " reason=agent evidence=\"" + way.evidence() + "\"");
                forwarder.awaitLogged(round, "event=table", "eligible=1");
                assertEquals(Map.of("b", 20), NamedBackends.tally(port, 20));
                established.assertGoesOn();
                agents.say("a", way.wayBack());
                forwarder.awaitLog("event=backend backend=test/a from=" + way.status() + " to=UP reason=agent");
                forwarder.awaitLogged(round + 1, "event=table", "eligible=2");
                assertEquals(Map.of("a", 10, "b", 10), NamedBackends.tally(port, 20));
                established.assertGoesOn();
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldGiveABackendTheShareItsAgentAsksFor() throws Exception {
        try (ForwarderProcess forwarder = startForwarder()) {
            assertEquals(Map.of("a", 30, "b", 30), NamedBackends.tally(port, 60));
            agents.say("a", "50%");
            awaitTally(Map.of("a", 20, "b", 40));
            agents.say("b", "25%");
            awaitTally(Map.of("a", 40, "b", 20));
            assertEquals(0, forwarder.logged("event=backend"));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldGiveABackendNoMoreConnectionsThanItsAgentAllows() throws Exception {
        agents.say("a", "maxconn:1");
        try (ForwarderProcess forwarder = startForwarder()) {
            try (Meeting established = meet("a")) {
                awaitTally(Map.of("b", 60));
                established.assertGoesOn();
            }
            meet("a").close();
            assertEquals(0, forwarder.stop());
        }
    }

    /** A new connection to this backend. */
    private Meeting meet(String name) throws Exception {
        Meeting[] met = new Meeting[1];
        Await.until("a connection to " + name, () -> {
            met[0] = NamedBackends.meet(port);
            if (met[0].name().equals(name)) {
                return true;
            }
            met[0].close();
            return false;
        });
        return met[0];
    }

    /** Turns are exact. */
    private void awaitTally(Map<String, Integer> expected) throws Exception {
        Await.until("shares of " + expected, () -> NamedBackends.tally(port, 60).equals(expected));
    }

    private ForwarderProcess startForwarder() throws Exception {
        String yaml = backends.pool(port)
                .pool("balance: { policy: round-robin }")
                .pool(agents.yaml())
                .text();
        return ForwarderProcess.start(directory, yaml);
    }
}
