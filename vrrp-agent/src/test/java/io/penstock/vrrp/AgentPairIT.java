package io.penstock.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.AgentPair.Host;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.State;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two agents that share VIPs, in the kernel's own networks. */
@Timeout(120)
class AgentPairIT {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8::10";

    @TempDir
    Path directory;

    private AgentPair pair;

    @BeforeEach
    void plugIn() throws Exception {
        pair = new AgentPair(directory);
    }

    @AfterEach
    void unplug() throws Exception {
        if (pair != null) {
            pair.end();
        }
    }

    private static String web(int priority) {
        return """
                routers:
                  web:
                    { interface: eth0, vrid: 51, priority: %d, advertisement-interval: 250ms, vips: [ "192.0.2.10/24" ] }
                """.formatted(priority);
    }

    private static String group(int priority) {
        return web(priority) + """
                  web6:
                    interface: eth0
                    vrid: 51
                    priority: %d
                    advertisement-interval: 250ms
                    vips: [ "fe80::10/64", "2001:db8::10/64" ]
                groups: { all: [ web, web6 ] }
                """.formatted(priority);
    }

    private void startBoth(String yamlOfA, String yamlOfB) throws Exception {
        pair.start(Host.A, yamlOfA);
        pair.start(Host.B, yamlOfB);
        pair.await(Host.A, "web", State.ACTIVE);
        pair.await(Host.B, "web", State.BACKUP);
    }

    @Test
    void shouldMoveVipWhenActiveOneStopsAndBackWhenItStarts() throws Exception {
        startBoth(web(200), web(100));
        pair.awaitVip(Host.A, VIP);
        pair.awaitNoVip(Host.B, VIP);

        pair.stop(Host.A);
        pair.awaitNoVip(Host.A, VIP);
        pair.await(Host.B, "web", State.ACTIVE);
        pair.awaitVip(Host.B, VIP);
        RouterStatus status = pair.status(Host.B).router("web").orElseThrow();
        assertEquals("192.0.2.1 stopped being active", status.view().reason());

        pair.start(Host.A, web(200));
        pair.await(Host.A, "web", State.ACTIVE);
        pair.await(Host.B, "web", State.BACKUP);
        pair.awaitNoVip(Host.B, VIP);
    }

    @Test
    void shouldMoveVipWhenCableOfActiveOneIsPulled() throws Exception {
        startBoth(web(200), web(100));
        pair.unplug(Host.A);
        pair.await(Host.A, "web", State.FAULT);
        pair.awaitNoVip(Host.A, VIP);
        pair.await(Host.B, "web", State.ACTIVE);

        pair.plug(Host.A);
        pair.await(Host.A, "web", State.ACTIVE);
        pair.await(Host.B, "web", State.BACKUP);
    }

    @Test
    void shouldGoOnWhenInterfaceIsReplacedByAnotherOfItsName() throws Exception {
        startBoth(web(200), web(100));
        pair.namespace(Host.A).ip("link set eth0 down");
        pair.namespace(Host.A).ip("link set eth0 name gone");
        pair.await(Host.A, "web", State.FAULT);
        pair.await(Host.B, "web", State.ACTIVE);

        pair.namespace(Host.A).ip("link set gone name eth0");
        pair.namespace(Host.A).ip("link set eth0 up");
        pair.await(Host.A, "web", State.ACTIVE);
        pair.await(Host.B, "web", State.BACKUP);
    }

    @Test
    void shouldHandOverOnPurposeAndTakeBackWhenResumed() throws Exception {
        startBoth(web(200), web(100));
        pair.agent(Host.A).failover("web", Duration.ofHours(1));
        pair.await(Host.B, "web", State.ACTIVE);
        long heard = received(Host.A);
        NetworkNamespace.await("A has heard more", () -> received(Host.A) > heard + 5);
        assertEquals(State.BACKUP, pair.state(Host.A, "web"));

        pair.agent(Host.A).resume("web");
        pair.await(Host.A, "web", State.ACTIVE);
        pair.await(Host.B, "web", State.BACKUP);
    }

    private long received(Host host) {
        return pair.status(host).router("web").orElseThrow().counters().get(RouterCounter.RECEIVED);
    }

    @Test
    void shouldMoveBothFamiliesTogether() throws Exception {
        startBoth(group(200), group(100));
        pair.await(Host.A, "web6", State.ACTIVE);
        pair.await(Host.B, "web6", State.BACKUP);
        pair.awaitVip(Host.A, VIP6);

        pair.agent(Host.A).failover("web", Duration.ofHours(1));

        pair.await(Host.B, "web", State.ACTIVE);
        pair.await(Host.B, "web6", State.ACTIVE);
        pair.await(Host.A, "web6", State.BACKUP);
        pair.awaitVip(Host.B, VIP);
        pair.awaitVip(Host.B, VIP6);
        pair.awaitNoVip(Host.A, VIP);
        pair.awaitNoVip(Host.A, VIP6);
    }

    @Test
    void shouldApplyOtherFileWithoutLosingVip() throws Exception {
        startBoth(web(200), web(100));
        long became = becameActive();
        pair.write(Host.A, web(150).replace("\"192.0.2.10/24\"", "\"192.0.2.10/24\", \"192.0.2.11/24\""));
        assertTrue(reload().applied());
        assertEquals(150, pair.status(Host.A).router("web").orElseThrow().view().priority());
        pair.awaitVip(Host.A, VIP);
        pair.awaitVip(Host.A, "192.0.2.11");
        assertEquals(became, becameActive());
    }

    @Test
    void shouldKeepWhatRunsWhenFileIsRefused() throws Exception {
        startBoth(web(200), web(100));
        pair.write(Host.A, web(200).replace("vrid: 51", "vrid: 510"));
        assertFalse(reload().applied());
        assertEquals(State.ACTIVE, pair.state(Host.A, "web"));
        assertFalse(pair.agent(Host.A).lastReload().applied());
    }

    @Test
    void shouldLetGoOfRouterThatIsNotConfiguredAnyMore() throws Exception {
        startBoth(web(200), web(100));
        pair.write(
                Host.A,
                web(200).replace("web:", "other:")
                        .replace("vrid: 51", "vrid: 52")
                        .replace(VIP, "192.0.2.12"));
        assertTrue(reload().applied());
        pair.awaitNoVip(Host.A, VIP);
        pair.await(Host.B, "web", State.ACTIVE);
        pair.await(Host.A, "other", State.ACTIVE);
        pair.awaitVip(Host.A, "192.0.2.12");
    }

    @Test
    void shouldRefuseReloadWhenItHasEnded() throws Exception {
        VrrpAgent agent = pair.start(Host.A, web(100));
        pair.stop(Host.A);
        assertFalse(pair.namespace(Host.A).call(() -> agent.reload("test")).applied());
        assertThrows(RefusedException.class, () -> agent.resume("web"));
    }

    private ReloadResult reload() throws Exception {
        return pair.namespace(Host.A).call(() -> pair.agent(Host.A).reload("test"));
    }

    private long becameActive() {
        return pair.status(Host.A).router("web").orElseThrow().counters().get(RouterCounter.BECAME_ACTIVE);
    }
}
