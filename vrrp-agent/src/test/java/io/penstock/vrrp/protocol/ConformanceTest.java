package io.penstock.vrrp.protocol;

import static io.penstock.vrrp.protocol.RouterRig.HIGHER;
import static io.penstock.vrrp.protocol.RouterRig.LOWER;
import static io.penstock.vrrp.protocol.RouterRig.MS;
import static io.penstock.vrrp.protocol.RouterRig.assertActions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Decoded.Invalid;
import io.penstock.vrrp.protocol.Decoded.Valid;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 9568 with its errata, requirement by requirement; each test is named by the section, and by its place where there are several. */
class ConformanceTest {
    /** What neither the codec nor the state machine can show, and what does. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "5.2.4", "the configuration's reader: priority 1 to 254, or owner",
            "6.4.2-1",
                    "interoperation: a backup has no VIP, so it answers neither ARP nor neighbor solicitations nor clients",
            "7.2", "interoperation with a virtual MAC: source of frames and of answers",
            "8.1.2", "interoperation with a virtual MAC: gratuitous ARP only once the address and the MAC are there",
            "8.2.2", "interoperation with a virtual MAC: the same of neighbor advertisements",
            "6.4.3-3", "not offered: router advertisements, for this is no IPv6 router",
            "8.4.2", "not offered: both versions at a time");

    private static final Set<String> REQUIREMENTS = Set.of(
            "5.1.1.3",
            "5.1.2.3",
            "5.2.2",
            "5.2.4",
            "5.2.5",
            "5.2.6",
            "5.2.7",
            "5.2.8",
            "5.2.9",
            "7.1-1",
            "7.1-2",
            "7.1-3",
            "7.1-4",
            "7.1-7",
            "6.1",
            "6.4.1",
            "6.4.2-1",
            "6.4.2-7",
            "6.4.2-8",
            "6.4.2-9",
            "6.4.2-10",
            "6.4.3-3",
            "6.4.3-8",
            "6.4.3-10",
            "6.4.3-11",
            "6.4.3-12",
            "7.2",
            "8.1.2",
            "8.2.2",
            "8.3.2",
            "8.4.2",
            "2.5");

    @Test
    void shouldMissNoRequirement() {
        Set<String> shown = Arrays.stream(ConformanceTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(DisplayName.class))
                .map(ConformanceTest::requirement)
                .collect(Collectors.toCollection(TreeSet::new));
        shown.addAll(ELSEWHERE.keySet());
        assertEquals(
                new TreeSet<>(REQUIREMENTS),
                shown.stream().filter(id -> !id.startsWith("RFC 3768")).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String requirement(Method method) {
        return method.getAnnotation(DisplayName.class).value().split(":", 2)[0];
    }

    @Test
    @DisplayName("5.1.1.3: a TTL other than 255 is discarded")
    void ttl() {
        assertRejected(Rejection.TTL, GoldenPacket.V3, GoldenPacket.V3.octets(), 254);
        assertInstanceOf(Valid.class, GoldenPacket.V3.decode(GoldenPacket.V3.octets()));
    }

    @Test
    @DisplayName("5.1.2.3: a hop limit other than 255 is discarded")
    void hopLimit() {
        assertRejected(Rejection.TTL, GoldenPacket.V6, GoldenPacket.V6.octets(), 254);
        assertInstanceOf(Valid.class, GoldenPacket.V6.decode(GoldenPacket.V6.octets()));
    }

    @Test
    @DisplayName("5.2.2: another type than 1 is discarded")
    void type() {
        for (int type = 0; type < 16; type++) {
            byte[] octets = GoldenPacket.V3.octets();
            octets[0] = (byte) (0x30 | type);
            Decoded decoded = GoldenPacket.V3.decode(octets);
            assertEquals(type == 1, decoded instanceof Valid, "type " + type);
            assertTrue(type == 1 || decoded.equals(new Invalid(Rejection.TYPE)), decoded::toString);
        }
    }

    @Test
    @DisplayName("7.1-2: the type is looked at before the checksum")
    void typeBeforeChecksum() {
        byte[] octets = GoldenPacket.V3.octets();
        octets[0] = 0x32;
        assertEquals(new Invalid(Rejection.TYPE), GoldenPacket.V3.decode(octets));
    }

    @Test
    @DisplayName("7.1-1: another version is discarded")
    void version() {
        byte[] octets = GoldenPacket.V3.octets();
        octets[0] = 0x21;
        assertEquals(new Invalid(Rejection.VERSION), GoldenPacket.V3.decode(octets));
        assertEquals(
                new Invalid(Rejection.VERSION),
                GoldenPacket.V2.decode(GoldenPacket.V2.octets(), 255, GoldenPacket.V3.rules()));
    }

    @Test
    @DisplayName("5.2.5: a count of 0 is ignored (erratum 8299)")
    void countZero() {
        for (GoldenPacket golden : List.of(GoldenPacket.V3, GoldenPacket.V6)) {
            byte[] octets = Arrays.copyOf(golden.octets(), 8);
            octets[3] = 0;
            assertRejected(Rejection.ADDRESS, golden, repaired(golden, octets), 255);
        }
    }

    @Test
    @DisplayName("5.2.6: reserved bits are zero when sent and ignored when received")
    void reservedBits() {
        byte[] octets = GoldenPacket.V3.octets();
        octets[4] = (byte) 0xf0;
        assertEquals(
                new Valid(GoldenPacket.V3.advertisement(), ChecksumForm.RFC5798),
                GoldenPacket.V3.decode(repaired(GoldenPacket.V3, octets)));

        UnsafeBuffer sent = new UnsafeBuffer(new byte[16]);
        Advertisement longest = new Advertisement(Version.V3, 1, 1, Duration.ofMillis(40_950), RouterRig.VIPS);
        AdvertisementCodec.encode(longest, ChecksumForm.RFC9568, LOWER, HIGHER, Optional.empty(), sent);
        assertEquals(0x0f, sent.getByte(4));
        assertEquals((byte) 0xff, sent.getByte(5));
    }

    @Test
    @DisplayName("5.2.7: an interval of 0 is discarded (erratum 8301)")
    void intervalZero() {
        byte[] octets = GoldenPacket.V3.octets();
        octets[4] = (byte) 0xf0;
        octets[5] = 0;
        assertRejected(Rejection.INTERVAL, GoldenPacket.V3, repaired(GoldenPacket.V3, octets), 255);
    }

    @Test
    @DisplayName("5.2.8: each single wrong bit is noticed, in both checksum forms")
    void everyBit() {
        for (GoldenPacket golden : GoldenPacket.ALL) {
            for (int bit = 0; bit < golden.octets().length * 8; bit++) {
                byte[] octets = golden.octets();
                octets[bit / 8] ^= (byte) (1 << bit % 8);
                assertInstanceOf(Invalid.class, golden.decode(octets), golden + ", bit " + bit);
            }
        }
    }

    @Test
    @DisplayName("5.2.9: the first IPv6 address is link-local, or it is discarded (erratum 8300)")
    void firstAddress() {
        byte[] octets = GoldenPacket.V6.octets();
        System.arraycopy(GoldenPacket.V6.octets(), 24, octets, 8, 16);
        System.arraycopy(GoldenPacket.V6.octets(), 8, octets, 24, 16);
        assertRejected(Rejection.ADDRESS, GoldenPacket.V6, repaired(GoldenPacket.V6, octets), 255);
    }

    @Test
    @DisplayName("7.1-3: neither less nor more than a whole packet is accepted")
    void wholePacket() {
        for (GoldenPacket golden : GoldenPacket.ALL) {
            byte[] octets = golden.octets();
            for (int length = 0; length < octets.length + 20; length++) {
                Decoded decoded = golden.decode(Arrays.copyOf(octets, length));
                assertEquals(length == octets.length, decoded instanceof Valid, golden + ", octets " + length);
                assertTrue(length == octets.length || decoded.equals(new Invalid(Rejection.LENGTH)), decoded::toString);
            }
        }
    }

    @Test
    @DisplayName("7.1-4: the owner logs what it hears and does not discard it (erratum 8298)")
    void ownerHears() {
        RouterRig owner = new RouterRig().priority(255).in(State.ACTIVE);
        assertActions(owner.hear(100, HIGHER), "Notice DUPLICATE_ACTIVE", "Send 255", "AnnounceAgain");
        assertActions(owner.hear(0, HIGHER), "Send 255");
    }

    @Test
    @DisplayName("7.1-7: another interval or other addresses are noted and accepted")
    void otherConfiguration() {
        RouterRig backup = new RouterRig().in(State.BACKUP);
        List<IpAddress> others = List.of(LOWER, HIGHER);
        Advertisement heard = new Advertisement(Version.V3, 51, 200, Duration.ofMillis(500), others);
        assertActions(
                backup.after(700).hear(heard, HIGHER),
                "Notice CONFIGURATION_DIFFERS",
                "Notice CONFIGURATION_DIFFERS",
                "LetGo");
        assertEquals(Optional.of(HIGHER), backup.router.view().active());
    }

    @Test
    @DisplayName("6.4.1: the owner is active at once, all others wait")
    void startup() {
        RouterRig owner = new RouterRig().priority(255);
        assertActions(owner.start(), "Send 255", "TakeOver", "Tell active");
        assertEquals(1000 * MS, owner.waitsNs());

        RouterRig other = new RouterRig().priority(254);
        assertActions(other.start(), "Tell backup");
        assertEquals(3_007_812_500L, other.waitsNs());
    }

    @Test
    @DisplayName("6.4.2-7: after silence the advertisement goes first, then the addresses come")
    void silence() {
        RouterRig backup = new RouterRig().in(State.BACKUP);
        assertEquals(3_609_375_000L, backup.waitsNs());
        backup.nowNs += 3_609_374_999L;
        assertActions(backup.deadline());
        assertActions(backup.silence(), "Send 100", "TakeOver", "Tell active");
        assertEquals(1000 * MS, backup.waitsNs());
    }

    @Test
    @DisplayName("6.4.2-8: after priority 0 only the skew is waited for")
    void priorityZero() {
        RouterRig backup = new RouterRig().in(State.BACKUP);
        backup.hear(200, HIGHER);
        assertActions(backup.after(500).hear(0, HIGHER));
        assertEquals(609_375_000L, backup.waitsNs());
    }

    @Test
    @DisplayName("6.4.2-9: from as high a priority, or without preemption, interval and timer are taken over")
    void follows() {
        for (RouterRig backup :
                List.of(new RouterRig(), new RouterRig().noPreempt().priority(101))) {
            backup.in(State.BACKUP).after(900);
            Advertisement heard = new Advertisement(Version.V3, 51, 100, Duration.ofSeconds(3), RouterRig.VIPS);
            assertActions(backup.hear(heard, LOWER), "Notice CONFIGURATION_DIFFERS", "LetGo");
            assertEquals(9_000 * MS + (256L - backup.priority) * 3_000 * MS / 256, backup.waitsNs());
            assertEquals(Duration.ofSeconds(3), backup.router.view().interval());
        }
    }

    @Test
    @DisplayName("6.4.2-10: with preemption a lower priority is discarded and the timer runs on")
    void preempts() {
        RouterRig backup = new RouterRig().in(State.BACKUP);
        long deadlineNs = backup.router.deadlineNs();
        Advertisement heard = new Advertisement(Version.V3, 51, 99, Duration.ofSeconds(3), RouterRig.VIPS);
        backup.after(3000).hear(heard, HIGHER);
        assertEquals(deadlineNs, backup.router.deadlineNs());
        assertEquals(Duration.ofSeconds(1), backup.router.view().interval());
    }

    @Test
    @DisplayName("6.4.3-8: an active router that is stopped says so with priority 0")
    void stop() {
        RouterRig active = new RouterRig().in(State.ACTIVE);
        assertActions(active.router.stop(active.nowNs), "Send 0", "LetGo", "Tell initialize");
        assertEquals(Long.MAX_VALUE, active.router.deadlineNs());
    }

    @Test
    @DisplayName("6.4.3-10: an active router answers priority 0 and starts its timer anew")
    void activeHearsPriorityZero() {
        RouterRig active = new RouterRig().in(State.ACTIVE);
        assertActions(active.after(600).hear(0, HIGHER), "Send 100");
        assertEquals(1000 * MS, active.waitsNs());
    }

    @Test
    @DisplayName("6.4.3-11: a higher priority, or the same at a higher address, makes it a backup with that interval")
    void yields() {
        Map<Integer, IpAddress> winners = Map.of(101, LOWER, 100, HIGHER);
        winners.forEach((priority, source) -> {
            RouterRig active = new RouterRig().in(State.ACTIVE);
            Advertisement heard = new Advertisement(Version.V3, 51, priority, Duration.ofMillis(500), RouterRig.VIPS);
            assertActions(
                    active.after(300).hear(heard, source), "Notice CONFIGURATION_DIFFERS", "LetGo", "Tell backup");
            assertEquals(1_804_687_500L, active.waitsNs());
        });
    }

    @Test
    @DisplayName("6.4.3-12: anything else is answered at once, and its own timer runs on")
    void asserts() {
        Map<Integer, IpAddress> losers = Map.of(99, HIGHER, 100, LOWER);
        losers.forEach((priority, source) -> {
            RouterRig active = new RouterRig().in(State.ACTIVE);
            assertActions(
                    active.after(300).hear(priority, source), "Notice DUPLICATE_ACTIVE", "Send 100", "AnnounceAgain");
            assertEquals(700 * MS, active.waitsNs());
        });
    }

    @Test
    @DisplayName(
            "6.1: an active router yields whether it preempts or not, and addresses decide only between active ones")
    void preemptionAndTies() {
        RouterRig active = new RouterRig().noPreempt().in(State.ACTIVE);
        assertActions(active.hear(101, LOWER), "LetGo", "Tell backup");

        RouterRig backup = new RouterRig().in(State.BACKUP);
        backup.after(1000).hear(100, LOWER);
        assertEquals(3_609_375_000L, backup.waitsNs());

        RouterRig owner = new RouterRig().noPreempt().priority(255).in(State.ACTIVE);
        owner.router.handOver(Duration.ZERO, owner.nowNs);
        long deadlineNs = owner.router.deadlineNs();
        owner.after(1000).hear(254, HIGHER);
        assertEquals(deadlineNs, owner.router.deadlineNs());
    }

    @Test
    @DisplayName("8.3.2: several owners are told of")
    void severalOwners() {
        RouterRig owner = new RouterRig().priority(255).in(State.ACTIVE);
        assertActions(owner.hear(255, HIGHER), "Notice SEVERAL_OWNERS", "LetGo", "Tell backup");
        assertActions(owner.hear(255, HIGHER), "Notice SEVERAL_OWNERS");
    }

    @Test
    @DisplayName("2.5: a router that is too late for its own interval says so")
    void tooShortAnInterval() {
        RouterRig active = new RouterRig().interval(Duration.ofMillis(10)).in(State.ACTIVE);
        assertActions(active.after(30).deadline(), "LetGo", "Notice LATE", "Tell backup");
    }

    @Test
    @DisplayName("RFC 3768 6.1: the skew of version 2 does not depend on the interval")
    void skewOfVersion2() {
        RouterRig backup = new RouterRig().version(Version.V2).interval(Duration.ofSeconds(10));
        backup.start();
        assertEquals(30_609_375_000L, backup.waitsNs());
    }

    @Test
    @DisplayName("RFC 3768 7.1: version 2 discards another interval and other authentication")
    void receptionOfVersion2() {
        GoldenPacket golden = GoldenPacket.V2;
        ReceiveRules slower = new ReceiveRules(Version.V2, 255, Optional.of(Duration.ofSeconds(2)), golden.password());
        ReceiveRules open = new ReceiveRules(Version.V2, 255, Optional.of(Duration.ofSeconds(1)), Optional.empty());
        assertEquals(new Invalid(Rejection.INTERVAL), golden.decode(golden.octets(), 255, slower));
        assertEquals(new Invalid(Rejection.AUTHENTICATION), golden.decode(golden.octets(), 255, open));
    }

    @Test
    @DisplayName("RFC 3768 6.4.3: an active router of version 2 discards a lower priority in silence")
    void lowerPriorityInVersion2() {
        RouterRig active = new RouterRig().version(Version.V2).in(State.ACTIVE);
        assertActions(active.hear(99, HIGHER), "Notice DUPLICATE_ACTIVE", "AnnounceAgain");
    }

    private static void assertRejected(Rejection why, GoldenPacket golden, byte[] octets, int ttl) {
        assertEquals(new Invalid(why), golden.decode(octets, ttl, golden.rules()));
    }

    /** With the right checksum, of the form with a pseudo-header. */
    private static byte[] repaired(GoldenPacket golden, byte[] octets) {
        UnsafeBuffer buffer = new UnsafeBuffer(octets);
        buffer.putShort(6, (short) 0);
        long sum = InternetChecksum.sum(buffer, 0, octets.length)
                + InternetChecksum.pseudoHeader(golden.source(), golden.destination(), octets.length);
        int checksum = InternetChecksum.checksum(sum);
        octets[6] = (byte) (checksum >>> 8);
        octets[7] = (byte) checksum;
        return octets;
    }
}
