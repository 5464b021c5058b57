package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.penstock.bgp.gobgp.v3.api.AddPathRequest;
import io.penstock.bgp.gobgp.v3.api.AsPathAttribute;
import io.penstock.bgp.gobgp.v3.api.AsSegment;
import io.penstock.bgp.gobgp.v3.api.CommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.Destination;
import io.penstock.bgp.gobgp.v3.api.ExtendedCommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.Family;
import io.penstock.bgp.gobgp.v3.api.IPAddressPrefix;
import io.penstock.bgp.gobgp.v3.api.ListPathResponse;
import io.penstock.bgp.gobgp.v3.api.MpReachNLRIAttribute;
import io.penstock.bgp.gobgp.v3.api.NextHopAttribute;
import io.penstock.bgp.gobgp.v3.api.OriginAttribute;
import io.penstock.bgp.gobgp.v3.api.Path;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.bgp.route.RibPath;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what gobgp 3.10 sent to gobgpd 3.10, and what that answered, taken from the wire. */
class PathCodecTest {
    private static final PathAttributes RECORDED = new PathAttributes(
            Origin.IGP,
            Optional.of(Attributes.address("192.0.2.1")),
            List.of(65_001L, 4_200_000_001L),
            OptionalLong.of(50),
            OptionalLong.of(200),
            new TreeSet<>(List.of(Community.GRACEFUL_SHUTDOWN, new Community(65_001 << 16 | 100))),
            new TreeSet<>(List.of(
                    new ExtendedCommunity(0x0002_fde9_0000_0064L), new ExtendedCommunity(0x0102_c000_0201_0064L))),
            new TreeSet<>(List.of(new LargeCommunity(4_200_000_001L, 9, 1))));

    private static byte[] recorded(String name) throws Exception {
        try (InputStream in = PathCodecTest.class.getResourceAsStream("/gobgp-3.10/" + name + ".hex")) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }

    private static Path listed(String name) throws Exception {
        return ListPathResponse.parseFrom(recorded(name)).getDestination().getPaths(0);
    }

    @Test
    void shouldReadWhatTheDaemonLists() throws Exception {
        assertEquals(
                Optional.of(new RibPath(Attributes.IPV4, RECORDED, true, true)), PathCodec.decode(listed("list-ipv4")));
    }

    @Test
    void shouldSayThatThereIsMoreThanItUnderstands() throws Exception {
        RibPath path = PathCodec.decode(listed("list-ipv6")).orElseThrow();

        // It has an AIGP attribute (RFC 7311).
        assertFalse(path.whole());
        assertEquals(Attributes.IPV6, path.prefix());
        assertEquals(Origin.EGP, path.attributes().origin());
        assertEquals(Optional.empty(), path.attributes().nextHop());
    }

    @Test
    void shouldWriteIpv4AsTheDaemonsOwnClientDoes() throws Exception {
        Path theirs = AddPathRequest.parseFrom(recorded("add-ipv4")).getPath();
        // The client takes an AS of four octets in a route target for one of two, and cuts it.
        RibPath read = PathCodec.decode(theirs).orElseThrow();

        Path ours = PathCodec.encode(read.prefix(), read.attributes());

        assertEquals(theirs.getNlri(), ours.getNlri());
        assertEquals(theirs.getFamily(), ours.getFamily());
        assertEquals(unordered(theirs.getPattrsList()), unordered(ours.getPattrsList()));
    }

    @Test
    void shouldWriteIpv6AsTheDaemonsOwnClientDoes() throws Exception {
        Path theirs = AddPathRequest.parseFrom(recorded("add-ipv6")).getPath();
        RibPath read = PathCodec.decode(theirs).orElseThrow();

        Path ours = PathCodec.encode(read.prefix(), read.attributes());

        assertTrue(read.whole());
        assertEquals(theirs.getNlri(), ours.getNlri());
        assertEquals(theirs.getFamily(), ours.getFamily());
        assertEquals(unordered(theirs.getPattrsList()), unordered(ours.getPattrsList()));
    }

