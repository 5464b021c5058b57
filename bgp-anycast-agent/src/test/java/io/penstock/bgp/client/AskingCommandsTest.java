package io.penstock.bgp.client;

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
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
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
    private static final String PLAIN = """
            {"text": "…", "origin": "igp", "nextHop": "self", "asPath": [], "communities": ["65001:100"], "extendedCommunities": [],
             "largeCommunities": ["65001:9:1"]}""";

    private static final String FULL = """
            {"text": "…", "origin": "egp", "nextHop": "192.0.2.99", "asPath": [65001, 65001], "med": 1000, "localPref": 50,
             "communities": ["graceful-shutdown"], "extendedCommunities": ["rt:65001:100"], "largeCommunities": ["65001:9:1"]}""";

    private static final String VIPS = """
            "vips": [
              {"name": "web", "prefix": "192.0.2.10/32", "address": "192.0.2.10", "state": "up", "since": "2026-11-22T04:00:00Z",
               "reason": "2 of 2 services", "health": "up", "healthReason": "2 of 2 services", "present": true, "wanted": %1$s,
               "announced": %1$s, "sentTo": ["north", "south"], "foreign": false, "trouble": ""},
              {"name": "dns", "prefix": "2001:db8::53/128", "state": "draining", "since": "2026-11-22T04:00:00Z", "leftMs": 12345,
               "reason": "by order", "health": "up", "healthReason": "served", "present": true, "wanted": %2$s, "announced": %1$s,
               "sentTo": [], "foreign": true, "trouble": "no answer within 2 s"},
              {"name": "mail", "prefix": "192.0.2.25/32", "state": "down", "since": "2026-11-22T04:00:00Z",
               "reason": "its address is not on this host", "health": "up", "healthReason": "served", "present": false,
               "sentTo": [], "foreign": false, "trouble": ""}]""".formatted(PLAIN, FULL);

    private static final String STATUS = """
            {"state": "running", "at": "2026-11-22T04:00:00Z", %s,
             "daemon": {"address": "127.0.0.1:50051", "state": "up", "trouble": "it is AS 65001, the file says 65002", "asn": 65001,
                        "routerId": "192.0.2.1", "foreignPaths": 2},
             "peers": [{"name": "north", "address": "192.0.2.254", "asn": 65000, "managed": true, "state": "established",
                        "upSeconds": 300, "reason": ""},
                       {"name": "south", "address": "2001:db8::1", "asn": 65000, "managed": false, "state": "active", "upSeconds": 0,
                        "reason": "hold timer expired"}],
             "reload": {"at": "2026-11-22T04:00:00Z", "trigger": "start", "applied": true, "problems": [], "needRestart": ["admin"]}}""".formatted(VIPS);

    private static final String EVENTS = """
            {"gap": false, "lastId": 7, "events": [{"id": 7, "at": "2026-11-22T04:00:00.361Z", "type": "withdrawn", "subject": "web",
              "level": "info", "text": "192.0.2.10/32 withdrawn", "details": {}}]}""";

    @Command(
            name = "bgp-anycast-agent",
            subcommands = {
                StatusCommand.class,
                EventsCommand.class,
                DrainCommand.class,
                UndrainCommand.class,
                WithdrawCommand.class
            })
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
                .post("/v1/drain", request -> order(request, "drain"))
                .post("/v1/withdraw", request -> order(request, "withdraw"))
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
        String order = request.json(body -> what + " " + body.text("name").orElse("all")
                + body.text("wait").map(time -> " for " + time).orElse(""));
        if (order.endsWith(" nothing")) {
            throw RequestException.notFound("no VIP is named 'nothing'");
        }
        asked.add(order);
        return json(202, "{" + VIPS + "}");
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
                new Program(), new ProgramNames("agent", "PENSTOCK_BGP_ADMIN"), arguments.toArray(String[]::new));
    }

    /** Times since then differ with every run. */
    private static List<String> lines(Typed typed) {
        return typed.out()
                .replaceAll("[0-9]+[dh] [0-9]+[hm]", "T")
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
                        "running, 3 VIPs; file applied T ago (start)",
                        "takes a restart",
                        " admin",
                        "daemon 127.0.0.1:50051: up, AS 65001, router ID 192.0.2.1, 2 paths of others",
                        "TROUBLE: it is AS 65001, the file says 65002",
                        "VIP PREFIX STATE FOR WANTED ANNOUNCED SENT TO REASON",
                        "web 192.0.2.10/32 up T 65001:100 65001:9:1 as wanted north, south 2 of 2 services",
                        "dns 2001:db8::53/128 draining, 12.3s left T next-hop 192.0.2.99 origin egp as-path 65001 65001 med 1000"
                                + " local-pref 50 graceful-shutdown rt:65001:100 65001:9:1 65001:100 65001:9:1 - by order",
                        "mail 192.0.2.25/32 down T - - - its address is not on this host",
                        "TROUBLE: dns: no answer within 2 s",
                        "NEIGHBOUR ADDRESS AS BY SESSION FOR REASON",
                        "north 192.0.2.254 65000 file established 5m 0s",
                        "south 2001:db8::1 65000 others active - hold timer expired"),
                lines(typed));
    }

    @Test
    void shouldPrintAnswerAsItIsWhenAskedForJson() {
        assertEquals(
                JsonParser.parseString(STATUS),
                JsonParser.parseString(type("status", "--json").out()));
    }

    @Test
    void shouldGiveOrdersForOneVipOrExpresslyForAll() {
        Typed typed = type("drain", "dns");

        assertEquals(0, typed.exitCode(), typed::err);
        assertTrue(lines(typed).get(2).startsWith("dns 2001:db8::53/128 draining, 12.3s left"), typed::out);
        assertEquals(0, type("drain", "--all", "--wait", "2m").exitCode());
        assertEquals(0, type("undrain", "dns").exitCode());
        assertEquals(0, type("resume", "--all").exitCode());
        assertEquals(0, type("withdraw", "dns").exitCode());
        assertEquals(0, type("withdraw", "--all").exitCode());
        assertEquals(
                List.of(
                        "drain dns",
                        "drain all for 120000ms",
                        "resume dns",
                        "resume all",
                        "withdraw dns",
                        "withdraw all"),
                asked);
    }

    @Test
    void shouldGiveNoOrderWhenItIsNotClearForWhich() {
        for (String order : List.of("drain", "undrain", "resume", "withdraw")) {
            assertEquals(2, type(order).exitCode(), order);
            assertEquals(2, type(order, "web", "--all").exitCode(), order);
            assertEquals(2, type(order, "web", "dns").exitCode(), order);
        }
        assertEquals(2, type("drain", "web", "--wait", "soon").exitCode());
        assertEquals(2, type("withdraw", "web", "--wait", "2m").exitCode());
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldSayWhyAnOrderIsRefused() {
        Typed typed = type("drain", "nothing");

        assertEquals(1, typed.exitCode());
        assertEquals("bgp-anycast-agent: no VIP is named 'nothing'\n", typed.err());
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldShowEventsThatAreAskedFor() {
        Typed typed = type("events", "--type", "withdrawn,announced", "--subject", "web", "--level", "warn");

        assertEquals(
                List.of("events {follow=false, limit=50, type=withdrawn,announced, subject=web, level=warn}"), asked);
        assertEquals(List.of("2026-11-22T04:00:00.361Z info withdrawn web: 192.0.2.10/32 withdrawn"), lines(typed));
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

        for (List<String> command : List.of(List.of("status"), List.of("events"), List.of("drain", "--all"))) {
            Typed typed = typeTo(nobody, command.toArray(String[]::new));

            assertEquals(3, typed.exitCode(), typed::out);
            assertTrue(typed.err().startsWith("bgp-anycast-agent: no answer from " + nobody), typed::err);
        }
    }
}
