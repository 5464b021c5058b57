package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Maps of the kernel, through libbpf. */
class BpfMapIT {
    private static final byte[] PACKET = new byte[64];

    private BpfObject sample;

    @BeforeEach
    void load() throws Exception {
        BpfRig.assumeLoadable();
        sample = BpfRig.sample();
    }

    @AfterEach
    void close() {
        if (sample != null) {
            sample.close();
        }
    }

    @Test
    void shouldFindWhatWasWrittenUntilItIsDeleted() throws Exception {
        BpfMap table = sample.map("table");
        UnsafeBuffer key = BpfRig.ofInt(7);
        UnsafeBuffer value = Memory.zeroed(Long.BYTES);
        assertFalse(table.lookup(key, value));
        table.update(key, BpfRig.ofLong(42));
        assertTrue(table.lookup(key, value));
        assertEquals(42, value.getLong(0, ByteOrder.nativeOrder()));
        assertTrue(table.delete(key));
        assertFalse(table.delete(key));
        assertFalse(table.lookup(key, value));
    }

    @Test
    void shouldWalkAllKeys() throws Exception {
        BpfMap table = sample.map("table");
        UnsafeBuffer next = Memory.zeroed(Integer.BYTES);
        assertFalse(table.nextKey(null, next));
        UnsafeBuffer keys = Memory.zeroed(5 * Integer.BYTES);
        IntStream.range(0, 5).forEach(i -> Memory.putInt(keys, i * Integer.BYTES, 10 + i));
        table.updateAll(keys, Memory.zeroed(5 * Long.BYTES), 5);

        Set<Integer> found = new HashSet<>();
        UnsafeBuffer last = null;
        while (found.size() <= 5 && table.nextKey(last, next)) {
            found.add(Memory.intAt(next, 0));
            last = BpfRig.ofInt(Memory.intAt(next, 0));
        }
        assertEquals(Set.of(10, 11, 12, 13, 14), found);
    }

    @Test
    void shouldSayHowManyWereWrittenWhenTheMapIsFull() throws Exception {
        UnsafeBuffer keys = Memory.zeroed(40 * Integer.BYTES);
        IntStream.range(0, 40).forEach(i -> Memory.putInt(keys, i * Integer.BYTES, i));
        BpfMap table = sample.map("table");
        BpfException refused =
                assertThrows(BpfException.class, () -> table.updateAll(keys, Memory.zeroed(40 * Long.BYTES), 40));
        assertTrue(refused.getMessage().startsWith("only 16 of 40 elements went to map table"), refused.getMessage());
    }

    @Test
    void shouldHaveAValueForEachCpu() throws Exception {
        BpfMap runs = sample.map("runs");
        assertEquals(8 * BpfMap.possibleCpus(), runs.lookupSize());
        sample.program("count_and_drop").run(PACKET, 5);
        UnsafeBuffer value = Memory.zeroed(runs.lookupSize());
        assertTrue(runs.lookup(BpfRig.ofInt(0), value));
        int sum = IntStream.range(0, BpfMap.possibleCpus())
                .map(cpu -> Memory.intAt(value, cpu * 8))
                .sum();
        assertEquals(5, sum);
        assertThrows(IllegalArgumentException.class, () -> runs.lookup(BpfRig.ofInt(0), Memory.zeroed(4)));
    }

    @Test
    void shouldWriteToAMappedArrayWithoutACall() throws Exception {
        BpfMap numbers = sample.map("numbers");
        UnsafeBuffer value = Memory.zeroed(Integer.BYTES);
        try (MappedArray mapped = numbers.mapped()) {
            assertEquals(8, mapped.stride());
            mapped.buffer().putIntOrdered(999 * mapped.stride(), 1234);
            assertTrue(numbers.lookup(BpfRig.ofInt(999), value));
            assertEquals(1234, Memory.intAt(value, 0));
            numbers.update(BpfRig.ofInt(3), BpfRig.ofInt(77));
            assertEquals(77, mapped.buffer().getIntVolatile(3 * mapped.stride()));
        }
        assertThrows(BpfException.class, () -> sample.map("table").mapped());
    }

    @Test
    void shouldPutARingInPlaceAndReadItBackById() throws Exception {
        BpfMap rings = sample.map("rings");
        int[] slots = IntStream.range(0, 101).map(i -> i * 2).toArray();
        try (RingMap ring = RingMap.create(101)) {
            ring.fill(slots);
            rings.update(BpfRig.ofInt(2), BpfRig.ofInt(ring.fd()));
        }
        TestRun run = sample.program("write_slot").run(PACKET, 1);
        assertEquals(3, run.verdict());
        assertEquals(PACKET.length + 2, run.packet().length);
        assertEquals(200, run.packet()[0] & 0xff);

        UnsafeBuffer id = Memory.zeroed(Integer.BYTES);
        assertTrue(rings.lookup(BpfRig.ofInt(2), id));
        try (RingMap ring = RingMap.byId(Memory.intAt(id, 0))) {
            assertArrayEquals(slots, ring.read());
        }
    }

    @Test
    void shouldRefuseARingOfAnotherLength() throws Exception {
        try (RingMap ring = RingMap.create(100)) {
            BpfException refused = assertThrows(
                    BpfException.class, () -> sample.map("rings").update(BpfRig.ofInt(0), BpfRig.ofInt(ring.fd())));
            assertEquals("cannot write to map rings: invalid argument (EINVAL)", refused.getMessage());
        }
    }

    @Test
    void shouldTakeNoBufferOnTheHeap() throws Exception {
        BpfMap table = sample.map("table");
        assertThrows(
                IllegalArgumentException.class,
                () -> table.update(new UnsafeBuffer(new byte[4]), Memory.zeroed(Long.BYTES)));
    }
}
