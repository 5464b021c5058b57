package io.penstock.bgp.control;

import static io.penstock.bgp.control.Samples.name;
import static io.penstock.bgp.control.Samples.prefix;
import static io.penstock.bgp.control.Samples.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.route.Community;
import io.penstock.events.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people order of VIPs, and that it outlives the agent. */
@Timeout(60)
class OrdersTest {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Optional<String> FIRST = Optional.of(name(0));

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();

    private Rig rig(int vips) throws IOException {
        return new Rig(Samples.of(vips), daemon, directory).settle();
    }

    private boolean isDraining(int vip) {
        return daemon.table.get(prefix(vip)).attributes().equals(said(12, Community.GRACEFUL_SHUTDOWN));
    }

    private Path file() {
        return directory.resolve(OrderFile.NAME);
    }

    @Test
    void shouldDrainThenWithdrawThenTell() throws Exception {
        Rig rig = new Rig(Samples.withThen(2), daemon, directory).settle();
        rig.ask(() -> rig.controller.drain(FIRST, Optional.empty()));
        assertTrue(isDraining(0));
        assertEquals(State.DRAINING, rig.state(name(0)));
        rig.pass(Samples.DRAIN_WAIT.minusMillis(50));
        assertTrue(isDraining(0));
        assertFalse(rig.told.contains("drained vip-0"));
        rig.pass(Duration.ofMillis(100));
        assertEquals(List.of(prefix(1)), List.copyOf(daemon.table.keySet()));
        assertEquals(State.DRAINED, rig.state(name(0)));
        rig.pass(Duration.ofSeconds(10));
        assertEquals(1, rig.told.stream().filter("drained vip-0"::equals).count());

        rig.ask(() -> rig.controller.resume(FIRST));
        assertEquals(2, daemon.table.size());
        assertEquals("resumed vip-0", rig.told.get(rig.told.size() - 1));
    }

    @Test
    void shouldTellOfADrainOnlyWhenTheDaemonHasTakenThePathOut() throws Exception {
        Rig rig = rig(1);
        daemon.refused.put(prefix(0), "busy");
        rig.ask(() -> rig.controller.drain(FIRST, Optional.of(Duration.ZERO)));
        rig.pass(Duration.ofSeconds(10));
        assertFalse(rig.told.contains("drained vip-0"));
        daemon.refused.clear();
        rig.pass(Duration.ofSeconds(6));
        assertTrue(rig.told.contains("drained vip-0"));
    }

    @Test
    void shouldNotTellOfADrainByHealth() throws Exception {
        Rig rig = rig(1);
        rig.health(name(0), Level.DRAINING);
        rig.pass(Samples.DRAIN_WAIT.plusSeconds(1));
        assertEquals(State.DRAINED, rig.state(name(0)));
        assertFalse(rig.told.contains("drained vip-0"));
    }

