package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

class BackendPoolAffinityTest {
    private static final long TIMEOUT_NS = 1_000_000_000;
    private static final FlowHash HASH = new FlowHash(1, 2);
    private static final HashInput BY_24_BITS = new HashInput(false, 24, 56);

    private SourceAffinity affinity;
    private final List<Backend> backends = IntStream.range(0, 10)
            .mapToObj(i -> new Backend("p", "b" + i, IpAddress.ofIpv4(i), 80, 1, new BackendLoad(), i))
            .toList();
    private final Selection selection = new Selection(1);

    @BeforeTry
    void forgetSources() {
        affinity = new SourceAffinity(1000, TIMEOUT_NS);
    }

    private BackendPool pool(List<Backend> eligible) {
        return new BackendPool(
                "pool",
                HASH,
                BY_24_BITS,
                PoolQueue.NONE,
                affinity,
                Outgoing.PLAIN,
                Spread.of(new BackendGroup(PolicySpec.maglev(1009), RingScale.NONE, HASH, eligible)));
    }

    private static long source(int ipv4) {
        return IpAddress.ofIpv4(ipv4).low();
    }

    private Backend first(BackendPool pool, long flowHash, int source, long nowNs) {
        selection.begin(nowNs);
        return pool.select(flowHash, 0, source(source), 0, selection);
    }

    @Property
    void shouldKeepASourceAtItsBackendWhateverTheFlow(@ForAll long flow, @ForAll long otherFlow, @ForAll int source) {
        BackendPool pool = pool(backends);
        Backend chosen = first(pool, flow, source, 0);
        assertSame(chosen, first(pool, otherFlow, source, TIMEOUT_NS));
        assertSame(chosen, first(pool, otherFlow, source ^ 0xff, 2 * TIMEOUT_NS), "of the same 24 bits");
        assertSame(chosen, first(pool(backends), otherFlow, source, 3 * TIMEOUT_NS), "in the next table");
    }

    @Property
    void shouldGoByThePolicyAfterTheTimeout(@ForAll long flow, @ForAll long otherFlow, @ForAll int source) {
        BackendPool pool = pool(backends);
        first(pool, flow, source, 0);
        selection.begin(2 * TIMEOUT_NS);
        Backend picked = pool.select(otherFlow, 0, selection);
        assertSame(picked, first(pool, otherFlow, source, 2 * TIMEOUT_NS));
    }

    @Property
    void shouldMoveASourceWhoseBackendIsNotEligible(@ForAll long flow, @ForAll int source) {
        Backend chosen = first(pool(backends), flow, source, 0);
        List<Backend> rest = backends.stream()
                .filter(backend -> !backend.id().equals(chosen.id()))
                .toList();
        Backend next = first(pool(rest), flow, source, 1);
        assertNotSame(chosen, next);
        assertSame(next, first(pool(backends), flow, source, 2), "and leave it there when the first comes back");
    }

    @Property
    void shouldMoveASourceWhoseBackendIsFull(@ForAll long flow, @ForAll int source) {
        BackendPool pool = pool(backends);
        Backend chosen = first(pool, flow, source, 0);
        chosen.load().limit(0, 0);
        // Maglev alone does not look at loads: whoever is refused by a limit excludes the backend.
        selection.begin(1);
        selection.tryExclude(chosen.load());
        Backend next = pool.select(flow, 0, source(source), 0, selection);
        assertNotSame(chosen, next);
        chosen.load().limit(BackendLoad.UNLIMITED, BackendLoad.UNLIMITED);
        assertSame(next, first(pool, flow, source, 2));
    }

    @Property
    void shouldRememberTheBackendOfTheLastAttempt(@ForAll long flow, @ForAll long otherFlow, @ForAll int source) {
        BackendPool pool = pool(backends);
        Backend failed = first(pool, flow, source, 0);
        selection.tryExclude(failed.load());
        Backend second = pool.select(flow, 0, source(source), 0, selection);
        assertNotSame(failed, second);
        assertSame(second, first(pool, otherFlow, source, 1));
    }

    @Example
    void shouldSelectNobodyWhenNobodyIsEligible() {
        assertNull(first(pool(List.of()), 1, 1, 0));
    }

    @Example
    void shouldShareNoSourcesWithAPoolWithoutAffinity() {
        BackendPool plain = Pools.maglev(1009, backends);
        selection.begin(0);
        assertSame(plain.select(42, 0, selection), plain.select(42, 0, source(1), 0, selection));
        assertEquals(SourceAffinity.NONE, affinity.find(plain.sourceHash(0, source(1)), 0));
    }

    @Example
    void shouldRefuseBackendsWithoutNumbers() {
        List<Backend> unnumbered = List.of(Pools.backend("b", IpAddress.ofIpv4(1), 80, 1));
        assertThrows(IllegalArgumentException.class, () -> pool(unnumbered));
    }
}
