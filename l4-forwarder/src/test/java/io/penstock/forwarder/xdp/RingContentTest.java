package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Spread;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RingContentTest {
    private static final int FLOWS = 100_000;

    @Test
    void shouldChooseForEachSlotAHashOfThatSlot() {
        for (int slot = 0; slot < Abi.RING_SLOTS; slot++) {
            assertEquals(slot, RingContent.slotOf(RingContent.representative(slot)));
        }
        assertEquals(0, RingContent.slotOf(0));
        assertEquals(Abi.RING_SLOTS - 1, RingContent.slotOf(-1L));
    }

    @Test
    void shouldHaveTheBackendThatTheProxyChoosesForEachFlow() {
        SplittableRandom random = new SplittableRandom(1);
        for (int members : new int[] {1, 2, 3, 10, 50}) {
            List<Backend> backends = backends(members, random);
            BackendPool pool = Pools.maglev(Abi.RING_SLOTS, HashInput.FLOW, PacketTables.HASH, backends);

            int[] ring = RingContent.of(pool).slots(backends::indexOf);

            Selection selection = Pools.selection();
            for (int i = 0; i < FLOWS; i++) {
                long hash = pool.flowHash(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(65_536),
                        random.nextLong(),
                        random.nextLong(),
                        443,
                        6);
                Backend chosen = pool.select(hash, BackendPool.UNKNOWN_ZONE, selection);
                assertEquals(backends.indexOf(chosen), ring[RingContent.slotOf(hash)]);
            }
        }
    }

    @Test
    void shouldHaveTheSourcesBackendWhenPrefixesAreHashed() {
        List<Backend> backends = backends(7, new SplittableRandom(2));
        BackendPool pool = Pools.maglev(Abi.RING_SLOTS, new HashInput(true, 24, 56), PacketTables.HASH, backends);

        int[] ring = RingContent.of(pool).slots(backends::indexOf);

        IpAddress one = PacketTables.ip("198.51.100.1");
        IpAddress other = PacketTables.ip("198.51.100.200");
        long hash = pool.sourceHash(one.high(), one.low());
        assertEquals(hash, pool.sourceHash(other.high(), other.low()));
        assertEquals(backends.indexOf(pool.select(hash, 0, Pools.selection())), ring[RingContent.slotOf(hash)]);
    }

    @Test
    void shouldKeepSharesWhenThereAreSeveralGroups() {
        List<Backend> near = backends(3, new SplittableRandom(3));
        List<Backend> far = backends(2, new SplittableRandom(4)).stream()
                .map(backend -> PacketTables.backend("far-" + backend.id(), "10.1.0.1"))
                .toList();
        Spread spread = new Spread(List.of(group(near), group(far)), new int[] {3, 1});
        BackendPool pool = new BackendPool("web", PacketTables.HASH, HashInput.FLOW, spread);
        List<Backend> all = new ArrayList<>(near);
        all.addAll(far);

        int[] ring = RingContent.of(pool).slots(all::indexOf);

        long toFar = Arrays.stream(ring).filter(id -> id >= near.size()).count();
        assertEquals(0.25, toFar / (double) ring.length, 0.01);
        assertTrue(Arrays.stream(ring).noneMatch(id -> id == Abi.NONE));
    }

    @Test
    void shouldBeEmptyWhenNobodyIsEligible() {
        BackendPool pool = Pools.maglev(Abi.RING_SLOTS, HashInput.FLOW, PacketTables.HASH, List.of());

        assertTrue(Arrays.stream(RingContent.of(pool).slots(backend -> 0)).allMatch(slot -> slot == Abi.NONE));
    }

    @Test
    void shouldSpreadATableOfAnotherSizeAlike() {
        List<Backend> backends = backends(4, new SplittableRandom(5));
        BackendPool pool = Pools.maglev(655_373, HashInput.FLOW, PacketTables.HASH, backends);

        int[] ring = RingContent.of(pool).slots(backends::indexOf);

        int weights = backends.stream().mapToInt(Backend::weight).sum();
        for (int i = 0; i < backends.size(); i++) {
            int id = i;
            long slots = Arrays.stream(ring).filter(slot -> slot == id).count();
            assertEquals(backends.get(i).weight() / (double) weights, slots / (double) ring.length, 0.01);
        }
    }

    private static BackendGroup group(List<Backend> backends) {
        return new BackendGroup(PolicySpec.maglev(Abi.RING_SLOTS), RingScale.NONE, PacketTables.HASH, backends);
    }

    private static List<Backend> backends(int count, SplittableRandom random) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            backends.add(new Backend(
                    "web",
                    "b" + i,
                    IpAddress.ofIpv4(0x0a00_0001 + i),
                    0,
                    1 + random.nextInt(4),
                    new BackendLoad(),
                    Backend.NO_SERIAL));
        }
        return backends;
    }
}