    @Test
    void shouldWithdrawAtOnceByOrder() throws Exception {
        Rig rig = rig(3);
        rig.ask(() -> rig.controller.withdraw(Optional.empty()));
        assertEquals(0, daemon.table.size());
        assertEquals(State.WITHDRAWN, rig.state(name(2)));
        assertEquals(1, rig.events(Kind.ORDER).size());
        rig.ask(() -> rig.controller.resume(Optional.empty()));
        assertEquals(3, daemon.table.size());
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldRefuseWhatIsAboutNoVip() throws Exception {
        Rig rig = rig(1);
        RefusedException refused = assertThrows(
                RefusedException.class, () -> rig.ask(() -> rig.controller.withdraw(Optional.of("nothing"))));
        assertTrue(refused.isUnknown());
        assertEquals(1, daemon.table.size());
    }

    @Test
    void shouldKeepOrdersForTheNextRun() throws Exception {
        Rig first = rig(3);
        first.ask(() -> first.controller.withdraw(FIRST));
        first.ask(() -> first.controller.drain(Optional.of(name(1)), Optional.of(Duration.ofMinutes(2))));

        Instant later = Instant.ofEpochSecond(1_700_000_000).plusSeconds(60);
        Rig second = new Rig(Samples.of(3), daemon, directory, later);
        second.pass(Duration.ofSeconds(59));
        assertEquals(State.WITHDRAWN, second.state(name(0)));
        assertTrue(isDraining(1), "it has a minute left");
        second.pass(Duration.ofSeconds(2));
        assertEquals(List.of(prefix(2)), List.copyOf(daemon.table.keySet()));
        assertTrue(second.told.contains("drained vip-1"));
        second.ask(() -> second.controller.resume(Optional.empty()));
        assertEquals(3, daemon.table.size());
    }

    @Test
    void shouldStartThoughTheClockWasSetBack() throws Exception {
        Rig first = rig(1);
        first.ask(() -> first.controller.drain(FIRST, Optional.of(Duration.ofMinutes(2))));
        Rig second = new Rig(Samples.of(1), daemon, directory, Instant.EPOCH);
        second.pass(MOMENT);
        assertTrue(isDraining(0));
        second.ask(() -> second.controller.resume(FIRST));
        assertFalse(isDraining(0));
    }

    @Test
    void shouldTellOfADrainAgainAfterARestart() throws Exception {
        Rig first = rig(1);
        first.ask(() -> first.controller.drain(FIRST, Optional.of(Duration.ZERO)));
        Rig second = rig(1);
        second.pass(MOMENT);
        assertTrue(second.told.contains("drained vip-0"));
    }

    private Rig drained(int vips) throws Exception {
        Rig rig = new Rig(Samples.withThen(vips), daemon, directory).settle();
        rig.ask(() -> rig.controller.drain(FIRST, Optional.of(Duration.ZERO)));
        rig.pass(MOMENT);
        assertTrue(rig.told.contains("drained vip-0"));
        return rig;
    }

    @Test
    void shouldHaveAnAddressGivenBackThoughTheAgentEndsBeforeItWas() throws Exception {
        Rig first = drained(1);
        first.ask(() -> first.controller.resume(FIRST));
        assertTrue(first.told.contains("resumed vip-0"));

        Rig second = new Rig(Samples.withThen(1), daemon, directory).pass(MOMENT.multipliedBy(2));
        assertEquals(State.UP, second.state(name(0)), "nothing is ordered of it");
        assertTrue(second.told.contains("resumed vip-0"), second.told::toString);
        second.controller.onGivenBack(name(0));
        second.settle();
        assertFalse(Files.exists(file()));
        assertFalse(
                new Rig(Samples.withThen(1), daemon, directory).settle().told.contains("resumed vip-0"));
    }

    @Test
    void shouldHaveAnAddressGivenBackThatAFormerRunHadTakenAway() throws Exception {
        Rig first = drained(1);
        first.ask(() -> first.controller.withdraw(FIRST));
        daemon.reachable = false;
        Rig second = new Rig(Samples.withThen(1), daemon, directory).settle();
        second.ask(() -> second.controller.resume(FIRST));
        assertTrue(second.told.contains("resumed vip-0"));
    }

    /** Somebody may have had the ecmp-agent take it away, and still have reason to. */
    @Test
    void shouldNotHaveAnAddressGivenBackThatWasNotTakenAway() throws Exception {
        Rig rig = new Rig(Samples.withThen(1), daemon, directory).settle();
        rig.ask(() -> rig.controller.drain(FIRST, Optional.empty()));
        rig.pass(Duration.ofSeconds(5));
        rig.ask(() -> rig.controller.resume(FIRST));
        rig.ask(() -> rig.controller.withdraw(FIRST));
        rig.ask(() -> rig.controller.resume(FIRST));
        assertFalse(rig.told.contains("resumed vip-0"));
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldNotTakeAnAddressForGivenBackThatWasTakenAwayAgain() throws Exception {
        Rig rig = drained(1);
        rig.ask(() -> rig.controller.resume(FIRST));
        rig.ask(() -> rig.controller.drain(FIRST, Optional.of(Duration.ZERO)));
        rig.controller.onGivenBack(name(0));
        rig.settle();
        rig.told.clear();
        rig.ask(() -> rig.controller.resume(FIRST));
        assertEquals(List.of("resumed vip-0"), rig.told);
    }

    @Test
    void shouldHoldForVipsThatComeLaterWhatWasOrderedOfAll() throws Exception {
        Rig rig = rig(1);
        rig.ask(() -> rig.controller.drain(Optional.empty(), Optional.of(Duration.ofSeconds(5))));
        rig.pass(Duration.ofSeconds(6));
        BgpConfig more = Samples.of(2);
        rig.conditions.put(name(1), rig.conditions.get(name(0)));
        rig.log();
        rig.ask(() -> rig.controller.reconfigure(more));
        rig.pass(Duration.ofSeconds(40));
        assertEquals(State.DRAINED, rig.state(name(1)));

        Rig next = rig(3);
        next.pass(Duration.ofSeconds(40));
        assertEquals(State.DRAINED, next.state(name(2)), "it came while there was no agent");
        assertEquals(
                List.of(),
                next.log().stream().filter(line -> line.startsWith("announce")).toList());
        next.ask(() -> next.controller.resume(Optional.empty()));
        assertEquals(3, daemon.table.size());
        assertFalse(Files.exists(file()));
        BgpConfig most = Samples.of(4);
        next.conditions.put(name(3), next.conditions.get(name(0)));
        next.ask(() -> next.controller.reconfigure(most));
        assertEquals(4, daemon.table.size());
    }

    @Test
    void shouldLeaveAnnouncedWhatWasResumedByItselfAfterAnOrderForAll() throws Exception {
        Rig first = rig(2);
        first.ask(() -> first.controller.withdraw(Optional.empty()));
        first.ask(() -> first.controller.resume(FIRST));
        Rig second = rig(3).pass(MOMENT.multipliedBy(2));
        assertEquals(List.of(prefix(0)), List.copyOf(daemon.table.keySet()));
        assertEquals(State.WITHDRAWN, second.state(name(2)));
    }

    @Test
    void shouldForgetOrdersOfWhatIsNotConfiguredAnyMore() throws Exception {
        Rig rig = rig(2);
        rig.ask(() -> rig.controller.withdraw(Optional.of(name(1))));
        BgpConfig less = Samples.of(1);
        rig.ask(() -> rig.controller.reconfigure(less));
        assertFalse(Files.exists(file()));

        rig.ask(() -> rig.controller.withdraw(FIRST));
        Files.writeString(file(), Files.readString(file()).replace(name(0), "another"));
        rig(1);
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldSayThatNobodyGivesBackTheAddressOfWhatIsNotConfiguredAnyMore() throws Exception {
        Rig rig = drained(2);
        rig.ask(() -> rig.controller.reconfigure(Samples.of(0)));
        List<BgpEvent> warnings = rig.events(Kind.ORDER).stream()
                .filter(event -> event.level() == Event.Level.WARN)
                .toList();
        assertEquals(List.of(name(0)), warnings.stream().map(BgpEvent::subject).toList());
    }

    @Test
    void shouldNotStartWithOrdersThatCannotBeRead() throws Exception {
        Files.writeString(file(), "{\"vip\":\"vip-0\",\"order\":\"withdraw\"}\n{\"vip\":\"vip-1\"}\n");
        IOException refused = assertThrows(IOException.class, () -> rig(1));
        assertTrue(refused.getMessage().startsWith("line 2 of " + file()), refused.getMessage());
    }

    @Test
    void shouldCarryOutWhatCannotBeKeptAndSaySo() throws Exception {
        Path later = directory.resolve("later");
        Rig rig = new Rig(Samples.of(1), daemon, later).settle();
        Files.writeString(later, "in the way");
        rig.ask(() -> rig.controller.withdraw(FIRST));
        assertEquals(0, daemon.table.size());
        assertEquals("keep", rig.events(Kind.ORDER).get(1).details().get("order"));
    }
}
