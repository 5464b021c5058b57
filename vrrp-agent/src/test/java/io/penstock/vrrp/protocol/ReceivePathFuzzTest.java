package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Decoded.Invalid;
import io.penstock.vrrp.protocol.Decoded.Valid;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * A million packets that were intact once. Each is an advertisement or is refused, with no exception; what is refused changes nothing of a
 * running router, and what is accepted is written as it was read.
 */
class ReceivePathFuzzTest {
    private static final int PACKETS = 1_000_000;
    private static final long SEED = 9568;
    private static final int CAPACITY = 1500;
    private static final int MAX_LENGTH = 100;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final UnsafeBuffer rewritten = new UnsafeBuffer(new byte[CAPACITY]);
    private final Map<GoldenPacket, VirtualRouter> routers = new LinkedHashMap<>();
    private final Map<Rejection, Integer> refused = new EnumMap<>(Rejection.class);
    private int accepted;
    private long nowNs;

    @Test
    void shouldRefuseOrUnderstandWhateverComesIn() {
        for (GoldenPacket golden : GoldenPacket.ALL) {
            Advertisement configured = golden.advertisement();
            RouterSettings settings = new RouterSettings(
                    "fuzzed",
                    configured.version(),
                    configured.vrid(),
                    configured.interval(),
                    true,
                    Duration.ZERO,
                    true,
                    configured.addresses());
            routers.put(golden, new VirtualRouter(settings));
            routers.get(golden).start(conditions(golden), nowNs);
        }
        for (int n = 0; n < PACKETS; n++) {
            nowNs += random.nextLong(5_000_000);
            receive(GoldenPacket.ALL.get(n % GoldenPacket.ALL.size()));
        }
        assertEquals(EnumSet.allOf(Rejection.class), refused.keySet());
        assertTrue(accepted > PACKETS / 20, () -> "only " + accepted + " accepted, refused " + refused);
    }

    private static Conditions conditions(GoldenPacket golden) {
        IpAddress own = GoldenPacket.address(golden.source().isIpv4() ? "192.0.2.9" : "fe80::9");
        return new Conditions(130, Optional.empty(), Optional.of(own));
    }

    private void receive(GoldenPacket golden) {
        VirtualRouter router = routers.get(golden);
        router.onDeadline(nowNs);
        router.onSent(true, nowNs);
        RouterView before = router.view();
        long deadlineNs = router.deadlineNs();

        int offset = random.nextInt(20);
        int length = mutate(golden, offset);
        int ttl = random.nextInt(20) == 0 ? random.nextInt(256) : 255;
        Decoded decoded = AdvertisementCodec.decode(
                buffer, offset, length, golden.source(), golden.destination(), ttl, golden.rules());
        if (decoded instanceof Valid valid) {
            accepted++;
            assertRewritten(golden, valid, length);
            router.onAdvertisement(valid.advertisement(), golden.source(), nowNs);
        } else {
            refused.merge(((Invalid) decoded).rejection(), 1, Integer::sum);
            assertEquals(before, router.view());
            assertEquals(deadlineNs, router.deadlineNs());
        }
    }

    /** All of it but the checksum, which may have been right with the group in place of a peer, and reserved bits. */
    private void assertRewritten(GoldenPacket golden, Valid valid, int length) {
        int written = AdvertisementCodec.encode(
                valid.advertisement(),
                valid.checksum(),
                golden.source(),
                golden.destination(),
                golden.password(),
                rewritten);
        assertEquals(length, written);
        assertEquals(
                valid,
                AdvertisementCodec.decode(
                        rewritten, 0, written, golden.source(), golden.destination(), 255, golden.rules()));
    }

    private int mutate(GoldenPacket golden, int offset) {
        byte[] octets = golden.octets();
        buffer.putBytes(offset, octets);
        int length = octets.length;
        switch (random.nextInt(6)) {
            case 0 -> length = random.nextInt(MAX_LENGTH);
            case 1 -> {
                length = random.nextInt(MAX_LENGTH);
                randomize(offset, length);
            }
            case 2 -> {
                int count = random.nextInt(4);
                length +=
                        (count - buffer.getByte(offset + 3)) * (golden.source().isIpv4() ? 4 : 16);
                buffer.putByte(offset + 3, (byte) count);
            }
            case 3 -> buffer.putByte(offset + random.nextInt(8), (byte) random.nextInt(256));
            default -> flipBits(offset, length, random.nextInt(4));
        }
        if (length >= 8 && random.nextBoolean()) {
            repair(golden, offset, length);
        }
        return length;
    }

    private void randomize(int offset, int length) {
        for (int at = offset; at < offset + length; at++) {
            buffer.putByte(at, (byte) random.nextInt(256));
        }
    }

    private void flipBits(int offset, int length, int bits) {
        for (int n = 0; n < bits; n++) {
            int at = offset + random.nextInt(length);
            buffer.putByte(at, (byte) (buffer.getByte(at) ^ (1 << random.nextInt(8))));
        }
    }

    /** So that what lies behind the checksum is reached too. */
    private void repair(GoldenPacket golden, int offset, int length) {
        buffer.putShort(offset + 6, (short) 0);
        long sum = InternetChecksum.sum(buffer, offset, length);
        if (golden.advertisement().version() == Version.V3) {
            sum += InternetChecksum.pseudoHeader(golden.source(), golden.destination(), length);
        }
        int checksum = InternetChecksum.checksum(sum);
        buffer.putByte(offset + 6, (byte) (checksum >>> 8));
        buffer.putByte(offset + 7, (byte) checksum);
    }
}
