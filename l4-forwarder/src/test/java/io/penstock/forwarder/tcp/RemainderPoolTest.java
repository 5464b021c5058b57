package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RemainderPoolTest {
    private static final int LARGE = 64 << 10;
    private static final long MAX = 1 << 20;

    private record Block(long address, int length) {}

    /** A positive number acquires that many bytes; a negative one releases one of the blocks that are held. */
    @Property(tries = 300)
    void shouldKeepItsPromiseAndItsBound(
            @ForAll @Size(max = 200) List<@IntRange(min = -1 << 16, max = 1 << 16) Integer> steps) {
        RemainderPool pool = new RemainderPool(LARGE, MAX);
        List<Block> held = new ArrayList<>();
        Set<Long> addresses = new HashSet<>();
        for (int step : steps) {
            if (step > 0) {
                boolean promised = pool.hasRoom();
                long address = pool.acquire(step);
                if (address == RemainderPool.NO_BLOCK) {
                    assertTrue(!promised, "room was promised");
                    continue;
                }
                assertTrue(addresses.add(address), "held twice");
                held.add(new Block(address, step));
            } else if (!held.isEmpty()) {
                Block block = held.remove(-step % held.size());
                addresses.remove(block.address());
                pool.release(block.address(), block.length());
            }
            assertTrue(pool.allocatedBytes() <= MAX);
            assertEquals(held.size(), pool.inUse());
        }
        held.forEach(block -> pool.release(block.address(), block.length()));
        assertEquals(0, pool.inUse());
        assertTrue(pool.hasRoom(), "everything is back");
    }

    @Example
    void shouldHaveRoomAgainAfterOneSizeWasUsedUp() {
        for (int length : new int[] {RemainderPool.SMALL_BYTES, LARGE}) {
            RemainderPool pool = new RemainderPool(LARGE, MAX);
            List<Long> held = new ArrayList<>();
            for (long block = pool.acquire(length); block != RemainderPool.NO_BLOCK; block = pool.acquire(length)) {
                held.add(block);
            }
            assertTrue(!pool.hasRoom());
            int room = length == LARGE ? RemainderPool.SMALL_BYTES : 0;
            assertEquals(room, pool.readRoom(LARGE), "reads get smaller before they stop");
            assertNotEquals(0, held.size());
            held.forEach(block -> pool.release(block, length));
            assertTrue(pool.hasRoom());
            assertEquals(LARGE, pool.readRoom(LARGE));
            assertNotEquals(RemainderPool.NO_BLOCK, pool.acquire(LARGE));
            assertNotEquals(RemainderPool.NO_BLOCK, pool.acquire(1));
        }
    }
}
