package io.penstock.perf.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DatagramTest {
    private static final int SIZE = 64;

    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2 * SIZE, Long.BYTES));
    private final Datagram datagram = new Datagram();

    @BeforeEach
    void write() {
        datagram.wrap(memory.addressOffset(), 2 * SIZE).fill();
        datagram.wrap(memory.addressOffset(), SIZE).write(7, 3, 1L << 40);
    }

    @Test
    void shouldSayWhoseItIsAndWhichOne() {
        assertTrue(datagram.isIntact(SIZE));
        assertEquals(7, datagram.run());
        assertEquals(3, datagram.lane());
        assertEquals(1L << 40, datagram.sequence());
    }

    @Test
    void shouldNoticeWhenAnyOctetHasChanged() {
        for (int i = 0; i < SIZE; i++) {
            memory.putByte(i, (byte) (memory.getByte(i) ^ 1));
            assertFalse(datagram.isIntact(SIZE), "octet " + i);
            memory.putByte(i, (byte) (memory.getByte(i) ^ 1));
        }
        assertTrue(datagram.isIntact(SIZE));
    }

    @Test
    void shouldNoticeWhenPlacesWereExchanged() {
        long word = memory.getLong(32);
        memory.putLong(32, memory.getLong(40));
        memory.putLong(40, word);
        assertFalse(datagram.isIntact(SIZE));
    }

    @Test
    void shouldNoticeAnotherLength() {
        assertFalse(datagram.wrap(memory.addressOffset(), SIZE - 8).isIntact(SIZE - 8));
        assertFalse(datagram.wrap(memory.addressOffset(), SIZE + 8).isIntact(SIZE));
        assertFalse(datagram.wrap(memory.addressOffset(), 0).isIntact(SIZE));
    }

    @Test
    void shouldRefuseSizesThatCannotBe() {
        Datagram.requireSize(Datagram.HEADER_BYTES);
        Datagram.requireSize(1400);
        assertThrows(IllegalArgumentException.class, () -> Datagram.requireSize(16));
        assertThrows(IllegalArgumentException.class, () -> Datagram.requireSize(65));
        assertThrows(IllegalArgumentException.class, () -> Datagram.requireSize(65_512));
    }
}