    /** In no order, which is of no meaning, communities neither. */
    private static Set<Object> unordered(List<Any> attributes) throws Exception {
        Set<Object> all = new HashSet<>();
        for (Any attribute : attributes) {
            if (attribute.is(CommunitiesAttribute.class)) {
                all.add(Set.copyOf(attribute.unpack(CommunitiesAttribute.class).getCommunitiesList()));
            } else if (attribute.is(ExtendedCommunitiesAttribute.class)) {
                all.add(Set.copyOf(
                        attribute.unpack(ExtendedCommunitiesAttribute.class).getCommunitiesList()));
            } else {
                all.add(attribute);
            }
        }
        return all;
    }

    @Test
    void shouldReadBackWhatItWrites() {
        for (String nextHop : List.of("192.0.2.1", "2001:db8::1")) {
            PathAttributes attributes = Attributes.all(Optional.of(Attributes.address(nextHop)));
            var prefix = nextHop.contains(":") ? Attributes.IPV6 : Attributes.IPV4;

            assertEquals(
                    Optional.of(new RibPath(prefix, attributes, true, true)),
                    PathCodec.decode(PathCodec.encode(prefix, attributes)));
        }
        for (String prefix : List.of("0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::1/128")) {
            assertEquals(
                    Optional.of(new RibPath(Attributes.prefix(prefix), Attributes.all(Optional.empty()), true, true)),
                    PathCodec.decode(PathCodec.encode(Attributes.prefix(prefix), Attributes.all(Optional.empty()))));
        }
    }

    @Test
    void shouldWriteNothingThatIsNotSaid() {
        assertEquals(2, PathCodec.encode(Attributes.IPV4, PathAttributes.NONE).getPattrsCount());
        assertEquals(2, PathCodec.encode(Attributes.IPV6, PathAttributes.NONE).getPattrsCount());
    }

