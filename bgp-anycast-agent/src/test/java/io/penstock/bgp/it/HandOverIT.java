package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code then}: a drain, then the address, and back, with a real ecmp-agent and gobgpd on a host of their own. What goes first is seen from
 * outside: where nobody could tell a moment from the next, the one who would be second is stopped.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandOverIT {
    private static final String VIP = EcmpAgent.ADDRESS + "/32";

    /** GRACEFUL_SHUTDOWN (RFC 8326), and as gobgp(1) calls it. */
    private static final String SHUTDOWN = "65535:0";

    private static final String SHUTDOWN_BY_NAME = "planned-shut";
    private static final Pattern WITHDRAWN = Pattern.compile("event=withdrawn subject=web");
    private static final Pattern UNROUTED = Pattern.compile("\\[DELROUTE] " + VIP);
    private static final Pattern TAKEN = Pattern.compile("Deleted.* " + VIP);
    private static final Pattern TOLD = Pattern.compile("event=handover subject=web");

    private static final String YAML = """
            gobgp: { address: "unix:@DIRECTORY@/gobgpd.sock", timeout: 1s }
            peers: { router: { address: 10.0.0.2, asn: 65002 } }
            vips:
              web:
                prefix: 192.0.2.10/32
                health: none
                attributes: { draining: { wait: 6s } }
                then: { ecmp-agent: "unix:@DIRECTORY@/ecmp-agent.sock" }
            """;

    @TempDir
    private Path directory;

    private Site site;
    private EcmpAgent ecmp;
    private Agent agent;

    @BeforeEach
    void startAgents() throws Exception {
        site = new Site(directory);
        ecmp = EcmpAgent.start(site, directory);
        agent = site.run(YAML);
        awaitPath(true);
    }

    @AfterEach
    void end() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    private boolean isAddressHere() throws Exception {
        return site.namespace().ipJson("addr show dev lo").toString().contains("\"" + EcmpAgent.ADDRESS + "\"");
    }

    private void awaitAddress(boolean here) throws Exception {
        Waiting.until(
                () -> "the address is " + (here ? "here" : "gone") + "\n" + agent.log() + ecmp.log(),
                () -> isAddressHere() == here);
    }

    private String rib() throws Exception {
        return site.gobgpd().cli("global rib");
    }

    private void awaitPath(boolean there) throws Exception {
        Waiting.until(
                () -> "the path is " + (there ? "there" : "gone") + "\n" + agent.log(),
                () -> rib().contains(VIP) == there);
    }

    private static int first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertTrue(found.find(), () -> "no " + pattern + " in\n" + text);
        return found.start();
    }

    private static void assertOrder(String text, List<Pattern> patterns) {
        for (int i = 1; i < patterns.size(); i++) {
            assertTrue(first(patterns.get(i - 1), text) < first(patterns.get(i), text), text);
        }
    }

    /** Both write into one file, each line at once: what is above the other came before it. */
    private Path watch() throws Exception {
        Path seen = directory.resolve("seen.log");
        TestDaemon table = site.gobgpd().watch(seen);
        site.closing(table::kill);
        TestDaemon addresses = TestDaemon.start(site.host(), seen, List.of("ip", "-o", "monitor", "address"));
        site.closing(addresses::kill);
        Waiting.until(() -> "both listen\n" + table.log(), () -> {
            site.gobgpd().cli("global rib add 198.51.100.0/24");
            site.gobgpd().cli("global rib del 198.51.100.0/24");
            site.namespace().ip("addr add 198.51.100.1/32 dev lo");
            site.namespace().ip("addr del 198.51.100.1/32 dev lo");
            return table.log().contains("198.51.100.0/24") && table.log().contains("198.51.100.1/32");
        });
        return seen;
    }

    private static void assertGoneInOrder(Path seen) throws Exception {
        Waiting.until(() -> "the end of it was seen", () -> TAKEN.matcher(Files.readString(seen))
                .find());
        assertOrder(Files.readString(seen), List.of(Pattern.compile(SHUTDOWN_BY_NAME), UNROUTED, TAKEN));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeTheRouteAwayThenTheAddressAndBringThemBack(Make make) throws Exception {
        Router router = site.router(make, Session.EBGP);
        assertEquals(Set.of(), Site.await(router, VIP, seen -> true).communities());
        assertTrue(isAddressHere());
        Path seen = watch();

        site.command("drain", "web");
        Site.await(router, VIP, route -> route.communities().contains(SHUTDOWN));
        assertTrue(isAddressHere(), "established connections end as they like");
        Site.awaitNone(router, VIP);
        awaitAddress(false);
        site.awaitState("vips", "web", "drained");
        assertOrder(agent.log(), List.of(Pattern.compile("to=draining"), WITHDRAWN, TOLD));
        assertGoneInOrder(seen);

        site.command("undrain", "web");
        awaitAddress(true);
        assertEquals(Set.of(), Site.await(router, VIP, route -> true).communities());
        site.awaitState("vips", "web", "up");
    }

    @Test
    void shouldKeepTheAddressUntilTheDaemonHasTakenTheWithdrawal() throws Exception {
        Path seen = watch();
        site.command("drain", "web");
        Waiting.until(agent::log, () -> rib().contains(SHUTDOWN_BY_NAME));
        site.gobgpd().freeze();
        agent.await("to=drained");
        agent.await("state=lost");
        assertFalse(TOLD.matcher(agent.log()).find(), agent::log);
        assertTrue(isAddressHere(), "whoever is led here is served");

        site.gobgpd().thaw();
        awaitAddress(false);
        assertFalse(rib().contains(VIP));
        assertGoneInOrder(seen);
    }

    @Test
    void shouldNotAnnounceBeforeTheAddressIsBack() throws Exception {
        site.command("drain", "web");
        awaitPath(false);
        awaitAddress(false);

        ecmp.freeze();
        site.command("undrain", "web");
        agent.await("does not give its address back yet");
        assertFalse(isAddressHere());
        assertFalse(rib().contains(VIP), "nobody is led to an address that is not here");

        ecmp.thaw();
        awaitAddress(true);
        awaitPath(true);
        assertFalse(rib().contains(SHUTDOWN_BY_NAME));
        site.awaitState("vips", "web", "up");
    }
}
