package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.it.Router.Make;
import io.penstock.bgp.it.Router.Session;
import io.penstock.testing.NetworkNamespace.Condition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a router has left when the agent, gobgpd or a path in it is lost, and how soon it is mended. Times are printed. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentLossIT {
    private static final String OTHERS = "198.51.100.0/24";

    /** No look at the table falls into a test: what is seen to is told by the daemon's events. */
    private static final String YAML = """
            gobgp: { address: "unix:@DIRECTORY@/gobgpd.sock", resync: %s }
            peers: { router: { address: 10.0.0.2, asn: 65002 } }
            vips:
              web: { prefix: 192.0.2.10/32, presence: false, health: none }
            """;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void startDaemon() throws Exception {
        site = new Site(directory);
    }

    @AfterEach
    void end() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    private static String yaml(String resync, int more) {
        StringBuilder text = new StringBuilder(YAML.formatted(resync));
        for (int i = 0; i < more; i++) {
            text.append("  v%d: { prefix: 198.18.%d.%d/32, presence: false, health: none }\n"
                    .formatted(i, i / 250, i % 250));
        }
        return text.toString();
    }

    private void addOthers() throws Exception {
        site.gobgpd().cli("global rib add " + OTHERS + " nexthop " + Link.SITE_IPV4);
    }

    private static void await(String what, long sinceNs, Router router, int limitS, Condition condition)
            throws Exception {
        Waiting.until(Duration.ofSeconds(limitS), () -> what, condition);
        System.out.println(router.getClass().getSimpleName() + ": " + what + " after "
                + Duration.ofNanos(System.nanoTime() - sinceNs).toMillis() + " ms");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringBackWhatOthersDeleteWithoutWaitingForAResync(Make make) throws Exception {
        Router router = site.router(make, Session.EBGP);
        Agent agent = site.run(yaml("1h", 9));
        Waiting.until(() -> "all are announced", () -> router.prefixes().size() == 10);
        Set<String> wanted = new TreeSet<>(router.prefixes());
        addOthers();
        Site.await(router, OTHERS, seen -> true);

        long sinceNs = System.nanoTime();
        site.gobgpd().cli("global rib del all");

        agent.await("event=repaired");
        await("repaired", sinceNs, router, 10, () -> router.prefixes().equals(wanted));
        assertTrue(agent.log().contains("what=missing"), agent::log);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNothingButOthersPathsInTheRouterWhenKilled(Make make) throws Exception {
        Router router = site.router(make, Session.EBGP);
        Agent agent = site.run(yaml("1h", 99));
        Waiting.until(() -> "all are announced", () -> router.prefixes().size() == 100);
        addOthers();
        Site.await(router, OTHERS, seen -> true);
        agent.awaitGuard();

        long sinceNs = System.nanoTime();
        agent.kill();

        await("gone after SIGKILL of the agent", sinceNs, router, 10, () -> router.prefixes()
                .equals(Set.of(OTHERS)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnnounceAThousandAgainWhenTheDaemonWasKilled(Make make) throws Exception {
        Router router = site.router(make, Session.EBGP);
        Agent agent = site.run(yaml("5s", 999));
        Waiting.until(() -> "all are announced", () -> router.prefixes().size() == 1_000);

        long killedNs = System.nanoTime();
        site.gobgpd().kill();
        await("gone after SIGKILL of gobgpd", killedNs, router, 20, () -> router.prefixes()
                .isEmpty());
        long startedNs = System.nanoTime();
        site.gobgpd().start();

        await(
                "1,000 paths back after a start of gobgpd",
                startedNs,
                router,
                20,
                () -> router.prefixes().size() == 1_000);
        agent.terminate();
        Waiting.until(() -> "none is left", () -> router.prefixes().isEmpty());
    }
}
