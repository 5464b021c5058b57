package io.penstock.forwarder.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.HandedSession.Addresses;
import io.penstock.forwarder.udp.HandedSession.Progress;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.agrona.concurrent.UnsafeBuffer;

/** What one process writes the next one reads, and nothing else gets through. */
class SessionCodecTest {
    private static final int ROOM = 4096;
    private static final int SHORTEST = 116;
    /** The two counts of datagrams, behind the names. */
    private static final int COUNTS = 16;

    private static final int FD = 7;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ROOM]);

    @Property
    void shouldReadWhatWasWritten(
            @ForAll long seed, @ForAll @StringLength(max = 60) String pool, @ForAll @StringLength(max = 60) String id)
            throws Exception {
        HandedSession first = session(new Random(seed), pool, id);
        HandedSession second = session(new Random(~seed), id, pool);
        int next = SessionCodec.put(buffer, 5, ROOM, first);
        int end = SessionCodec.put(buffer, next, ROOM, second);
        assertEquals(next - 5, SessionCodec.length(buffer, 5, end));
        assertEquals(first, SessionCodec.get(buffer, 5, end, FD));
        assertEquals(second, SessionCodec.get(buffer, next, end, FD));
    }

    @Property
    void shouldNotWriteHalfOfOne(@ForAll long seed, @ForAll @IntRange(max = 300) int room) {
        HandedSession session = session(new Random(seed), "pool", "backend");
        int length = SHORTEST + "pool".length() + "backend".length() + COUNTS;
        assertEquals(room >= length ? length : SessionCodec.NO_ROOM, SessionCodec.put(buffer, 0, room, session));
    }

    /** A length that cannot be said in two octets. */
    @Example
    void shouldNotWriteOneThatIsTooLong() {
        UnsafeBuffer wide = new UnsafeBuffer(new byte[1 << 18]);
        HandedSession session = session(new Random(1), "p".repeat(1 << 16), "b");
        assertEquals(SessionCodec.NO_ROOM, SessionCodec.put(wide, 0, wide.capacity(), session));
    }

    @Property
    void shouldRefuseWhatEndsTooEarly(@ForAll long seed, @ForAll @IntRange(max = 142) int end) {
        int whole = SessionCodec.put(buffer, 0, ROOM, session(new Random(seed), "pool", "backend"));
        assertEquals(143, whole);
        assertThrows(TakeOverException.class, () -> SessionCodec.get(buffer, 0, end, FD));
    }

    /** An earlier version ends with the backend's id. */
    @Example
    void shouldTakeOneWithoutCountsForOneWithNone() throws Exception {
        HandedSession session = session(new Random(1), "pool", "b");
        int end = SessionCodec.put(buffer, 0, ROOM, session) - COUNTS;
        buffer.putShort(0, (short) end, ByteOrder.LITTLE_ENDIAN);
        Progress read = SessionCodec.get(buffer, 0, end, FD).progress();
        assertEquals(0, read.datagramsToBackend());
        assertEquals(0, read.datagramsToClient());
        assertEquals(session.progress().bytesToClient(), read.bytesToClient());
    }

    /** A later version says more of each session. */
    @Example
    void shouldPassOverWhatItDoesNotKnow() throws Exception {
        HandedSession first = session(new Random(1), "pool", "b");
        int next = SessionCodec.put(buffer, 0, ROOM, first) + 9;
        buffer.putShort(0, (short) next, ByteOrder.LITTLE_ENDIAN);
        int end = SessionCodec.put(buffer, next, ROOM, first);
        assertEquals(first, SessionCodec.get(buffer, 0, end, FD));
        assertEquals(first, SessionCodec.get(buffer, SessionCodec.length(buffer, 0, end), end, FD));
    }

    /** Octets of a session changed, or none of them right: it is read as one that can be, or refused. */
    @Property(tries = 20_000)
    void shouldReadNothingThatCannotBe(@ForAll long seed, @ForAll @IntRange(max = 127) int changes) {
        Random random = new Random(seed);
        int end = SessionCodec.put(buffer, 0, ROOM, session(random, "pool", "backend"));
        for (int i = 0; i < changes; i++) {
            buffer.putByte(random.nextInt(end), (byte) random.nextInt());
        }
        try {
            HandedSession read = SessionCodec.get(buffer, 0, end, FD);
            assertTrue(read.listener() >= 0);
            assertTrue(read.progress().stage() >= 0 && read.progress().stage() <= Progress.MAX_STAGE);
            assertTrue(read.progress().idleNs() >= 0
                    && read.progress().ageNs() >= read.progress().idleNs());
            assertTrue(read.backend().pool().length() + read.backend().id().length() <= end - SHORTEST);
        } catch (TakeOverException refused) {
            assertEquals("not what was to come: expected a session", refused.getMessage());
        }
    }

    private static HandedSession session(Random random, String pool, String id) {
        long idleNs = random.nextLong(1L << 40);
        return new HandedSession(
                random.nextInt(1 << 20),
                FD,
                new Addresses(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(65_536),
                        random.nextInt(),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(65_536)),
                new Backend.Key(pool, id, new IpAddress(random.nextLong(), random.nextLong()), random.nextInt(65_536)),
                new Progress(
                        random.nextInt(3),
                        random.nextBoolean(),
                        random.nextLong(),
                        idleNs + random.nextLong(1L << 40),
                        idleNs,
                        random.nextLong(Long.MAX_VALUE),
                        random.nextLong(Long.MAX_VALUE),
                        random.nextLong(Long.MAX_VALUE),
                        random.nextLong(Long.MAX_VALUE)));
    }
}
