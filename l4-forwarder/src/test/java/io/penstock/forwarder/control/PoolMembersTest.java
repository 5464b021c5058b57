package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.ListenOptions;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefixMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolMembersTest {
    private static final BackendConfig FIXED = new BackendConfig("fixed", "10.0.0.1", 80, 1);
    private static final BackendConfig NAMED = new BackendConfig("named", "app.example", 81, 2);
    private static final BackendConfig DRAINED = new BackendConfig("drained", "10.0.0.3", 82, 0);

    private final Pool members = pool(FIXED, NAMED, DRAINED);

    @Test
    void shouldHaveOneMemberPerAddressOfAName() {
        assertEquals(List.of(NAMED), members.named());
        assertEquals(List.of("fixed", "drained"), ids(), "not resolved yet");
        assertTrue(onResolved(addresses("10.1.0.1", "2001:db8::1")));
        assertEquals(List.of("fixed", "named/10.1.0.1", "named/2001:db8::1", "drained"), ids());
        assertEquals(81, member("named/10.1.0.1").backend(1).port());
        assertEquals(2, member("named/2001:db8::1").config().weight());
        assertEquals(4, members.size());
    }

    @Test
    void shouldKeepLastAnswerUntilAnotherComes() {
        onResolved(addresses("10.1.0.1"));
        BackendPool pool = members.current();
        assertFalse(onResolved(addresses("10.1.0.1")), "the same answer changes nothing");
        assertSame(pool, members.current());
        assertTrue(onResolved(addresses("10.1.0.2")));
        assertEquals(List.of("fixed", "named/10.1.0.2", "drained"), ids());
        assertNotSame(pool, members.current());
    }

    @Test
    void shouldTakeNoNewConnectionsWhenDownOrWeightless() {
        assertEquals(1, members.current().size(), "weight 0 is a member but not eligible");
        assertTrue(onCheck("fixed", false));
        assertFalse(onCheck("fixed", false), "told twice");
        assertEquals(0, members.current().size());
        assertTrue(onCheck("fixed", true));
        assertFalse(onCheck("fixed", true));
        assertEquals(1, members.current().size());
        assertEquals(List.of("fixed", "drained"), ids(), "members are configuration, not health");
    }

    @Test
    void shouldForgetHealthOfAddressThatWentAway() {
        onResolved(addresses("10.1.0.1", "10.1.0.2"));
        onCheck("named/10.1.0.1", false);
        assertEquals(2, members.current().size());
        onResolved(addresses("10.1.0.2"));
        onResolved(addresses("10.1.0.1", "10.1.0.2"));
        assertEquals(3, members.current().size(), "its new check starts up as well");
    }

    @Test
    void shouldKeepHealthOfAddressesThatStay() {
        onResolved(addresses("10.1.0.1"));
        onCheck("named/10.1.0.1", false);
        onResolved(addresses("10.1.0.1", "10.1.0.2"));
        assertEquals(2, members.current().size());
    }

    /** The result of a check may still be under way when its member goes. */
    @Test
    void shouldIgnoreHealthOfAddressThatWentAway() {
        onResolved(addresses("10.1.0.1"));
        Member gone = member("named/10.1.0.1");
        onResolved(addresses("10.1.0.2"));
        assertFalse(members.onCheck(gone, false, "refused", 0));
        onResolved(addresses("10.1.0.1"));
        assertEquals(2, members.current().size());
    }

    @Test
    void shouldKeepTheLoadOfAnAddressThatComesBackWhileConnectionsAreOpen() {
        onResolved(addresses("10.1.0.1", "10.1.0.2"));
        BackendLoad busy = member("named/10.1.0.1").load();
        BackendLoad idle = member("named/10.1.0.2").load();
        assertTrue(busy.tryAcquire());
        onResolved(addresses("10.1.0.3"));
        onResolved(addresses("10.1.0.1", "10.1.0.2"));
        assertSame(busy, member("named/10.1.0.1").load());
        assertNotSame(idle, member("named/10.1.0.2").load());
    }

    @Test
    void shouldForgetTrialsAndFailuresInARowOfAnAddressThatComesBack() {
        onResolved(addresses("10.1.0.1"));
        BackendLoad load = member("named/10.1.0.1").load();
        assertTrue(load.tryAcquire());
        assertTrue(load.tryAcquire());
        load.onConnectFailed();
        load.onEarlyReset();
        load.beginTrial(1);
        onResolved(addresses("10.1.0.2"));
        onResolved(addresses("10.1.0.1"));
        assertSame(load, member("named/10.1.0.1").load());
        assertEquals(0, load.connectFailuresInARow());
        assertEquals(0, load.earlyResetsInARow());
        assertTrue(load.tryAcquire());
        assertTrue(load.tryAcquire(), "no trial of a breaker that is gone");
    }

    @Test
    void shouldNumberTablesAndKeepOrderOfServices() {
        ForwardingTableBuilder builder = new ForwardingTableBuilder();
        builder.onConfig(
                List.of(service("first", "pool"), service("second", "pool")),
                OptionalInt.empty(),
                new FlowHash(1, 2),
                IpPrefixMap.EMPTY,
                Set.of());
        ForwardingTable one = builder.next(Map.of("pool", members));
        ForwardingTable two = builder.next(Map.of("pool", members));
        assertEquals(1, one.version());
        assertEquals(2, two.version());
        assertEquals("first", one.service(0).name());
        assertEquals("second", one.service(1).name());
        assertSame(one.service(0).pool(), two.service(1).pool(), "an unchanged pool is not built again");
        assertEquals(3_000_000, one.service(0).timeouts().connectNs());
        assertEquals(4_000_000, one.service(0).timeouts().idleNs());
        assertEquals(5_000_000, one.service(0).timeouts().finNs());
        assertEquals(2, one.service(0).connectAttempts());
        assertEquals(new TcpOptions(9, 6, 7, 8, 1_001, 64, 512), one.service(0).tcp());
    }

    private static ServiceConfig service(String name, String pool) {
        Timeouts timeouts = new Timeouts(Duration.ofMillis(3), Duration.ofMillis(4), Duration.ofMillis(5));
        Keepalive keepalive = new Keepalive(Duration.ofSeconds(6), Duration.ofMillis(6_001), 8);
        Tcp tcp = new Tcp(
                Optional.of(Duration.ofSeconds(9)),
                Optional.of(keepalive),
                Optional.of(Duration.ofMillis(1_001)),
                new ListenOptions(64, 512, Optional.empty(), false));
        return new ServiceConfig(
                name, List.of(), pool, List.of(), timeouts, 2, tcp, AdmissionConfig.OPEN, Optional.empty());
    }

    private boolean onResolved(List<IpAddress> addresses) {
        return members.onResolved(NAMED, addresses, 0);
    }

    private boolean onCheck(String id, boolean up) {
        return members.onCheck(member(id), up, up ? "connected" : "refused", 0);
    }

    private Member member(String id) {
        return members.members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<String> ids() {
        return members.members().stream().map(Member::id).toList();
    }

    private static List<IpAddress> addresses(String... literals) {
        return Arrays.stream(literals)
                .map(literal -> IpAddress.parse(literal).orElseThrow())
                .toList();
    }

    private static Pool pool(BackendConfig... backends) {
        return Members.of(PoolConfigs.maglev(
                        "pool",
                        1009,
                        Optional.of(PoolConfigs.tcpCheck(0, Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3)),
                        Duration.ofSeconds(10),
                        backends))
                .pool;
    }
}
