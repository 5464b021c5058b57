package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

class NewcomerRingTest {
    private static final int REMOVE = -1;
    private static final int HEADER_BYTES = 64;

    private final UnsafeBuffer source =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(NewcomerRing.MAX_PAYLOAD, Long.BYTES));

    /** A datagram's size, or the removal of one. */
    @Provide
    Arbitrary<List<Integer>> steps() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 40)),
                Tuple.of(4, Arbitraries.integers().between(0, 4_000)),
                Tuple.of(2, Arbitraries.integers().between(20_000, NewcomerRing.MAX_PAYLOAD)),
                Tuple.of(1, Arbitraries.of(0, 1, 7, 8, 9, NewcomerRing.MAX_PAYLOAD - 1, NewcomerRing.MAX_PAYLOAD)));
        return Arbitraries.frequencyOf(Tuple.of(5, sizes), Tuple.of(4, Arbitraries.just(REMOVE)))
                .list()
                .ofMaxSize(300);
    }

    @Property(tries = 500)
    void shouldGiveBackWhatAQueueGivesBack(
            @ForAll("steps") List<Integer> steps, @ForAll @IntRange(max = 200_000) int more) {
        NewcomerRing ring = new NewcomerRing(NewcomerRing.MIN_CAPACITY_BYTES + more, 50);
        Deque<byte[]> model = new ArrayDeque<>();
        Random random = new Random(steps.size());
        int bytes = 0;
        for (int step : steps) {
            if (step == REMOVE) {
                if (!model.isEmpty()) {
                    bytes -= recordBytes(model.element().length);
                    assertOldest(model.remove(), ring);
                    ring.remove();
                }
            } else {
                byte[] payload = new byte[step];
                random.nextBytes(payload);
                boolean taken = offer(ring, payload);
                if (taken) {
                    model.add(payload);
                    bytes += recordBytes(step);
                }
                // What lies unused at the end while the records go round is less than the record that didn't fit there.
                boolean surelyRoom = model.size() < 50 && bytes + 2 * recordBytes(step) <= more;
                assertTrue(taken || !surelyRoom, "refused although there was room");
                assertTrue(bytes <= NewcomerRing.MIN_CAPACITY_BYTES + more);
            }
            assertEquals(model.size(), ring.size());
        }
        for (byte[] payload : model) {
            assertOldest(payload, ring);
            ring.remove();
        }
        assertEquals(0, ring.size());
    }

    private static int recordBytes(int length) {
        return HEADER_BYTES + (length + 7) / 8 * 8;
    }

    /** What is beside the payload is made from its length. */
    private boolean offer(NewcomerRing ring, byte[] payload) {
        int n = payload.length;
        source.putBytes(0, payload);
        return offer(ring, n, n);
    }

    private boolean offer(NewcomerRing ring, int n, long hash) {
        return ring.offer(
                source.addressOffset(),
                n,
                n + 1,
                n + 2L,
                -n - 3L,
                n,
                n + 5,
                ~n,
                n - 7L,
                n ^ 0xffff,
                n + 9,
                n & 0xff,
                hash);
    }

    @Example
    void shouldTakeAllOfOneClientInOrderFromTheMidst() {
        NewcomerRing ring = new NewcomerRing(NewcomerRing.MIN_CAPACITY_BYTES, 6);
        for (int round = 0; round < 50; round++) {
            int[] hashes = {7, 8, 7, 7, 9, 8};
            for (int i = 0; i < hashes.length; i++) {
                assertTrue(offer(ring, 10 * i, hashes[i]));
            }
            assertEquals(0, ring.length());
            assertTrue(ring.tryTakeNext());
            assertEquals(20, ring.length());
            assertTrue(ring.tryTakeNext());
            assertEquals(30, ring.length());
            assertFalse(ring.tryTakeNext());
            ring.remove();
            assertEquals(10, ring.length(), "the next is another client's");
            ring.remove();
            assertEquals(40, ring.length(), "those that were taken don't come again");
            assertFalse(ring.tryTakeNext());
            ring.remove();
            assertEquals(50, ring.length());
            ring.remove();
            assertEquals(0, ring.size());
        }
    }

    private void assertAllTaken(int count, byte[] payload, NewcomerRing ring) {
        for (int i = 0; i < count; i++) {
            assertTrue(offer(ring, payload));
        }
    }

    private static void assertOldest(byte[] payload, NewcomerRing ring) {
        int n = payload.length;
        assertEquals(n, ring.length());
        byte[] bytes = new byte[n];
        new UnsafeBuffer(ring.payloadAddress(), n).getBytes(0, bytes);
        assertArrayEquals(payload, bytes);
        assertEquals(n + 1, ring.segmentBytes());
        assertEquals(n + 2L, ring.clientHigh());
        assertEquals(-n - 3L, ring.clientLow());
        assertEquals(n, ring.clientPort());
        assertEquals(n + 5, ring.clientScope());
        assertEquals(~n, ring.localHigh());
        assertEquals(n - 7L, ring.localLow());
        assertEquals(n ^ 0xffff, ring.localPort());
        assertEquals(n + 9, ring.listenerSlot());
        assertEquals(n & 0xff, ring.trafficClass());
    }

    @Example
    void shouldTakeTheLargestDatagramWhenItIsAsSmallAsItMayBe() {
        NewcomerRing ring = new NewcomerRing(NewcomerRing.MIN_CAPACITY_BYTES, 10);
        byte[] largest = new byte[NewcomerRing.MAX_PAYLOAD];
        for (int i = 0; i < 3; i++) {
            assertTrue(offer(ring, largest));
            assertFalse(offer(ring, new byte[0]), "there is no octet left");
            assertOldest(largest, ring);
            ring.remove();
        }
    }

    /** Three of a third each, then two more where the first two were. */
    @Example
    void shouldFillTheRoomOfWhatWasRemovedToTheLastOctet() {
        byte[] third = new byte[32_768 - HEADER_BYTES];
        byte[] longer = new byte[third.length + 1];
        NewcomerRing ring = new NewcomerRing(3 * 32_768, 10);
        assertAllTaken(3, third, ring);
        assertFalse(offer(ring, new byte[0]));
        ring.remove();
        assertFalse(offer(ring, longer), "what is free is a third");
        ring.remove();
        assertTrue(offer(ring, third));
        assertFalse(offer(ring, longer), "what is left is a third");
        assertTrue(offer(ring, third));
        assertFalse(offer(ring, new byte[0]), "full, and the oldest is not the first of the memory");
        for (int i = 0; i < 3; i++) {
            assertOldest(third, ring);
            ring.remove();
        }
        assertEquals(0, ring.size());
    }

    @Example
    void shouldCountDatagramsThatHaveNoOctets() {
        NewcomerRing ring = new NewcomerRing(1 << 20, 3);
        byte[] empty = new byte[0];
        assertAllTaken(3, empty, ring);
        assertFalse(offer(ring, empty));
        ring.remove();
        assertTrue(offer(ring, empty));
        ring.clear();
        assertEquals(0, ring.size());
        assertTrue(offer(ring, new byte[NewcomerRing.MAX_PAYLOAD]));
    }

    @Example
    void shouldRefuseToBeTooSmallForADatagram() {
        assertThrows(IllegalArgumentException.class, () -> new NewcomerRing(NewcomerRing.MIN_CAPACITY_BYTES - 1, 1));
    }
}
