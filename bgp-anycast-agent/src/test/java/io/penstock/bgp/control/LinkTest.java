package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.operate.AgentStatus.Link;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to the daemon: found, started when it may be, lost and found again. */
@Timeout(60)
class LinkTest {
    private static final DaemonIdentity NOT_STARTED = new DaemonIdentity(0, "");

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    private Rig rig(Optional<Long> asn) throws IOException {
        BgpConfig config = Samples.with(Samples.of(1), asn.map(Samples::global), Optional.empty());
        return new Rig(config, daemon, directory);
    }

    private static List<String> states(Rig rig) {
        return rig.events(Kind.DAEMON).stream()
                .map(event -> event.details().get("state"))
                .toList();
    }

    @Test
    void shouldWaitUntilSomebodyStartsTheDaemon() throws IOException {
        daemon.identity = NOT_STARTED;
        Rig rig = rig(Optional.empty());
        rig.pass(Duration.ofSeconds(20));
        assertEquals(Link.NOT_STARTED, rig.controller.status().link());
        assertEquals(List.of(), rig.log());
        assertEquals(List.of("not-started"), states(rig));
        daemon.identity = FakeDaemon.STARTED;
        rig.pass(Duration.ofSeconds(5));
        assertEquals(Link.UP, rig.controller.status().link());
        assertEquals(
                List.of("announce 10.0.0.0/32", "not-started"),
                List.of(rig.log().get(0), states(rig).get(0)));
    }

    /** Whoever reads it takes an agent whose status is old for one that hangs. */
    @Test
    void shouldShowThatItTurnsHoweverLongAResyncIs() throws IOException {
        Rig rig = new Rig(Samples.with(Samples.of(1), Duration.ofHours(1)), daemon, directory);
        rig.pass(Duration.ofSeconds(65));
        assertEquals(Link.UP, rig.controller.status().link());
        assertTrue(rig.nowNs - rig.controller.status().atNs()
                <= Duration.ofSeconds(10).toNanos());
    }

    @Test
    void shouldStartTheDaemonWhenItWasNotAndTheConfigurationSaysHow() throws IOException {
        daemon.identity = NOT_STARTED;
        Rig rig = rig(Optional.of(65_007L)).settle();
        assertEquals(List.of("start 65007", "announce 10.0.0.0/32"), rig.log());
        assertEquals(List.of("started", "connected"), states(rig));
        assertEquals(List.of("owner 65007:9:1"), rig.told);
    }

    @Test
    void shouldStartItAgainAfterItWasStoppedOrKilled() throws IOException {
        daemon.identity = NOT_STARTED;
        Rig rig = rig(Optional.of(65_007L)).settle();
        daemon.kill();
        daemon.reachable = true;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(1, daemon.table.size());
        rig.log();

        daemon.identity = NOT_STARTED;
        daemon.table.clear();
        rig.pass(Duration.ofSeconds(6));
        assertEquals(List.of("start 65007", "announce 10.0.0.0/32"), rig.log().subList(0, 2));
        assertEquals(1, daemon.table.size());
    }

    @Test
    void shouldNeverStartOneThatRunsAsAnother() throws IOException {
        Rig rig = rig(Optional.of(65_007L));
        rig.pass(Duration.ofSeconds(12));
        assertEquals(List.of("announce 10.0.0.0/32"), rig.log());
        assertEquals(Link.UP, rig.controller.status().link());
        assertTrue(rig.controller.status().trouble().contains("65007"));
    }

    @Test
    void shouldTellOncePerReasonThatNobodyAnswers() throws IOException {
        daemon.reachable = false;
        Rig rig = rig(Optional.empty());
        rig.pass(Duration.ofSeconds(30));
        assertEquals(List.of("lost"), states(rig));
        assertEquals(Link.DOWN, rig.controller.status().link());
        assertEquals("nobody there", rig.controller.status().trouble());
        assertEquals(0, rig.count(AgentCounter.RECONNECTS));
    }

    @Test
    void shouldFindADaemonWithinHalfASecondHoweverLongItWasAway() throws IOException {
        Rig rig = rig(Optional.empty()).settle();
        daemon.kill();
        rig.pass(Duration.ofMinutes(3));
        daemon.restart();
        rig.pass(Duration.ofMillis(520));
        assertEquals(1, daemon.table.size());
    }

    @Test
    void shouldBeginAnewWhenTheDaemonIsAnother() throws IOException {
        Rig rig = rig(Optional.empty()).settle();
        daemon.identity = new DaemonIdentity(65_050, "192.0.2.9");
        daemon.table.clear();
        rig.pass(Duration.ofSeconds(6));
        assertEquals(List.of("connected", "lost", "connected", "restarted"), states(rig));
        assertEquals("owner 65050:9:1", rig.told.get(1));
        assertEquals(
                "65050",
                Long.toString(rig.vip(name(0))
                        .announced()
                        .orElseThrow()
                        .largeCommunities()
                        .first()
                        .administrator()));
    }

    @Test
    void shouldNotHearAnswersOfAFormerWay() throws IOException {
        Rig rig = rig(Optional.empty());
        rig.controller.turn(0);
        daemon.loseWatches("too early to matter");
        rig.settle();
        daemon.frozen = true;
        rig.pass(Duration.ofSeconds(6));
        daemon.loseWatches("gone");
        rig.pass(Duration.ofMillis(100));
        daemon.frozen = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Link.UP, rig.controller.status().link());
        assertEquals(1, daemon.watches());
    }
}
