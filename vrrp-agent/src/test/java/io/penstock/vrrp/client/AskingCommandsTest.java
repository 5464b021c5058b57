package io.penstock.vrrp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.Json;
import io.penstock.admin.RequestException;
import io.penstock.admin.RequestListener;
import io.penstock.admin.Router;
import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** What commands ask a running agent, and print of its answers. */
@Timeout(60)
class AskingCommandsTest {
    private static final String ROUTERS = """
            "routers": [
              {"name": "web", "interface": "eth0", "vrid": 51, "state": "backup", "since": "2026-11-22T04:00:00Z", "reason": "heard",
               "priority": 90, "configuredPriority": 150, "active": "192.0.2.2", "activePriority": 100, "intervalMs": 100,
               "vips": [{"address": "192.0.2.10", "prefixLength": 24, "interface": "eth0", "present": true, "leaseLeftMs": 2345}],
               "tracks": [{"name": "eth1", "kind": "interface", "known": true, "up": false, "contribution": -60, "fault": false,
                           "evidence": "no carrier"},
                          {"name": "drain", "kind": "file", "known": false, "up": false, "contribution": 0, "fault": true,
                           "evidence": ""}]}]""";

    private static final String STATUS = """
            {"state": "running", "trouble": "netlink: no buffer space", "unknownVrids": 0, %s,
             "groups": [{"name": "all", "state": "backup", "routers": ["web", "dns"]}],
             "hooks": [{"name": "/etc/told", "queued": 1, "missed": 2, "last": "exit code 3",
                        "runs": {"ok": 3, "failed": 4, "timeout": 5, "not-started": 6}}],
             "reload": {"at": "2026-11-22T04:00:00Z", "trigger": "start", "applied": true, "problems": [], "needRestart": ["admin"]}}""".formatted(ROUTERS);

    private static final String EVENTS = """
            {"gap": false, "lastId": 7, "events": [{"id": 7, "at": "2026-11-22T04:00:00.361Z", "type": "transition", "subject": "web",
              "level": "info", "text": "backup -> active", "details": {}}]}""";

    @Command(
            name = "vrrp-agent",
            subcommands = {StatusCommand.class, EventsCommand.class, FailoverCommand.class, ResumeCommand.class})
    private static final class Program {}

    @TempDir
    private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private AdminAddress address;
    private AdminServer agent;

    @BeforeEach
    void start() throws IOException {
        address = new AdminAddress.Unix(directory.resolve("scripted.sock"));
        Router router = new Router()
                .get("/v1/status", request -> json(200, STATUS))
                .get("/v1/events", this::events, "follow", "limit", "since", "type", "subject", "level")
                .post("/v1/failover", request -> order(request, "failover"))
                .post("/v1/resume", request -> order(request, "resume"));
        agent = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "scripted");
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private AdminResponse events(AdminRequest request) {
        asked.add("events " + request.query());
        return json(200, EVENTS);
    }

    private AdminResponse order(AdminRequest request, String what) throws RequestException {
        String name = request.json(body -> body.text("name").orElseThrow()
                + body.text("hold-off").map(time -> " for " + time).orElse(""));
        if (name.startsWith("nothing")) {
            throw RequestException.notFound("no router or group is named 'nothing'");
        }
        asked.add(what + " " + name);
        return json(202, "{" + ROUTERS + "}");
    }

    private static AdminResponse json(int status, String text) {
        try {
            return AdminResponse.json(status, Json.parse(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Typed type(String... words) {
        return typeTo(address.toString(), words);
    }

    private static Typed typeTo(String agent, String... words) {
        List<String> arguments = new ArrayList<>(Arrays.asList(words));
        arguments.addAll(List.of("--admin", agent));
        return Typed.of(
                new Program(), new ProgramNames("agent", "PENSTOCK_VRRP_ADMIN"), arguments.toArray(String[]::new));
    }

    /** Times since then differ with every run. */
    private static List<String> lines(Typed typed) {
        return typed.out()
                .replaceAll("[0-9]+[dhm] [0-9]+[hms]", "T")
                .replaceAll(" +", " ")
                .lines()
                .toList();
    }

    @Test
    void shouldShowStatusAsTables() {
        Typed typed = type("status");

        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals(
                List.of(
                        "running, 1 router; file applied T ago (start)",
                        "TROUBLE: netlink: no buffer space",
                        "takes a restart",
                        " admin",
                        "ROUTER ON VRID STATE FOR PRIORITY ACTIVE INTERVAL REASON",
                        "web eth0 51 backup T 90 of 150 192.0.2.2 (100) 100ms heard",
                        "VIP ROUTER ON HERE LEASE LEFT",
                        "192.0.2.10/24 web eth0 yes 2.3s",
                        "TRACK ROUTER KIND STATE PRIORITY EVIDENCE",
                        "eth1 web interface down -60 no carrier",
                        "drain web file unknown fault",
                        "GROUP STATE ROUTERS",
                        "all backup web, dns",
                        "HOOK OK FAILED TIMEOUT NOT STARTED QUEUED MISSED LAST",
                        "/etc/told 3 4 5 6 1 2 exit code 3"),
                lines(typed));
    }

    @Test
    void shouldPrintAnswerAsItIsWhenAskedForJson() {
        assertEquals(
                JsonParser.parseString(STATUS),
                JsonParser.parseString(type("status", "--json").out()));
    }

    @Test
    void shouldHandOverAndResumeByName() {
        Typed typed = type("failover", "web");

        assertEquals(0, typed.exitCode(), typed::err);
        assertTrue(lines(typed).get(1).startsWith("web eth0 51 backup"), typed::out);
        assertEquals(0, type("failover", "all", "--hold-off", "5m").exitCode());
        assertEquals(0, type("resume", "web").exitCode());
        assertEquals(List.of("failover web for 60000ms", "failover all for 300000ms", "resume web"), asked);
        assertEquals(2, type("failover").exitCode());
        assertEquals(2, type("failover", "web", "--hold-off", "soon").exitCode());
    }

    @Test
    void shouldSayWhyAnOrderIsRefused() {
        Typed typed = type("failover", "nothing");

        assertEquals(1, typed.exitCode());
        assertEquals("vrrp-agent: no router or group is named 'nothing'\n", typed.err());
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldShowEventsThatAreAskedFor() {
        Typed typed = type("events", "--type", "transition,vip", "--subject", "web", "--level", "warn");

        assertEquals(List.of("events {follow=false, limit=50, type=transition,vip, subject=web, level=warn}"), asked);
        assertEquals(List.of("2026-11-22T04:00:00.361Z info transition web: backup -> active"), lines(typed));
    }

    @Test
    void shouldKnowAllTypesOfEvents() {
        List<String> known = new ArrayList<>();
        new EventsCommand.Types().forEach(known::add);

        assertEquals(Arrays.stream(Kind.values()).map(Kind::label).toList(), known);
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        String nobody = "unix:" + directory.resolve("nobody.sock");

        for (String command : List.of("status", "events")) {
            Typed typed = typeTo(nobody, command);

            assertEquals(3, typed.exitCode(), command);
            assertTrue(typed.err().startsWith("vrrp-agent: no answer from " + nobody), typed::err);
        }
    }
}