    @Test
    void shouldNameThePrefixInAWithdrawalAndSayThatItIsOne() {
        for (var prefix : List.of(Attributes.IPV4, Attributes.IPV6)) {
            Path withdrawal = PathCodec.withdrawal(prefix);

            assertTrue(withdrawal.getIsWithdraw());
            assertEquals(PathCodec.encode(prefix, PathAttributes.NONE).getNlri(), withdrawal.getNlri());
            assertEquals(Optional.of(prefix), PathCodec.prefix(withdrawal));
            assertEquals(0, withdrawal.getPattrsCount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.9", "2001:db8::9", "fe80::1%eth0"})
    void shouldTakeANeighboursPathForNoneOfOurs(String neighbour) {
        Path path = PathCodec.encode(Attributes.IPV4, Attributes.marked(1)).toBuilder()
                .setNeighborIp(neighbour)
                .build();

        assertEquals(
                Optional.of(new RibPath(Attributes.IPV4, PathAttributes.NONE, false, false)), PathCodec.decode(path));
    }

    /** Of which there may be a million, in a guard with a small heap. */
    @Test
    void shouldKeepNothingOfANeighboursPathsInAList() {
        Path learned = PathCodec.encode(Attributes.IPV4, Attributes.marked(1)).toBuilder()
                .setNeighborIp("192.0.2.9")
                .build();
        ListPathResponse answer = ListPathResponse.newBuilder()
                .setDestination(Destination.newBuilder()
                        .addPaths(learned)
                        .addPaths(PathCodec.encode(Attributes.IPV4, Attributes.marked(1)))
                        .addPaths(learned))
                .build();
        List<RibPath> paths = GobgpV3.pathsOf(answer).toList();
        assertEquals(
                List.of(false, true, false), paths.stream().map(RibPath::local).toList());
        assertSame(paths.get(0), paths.get(2));
        assertEquals(Attributes.IPV4, paths.get(1).prefix());
    }

    @Test
    void shouldTakeAPathBesideOthersForNoneOfOurs() {
        Path path = PathCodec.encode(Attributes.IPV4, PathAttributes.NONE).toBuilder()
                .setNeighborIp("<nil>")
                .setIdentifier(7)
                .build();

        assertFalse(PathCodec.decode(path).orElseThrow().local());
    }

    @Test
    void shouldLeaveOutWhatIsNoUnicastPrefixOfItsFamily() {
        for (Path path : List.of(
                Path.getDefaultInstance(),
                path(1, 1, "192.0.2.1", 33),
                path(1, 1, "192.0.2.1", 24),
                path(1, 1, "192.0.2.1", -1),
                path(1, 1, "2001:db8::", 32),
                path(1, 1, "", 0),
                path(1, 128, "192.0.2.0", 24),
                path(2, 1, "192.0.2.0", 24),
                path(2, 1, "::ffff:192.0.2.0", 120),
                path(2, 1, "2001:db8::", 129),
                path(25, 70, "192.0.2.0", 24),
                Path.newBuilder()
                        .setFamily(PathCodec.IPV4)
                        .setNlri(Any.pack(PathCodec.IPV4))
                        .build())) {
            assertEquals(Optional.empty(), PathCodec.decode(path));
        }
    }

    private static Path path(int afi, int safi, String address, int bits) {
        return Path.newBuilder()
                .setFamily(Family.newBuilder().setAfiValue(afi).setSafiValue(safi))
                .setNlri(Any.pack(IPAddressPrefix.newBuilder()
                        .setPrefix(address)
                        .setPrefixLen(bits)
                        .build()))
                .build();
    }

    @Test
    void shouldSayThatAPathIsNotWholeWhenAnAttributeIsOfAnotherForm() {
        assertFalse(isWhole(OriginAttribute.newBuilder().setOrigin(3).build()));
        assertFalse(isWhole(NextHopAttribute.newBuilder().setNextHop("router").build()));
        assertFalse(isWhole(MpReachNLRIAttribute.getDefaultInstance()));
        assertFalse(isWhole(MpReachNLRIAttribute.newBuilder()
                .addNextHops("2001:db8::1")
                .addNextHops("fe80::1")
                .build()));
        assertFalse(isWhole(AsPathAttribute.newBuilder()
                .addSegments(
                        AsSegment.newBuilder().setType(AsSegment.Type.AS_SET).addNumbers(1))
                .build()));
        assertFalse(isWhole(Any.getDefaultInstance()));
        assertTrue(isWhole(AsPathAttribute.getDefaultInstance()));
    }

    private static boolean isWhole(Message attribute) {
        Path path = PathCodec.encode(Attributes.IPV4, PathAttributes.NONE).toBuilder()
                .addPattrs(Any.pack(attribute))
                .build();
        return PathCodec.decode(path).orElseThrow().whole();
    }

    @Test
    void shouldNeverFailWhateverADaemonSends() throws Exception {
        Random random = new Random(7);
        byte[][] seeds = {
            listed("list-ipv4").toByteArray(),
            listed("list-ipv6").toByteArray(),
            PathCodec.encode(Attributes.IPV6, Attributes.all(Optional.empty())).toByteArray()
        };
        int understood = 0;
        for (int turn = 0; turn < 20_000; turn++) {
            Path.Builder path = Path.parseFrom(seeds[turn % seeds.length]).toBuilder();
            int index = random.nextInt(path.getPattrsCount() + 1);
            Any any = index < path.getPattrsCount() ? path.getPattrs(index) : path.getNlri();
            Any changed =
                    any.toBuilder().setValue(changed(any.getValue(), random)).build();
            if (index < path.getPattrsCount()) {
                path.setPattrs(index, changed);
            } else {
                path.setNlri(changed);
            }
            understood += PathCodec.decode(path.build()).isPresent() ? 1 : 0;
        }
        assertTrue(understood > 10_000, () -> "too few were paths at all");
    }

    private static ByteString changed(ByteString value, Random random) {
        byte[] octets = value.toByteArray();
        for (int changes = random.nextInt(4); changes >= 0 && octets.length > 0; changes--) {
            octets[random.nextInt(octets.length)] = (byte) random.nextInt();
        }
        return ByteString.copyFrom(octets, 0, random.nextInt(octets.length + 1));
    }
}
