package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.Selection;
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
    private final Selection selection = Pools.selection();

    @Property
    void shouldOfferEachBackendOnce(@ForAll long hash, @ForAll @IntRange(min = 1, max = 12) int size) {
        BackendPool pool = pool(size, 1);
        Set<Backend> offered = offer(pool, hash, size);
        assertEquals(size, offered.size(), "none twice");
        assertNull(pool.select(hash, BackendPool.UNKNOWN_ZONE, selection));
    }

    @Property
    void shouldOfferLightBackendsToo(@ForAll long hash) {
        List<Backend> backends = new ArrayList<>(backends(3, 1));
        backends.add(Pools.backend("heavy", IpAddress.ofIpv4(9), 80, 1000));
        assertEquals(4, offer(Pools.maglev(65_537, backends), hash, 4).size());
    }

    private Set<Backend> offer(BackendPool pool, long hash, int attempts) {
        selection.begin(0);
        Set<Backend> offered = new HashSet<>();
        for (int attempt = 0; attempt < attempts; attempt++) {
            Backend backend = pool.select(hash, BackendPool.UNKNOWN_ZONE, selection);
            selection.tryExclude(backend.load());
            offered.add(backend);
        }
        return offered;
    }

    @Example
    void shouldSelectNothingWhenNobodyIsEligible() {
        assertNull(pool(0, 1).select(42, BackendPool.UNKNOWN_ZONE, selection));
    }

    @Example
    void shouldUseClientsPortWhenBackendHasNone() {
        assertEquals(80, Pools.backend("b", IpAddress.ofIpv4(1), 80, 1).port(443));
        assertEquals(443, Pools.backend("b", IpAddress.ofIpv4(1), 0, 1).port(443));
    }

    @Example
    void shouldHashAsFlowHashDoes() {
        FlowHash hash = new FlowHash(3, 4);
        BackendPool pool = Pools.maglev(1009, HashInput.SOURCE, hash, backends(2, 1));
        assertTrue(pool.hashInput().source());
        assertEquals(hash.ofSource(1, 2), pool.sourceHash(1, 2));
        assertEquals(hash.ofFlow(1, 2, 3, 4, 5, 6, 7), pool.flowHash(1, 2, 3, 4, 5, 6, 7));
    }

    private static BackendPool pool(int size, int weight) {
        return Pools.maglev(1009, backends(size, weight));
    }

    private static List<Backend> backends(int size, int weight) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            backends.add(Pools.backend("b" + i, IpAddress.ofIpv4(i), 80, weight));
        }
        return backends;
    }
}
