package io.penstock.ecmp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.penstock.testing.Typed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands ask a running agent, and print of its answers. */
class AskingCommandsTest {
    private static final String STATUS = """
            {"state": "running", "trouble": "%s", "vips": [
              {"name": "web", "address": "192.0.2.10", "interface": "lo", "state": "%s", "announced": true, "reason": "%s",
               "since": "2026-11-22T04:00:00Z", "health": "served", "healthReason": "3 of 3 backends", "leaseLeftMs": 2345,
               "refreshes": 17, "lapses": 1, "removals": 0}],
             "routes": [{"name": "web6", "prefix": "2001:db8::10/128", "table": 254, "metric": 1024, "type": "resilient",
               "group": 210002, "state": "%s", "reason": "", "since": "2026-11-22T04:00:00Z", "legs": [
                 {"id": "f1", "via": "2001:db8:1::11", "interface": "eth1", "weight": 2, "state": "up", "used": true,
                  "reason": "", "since": "2026-11-22T04:00:00Z"},
                 {"id": "f2", "via": "2001:db8:2::11", "interface": "eth2", "weight": 1, "state": "unhealthy", "used": false,
                  "reason": "connection refused", "since": "2026-11-22T04:00:00Z"}]}],
             "conflicts": ["192.0.2.11/32 is someone else's"],
             "reload": {"at": "2026-11-22T04:00:00Z", "trigger": "start", "applied": true, "problems": [], "needRestart": ["admin"]}}""";

    @TempDir
    private Path directory;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(directory);
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private static String status(String trouble, String vip, String reason, String route) {
        return STATUS.formatted(trouble, vip, reason, route);
    }

    @Test
    void shouldShowStatusAsTables() {
        agent.statuses.add(status("netlink: no buffer space", "held", "", "routed"));

        Typed typed = EcmpAgent.typed("status", "--admin", agent.address());

        // Times since then differ with every run.
        List<String> lines = typed.out()
                .replaceAll("[0-9]+[dhm] [0-9]+[hms]", "T")
                .replaceAll(" +", " ")
                .lines()
                .toList();
        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals(
                List.of(
                        "running, 1 VIPs, 1 routes; file applied T ago (start)",
                        "TROUBLE: netlink: no buffer space",
                        "takes a restart",
                        " admin",
                        "someone else's",
                        " 192.0.2.11/32 is someone else's",
                        "VIP ADDRESS ON STATE FOR LEASE LEFT REFRESHES LAPSES HEALTH REASON",
                        "web 192.0.2.10 lo held T 2.3s 17 1 served 3 of 3 backends",
                        "route web6 to 2001:db8::10/128 (resilient group 210002, table 254, metric 1024): routed for T",
                        " LEG VIA ON WEIGHT USED STATE FOR REASON",
                        " f1 2001:db8:1::11 eth1 2 yes up T",
                        " f2 2001:db8:2::11 eth2 1 no unhealthy T connection refused"),
                lines);
    }

    @Test
    void shouldPrintAnswerAsItIsWhenAskedForJson() {
        agent.statuses.add(status("", "held", "", "routed"));

        Typed typed = EcmpAgent.typed("status", "--admin", agent.address(), "--json");

        assertEquals(JsonParser.parseString(agent.statuses.peek()), JsonParser.parseString(typed.out()));
    }

    @Test
    void shouldWithdrawEverythingOrWhatIsNamed() {
        assertEquals(0, EcmpAgent.typed("withdraw", "--admin", agent.address()).exitCode());
        Typed typed = EcmpAgent.typed("withdraw", "--admin", agent.address(), "web", "mail");

        assertEquals(List.of("withdraw everything", "withdraw web", "withdraw mail"), agent.asked);
        assertEquals(0, typed.exitCode());
        assertEquals(
                "web 192.0.2.10 withdrawing ordered",
                typed.out().replaceAll(" +", " ").lines().toList().get(1));
    }

    @Test
    void shouldStopAtFirstNameThatAgentRefuses() {
        Typed typed = EcmpAgent.typed("withdraw", "--admin", agent.address(), "nothing", "web");

        assertEquals(1, typed.exitCode());
        assertEquals("ecmp-agent: no VIP or route is named 'nothing'\n", typed.err());
        assertEquals(List.of(), agent.asked);
    }

    @Test
    void shouldWaitUntilAllThatWasNamedHasGone() {
        agent.statuses.add(status("", "withdrawing", "ordered", "routed"));
        agent.statuses.add(status("", "draining", "ordered", "routed"));
        agent.statuses.add(status("", "withdrawn", "ordered", "routed"));

        Typed typed = EcmpAgent.typed("withdraw", "--admin", agent.address(), "web", "--wait");

        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals(List.of("withdraw web", "status", "status", "status", "health"), agent.asked);
    }

    @Test
    void shouldWaitForRoutesToo() {
        agent.statuses.add(status("", "withdrawn", "ordered", "routed"));
        agent.statuses.add(status("", "withdrawn", "ordered", "withdrawn"));

        assertEquals(
                0,
                EcmpAgent.typed("withdraw", "--admin", agent.address(), "--wait")
                        .exitCode());
        assertEquals(List.of("withdraw everything", "status", "status", "health"), agent.asked);
    }

    @Test
    void shouldResumeByName() {
        assertEquals(
                0, EcmpAgent.typed("resume", "--admin", agent.address(), "web").exitCode());
        Typed refused = EcmpAgent.typed("resume", "--admin", agent.address(), "nothing");

        assertEquals(1, refused.exitCode());
        assertEquals(List.of("resume web"), agent.asked);
        assertEquals(2, EcmpAgent.typed("resume", "--admin", agent.address()).exitCode());
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        String nobody = "unix:" + directory.resolve("nobody.sock");

        for (String command : List.of("status", "withdraw")) {
            Typed typed = EcmpAgent.typed(command, "--admin", nobody);

            assertEquals(3, typed.exitCode(), command);
            assertTrue(typed.err().startsWith("ecmp-agent: no answer from " + nobody), typed::err);
        }
    }
}
