package io.penstock.bgp.health;

import static io.penstock.bgp.health.Vips.address;
import static io.penstock.bgp.health.Vips.asks;
import static io.penstock.bgp.health.Vips.by;
import static io.penstock.bgp.health.Vips.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionBoardTest {
    private static final String VIP = "192.0.2.10";
    private static final Service FORWARDER = asks(Path.of("forwarder"), VIP);

    /** Of the same forwarder, asked less often. */
    private static final Service SELDOM = asks(Path.of("forwarder"), VIP, Duration.ofSeconds(1));

    private static final Service OTHER = asks(Path.of("other"), VIP);

    private final Set<IpAddress> host = new HashSet<>(Set.of(address(VIP)));
    private long nowNs = 1;
    private int wakes;
    private final ConditionBoard board = new ConditionBoard(() -> wakes++, () -> nowNs, host::contains);

    @Test
    void shouldKnowNothingAtFirst() {
        watch(web(by(FORWARDER)));
        assertEquals(new Condition(Level.UNKNOWN, true, 1, "nothing heard yet"), web());
        assertEquals(1, wakes);
    }

    @Test
    void shouldWakeForChangesOnlyAndSaySinceWhen() {
        watch(web(by(FORWARDER)));
        nowNs = 10;
        post(Kind.SERVED, "2 of 2");
        assertEquals(new Condition(Level.UP, true, 10, "2 of 2"), web());
        nowNs = 20;
        post(Kind.SERVED, "1 of 2");
        assertEquals(new Condition(Level.UP, true, 10, "1 of 2"), web(), "since the first answer");
        assertEquals(2, wakes);
        nowNs = 30;
        board.post("web", "health", new VipVerdict(Kind.NOT_SERVED, 3, "nobody is up"));
        assertEquals(
                new Condition(Level.DOWN, true, 30, "nobody is up"),
                web(),
                "when it was told, not when the question was sent");
        assertEquals(3, wakes);
    }

    @Test
    void shouldFollowAddress() {
        watch(web(by(FORWARDER)));
        post(Kind.SERVED, "");
        nowNs = 10;
        host.clear();
        board.onAddresses();
        assertEquals(new Condition(Level.UP, false, 10, VIP + " is not on this host"), web());
        board.onAddresses();
        assertEquals(3, wakes);
        nowNs = 20;
        host.add(address(VIP));
        board.onAddresses();
        assertEquals(new Condition(Level.UP, true, 20, "served"), web());
        assertEquals(4, wakes);
    }

    @Test
    void shouldSayFirstWhyItIsDownAndThenThatItIsAbsent() {
        host.clear();
        watch(web(by(FORWARDER)));
        assertEquals(VIP + " is not on this host; nothing heard yet", web().reason());
        post(Kind.NOT_SERVED, "nobody is up");
        assertEquals(new Condition(Level.DOWN, false, 1, "nobody is up"), web());
    }

    @Test
    void shouldNotLookForAddressThatDoesNotHaveToBeHere() {
        host.clear();
        watch(vip("web", VIP, false, new VipHealth.None()));
        assertEquals(new Condition(Level.UP, true, 1, "not checked"), web());
        board.onAddresses();
        assertEquals(1, wakes);
    }

    @Test
    void shouldForgetVipThatIsGone() {
        watch(web(by(FORWARDER)));
        watch();
        assertEquals(Map.of(), board.now());
        post(Kind.SERVED, "");
        assertEquals(Map.of(), board.now());
    }

    @Test
    void shouldKeepWhatWasHeardOfServiceThatStays() {
        watch(web(by(2, Map.of("a", FORWARDER, "b", OTHER))));
        board.post("web", "a", new VipVerdict(Kind.SERVED, 0, ""));
        board.post("web", "b", new VipVerdict(Kind.NOT_SERVED, 0, "no answer"));
        assertEquals(Level.DOWN, web().level());
        watch(web(by(1, Map.of("a", FORWARDER, "b", OTHER))));
        assertEquals(Level.DEGRADED, web().level());
        watch(web(by(1, Map.of("a", FORWARDER))));
        assertEquals(Level.UP, web().level());
    }

    /** A reload that asks less often, or one forwarder more, is no reason to withdraw anything. */
    @Test
    void shouldBeAsBeforeUntilNewCheckSpeaks() {
        watch(web(by(FORWARDER)));
        post(Kind.SERVED, "");
        nowNs = 10;
        watch(web(by(SELDOM)));
        assertEquals(new Condition(Level.UP, true, 1, "as before; nothing heard yet"), web());
        watch(web(by(2, Map.of("health", SELDOM, "b", OTHER))));
        assertEquals(Level.UP, web().level());
        board.post("web", "b", new VipVerdict(Kind.NOT_SERVED, 0, "no answer"));
        assertEquals(new Condition(Level.DOWN, true, 10, "b: no answer"), web());
    }

    @Test
    void shouldKnowNothingOfOtherAddressOfSameName() {
        watch(web(by(FORWARDER)));
        post(Kind.SERVED, "");
        nowNs = 10;
        host.add(address("192.0.2.11"));
        watch(vip("web", "192.0.2.11", true, by(FORWARDER)));
        assertEquals(new Condition(Level.UNKNOWN, true, 10, "nothing heard yet"), web());
    }

    /** 3 questions of 20 s and 10 ms each, and 10 s more. */
    @Test
    void shouldTakeLongSilenceForDown() {
        watch(web(by(FORWARDER)));
        post(Kind.SERVED, "");
        look(69);
        assertEquals(Level.UP, web().level());
        int before = wakes;
        nowNs = 100;
        look(1);
        assertEquals(new Condition(Level.DOWN, true, 100, "nothing heard for 70 s"), web());
        assertEquals(before + 1, wakes);
        look(1_000);
        assertEquals(before + 1, wakes);
        post(Kind.SERVED, "");
        assertEquals(Level.UP, web().level());
    }

    /** One of two is enough, so nobody waits for the other for long. */
    @Test
    void shouldWaitForAllServicesForSomeSecondsOnly() {
        watch(web(by(1, Map.of("a", FORWARDER, "b", OTHER))));
        board.post("web", "a", new VipVerdict(Kind.SERVED, 0, ""));
        look(ServiceWord.FIRST_WORD_LOOKS - 1);
        assertEquals(Level.UNKNOWN, web().level());
        look(1);
        assertEquals(Level.DEGRADED, web().level());
        board.post("web", "b", new VipVerdict(Kind.SERVED, 0, ""));
        assertEquals(Level.UP, web().level());
    }

    private void watch(VipConfig... vips) {
        board.watch(List.of(vips));
    }

    private static VipConfig web(VipHealth health) {
        return vip("web", VIP, true, health);
    }

    private void post(Kind kind, String reason) {
        board.post("web", "health", new VipVerdict(kind, nowNs, reason));
    }

    private void look(int seconds) {
        for (int i = 0; i < seconds; i++) {
            board.look();
        }
    }

    private Condition web() {
        return board.now().get("web");
    }
}
