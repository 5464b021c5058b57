package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackendPoolTest {
    private final int[] scratch = new int[MaglevTable.MAX_ATTEMPTS];

    @Property
    void shouldOfferEachBackendOnceBeforeAnyTwice(@ForAll long hash, @ForAll @IntRange(min = 1, max = 12) int size) {
        BackendPool pool = pool(size, 1);
        Set<Backend> offered = new HashSet<>();
        for (int attempt = 0; attempt < MaglevTable.MAX_ATTEMPTS; attempt++) {
            Backend backend = pool.select(hash, attempt, scratch);
            if (attempt < size) {
                assertTrue(offered.add(backend), "twice within " + size);
            } else {
                assertSame(pool.select(hash, attempt - size, scratch), backend, "the same order again");
            }
        }
    }

    @Property
    void shouldOfferLightBackendsToo(@ForAll long hash) {
        List<Backend> backends = new ArrayList<>(backends(3, 1));
        backends.add(new Backend("heavy", IpAddress.ofIpv4(9), 80, 1000));
        BackendPool pool = new BackendPool("pool", new FlowHash(1, 2), false, 65_537, backends);
        Set<Backend> offered = new HashSet<>();
        for (int attempt = 0; attempt < 4; attempt++) {
            offered.add(pool.select(hash, attempt, scratch));
        }
        assertEquals(4, offered.size());
    }

    @Example
    void shouldSelectNothingWhenNobodyIsEligible() {
        BackendPool pool = pool(0, 1);
        assertEquals(0, pool.size());
        assertNull(pool.select(42, 0, scratch));
        assertNull(pool.select(42, 1, scratch));
    }

    @Example
    void shouldUseClientsPortWhenBackendHasNone() {
        assertEquals(80, new Backend("b", IpAddress.ofIpv4(1), 80, 1).port(443));
        assertEquals(443, new Backend("b", IpAddress.ofIpv4(1), 0, 1).port(443));
    }

    @Example
    void shouldHashAsFlowHashDoes() {
        FlowHash hash = new FlowHash(3, 4);
        BackendPool pool = new BackendPool("pool", hash, true, 1009, backends(2, 1));
        assertTrue(pool.hashesSource());
        assertEquals(hash.ofSource(1, 2), pool.sourceHash(1, 2));
        assertEquals(hash.ofFlow(1, 2, 3, 4, 5, 6, 7), pool.flowHash(1, 2, 3, 4, 5, 6, 7));
    }

    private static BackendPool pool(int size, int weight) {
        return new BackendPool("pool", new FlowHash(1, 2), false, 1009, backends(size, weight));
    }

    private static List<Backend> backends(int size, int weight) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            backends.add(new Backend("b" + i, IpAddress.ofIpv4(i), 80, weight));
        }
        return backends;
    }
}
