package io.penstock.netlink;

import static io.penstock.netlink.Rtnetlink.NLM_F_ACK;
import static io.penstock.netlink.Rtnetlink.NLM_F_CREATE;
import static io.penstock.netlink.Rtnetlink.NLM_F_REPLACE;
import static io.penstock.netlink.Rtnetlink.NLM_F_REQUEST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Octets that Linux 6.18 has accepted, and what was then there. */
class RouteCodecTest {
    private static final int REPLACING = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;

    private final MessageWriter writer = new MessageWriter(1024);

    @Test
    void shouldWriteAMultipathRoute() {
        Route route = new Route(
                IpPrefix.parse("198.18.0.0/24").orElseThrow(),
                Route.MAIN_TABLE,
                99,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                0,
                0,
                List.of(hop("192.0.2.2", 3, 1), hop("192.0.2.3", 3, 3)));

        RouteMessage.encode(writer.begin(Rtnetlink.RTM_NEWROUTE, REPLACING, 0), route);

        assertOctets(
                "48000000 18000505 00000000 00000000 02180000 fe630001 00000000 08000100 c6120000"
                        + "24000900 10000000 03000000 08000500 c0000202 10000002 03000000 08000500 c0000203",
                writer);
        assertEquals(Optional.of(route), parsed());
    }

    @Test
    void shouldWriteWhatDoesNotFitIntoTheHeaderAsAttributes() {
        Route route = new Route(
                IpPrefix.parse("2001:db8::10/128").orElseThrow(),
                1000,
                210,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                5,
                210_010,
                List.of());

        RouteMessage.encode(writer.begin(Rtnetlink.RTM_NEWROUTE, REPLACING, 0), route);

        assertOctets(
                "48000000 18000505 00000000 00000000 0a800000 00d20001 00000000"
                        + "14000100 20010db8 00000000 00000000 00000010"
                        + "08000f00 e8030000 08000600 05000000 08001e00 5a340300",
                writer);
        assertEquals(Optional.of(route), parsed());
    }

    @Test
    void shouldWriteAResilientGroup() {
        NextHop group = new NextHop(
                10,
                99,
                new Group(
                        List.of(new Member(1, 1), new Member(2, 3)),
                        Optional.of(new Resilience(64, Duration.ofMinutes(2), Duration.ZERO))));

        NextHops.encode(writer.begin(Rtnetlink.RTM_NEWNEXTHOP, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, 0), group);

        assertOctets(
                "58000000 68000504 00000000 00000000 00006300 00000000 08000100 0a000000"
                        + "14000200 01000000 00000000 02000000 02000000 06000300 01000000"
                        + "1c000c80 06000100 40000000 08000200 e02e0000 08000300 00000000",
                writer);
        assertEquals(
                Optional.of(group), NextHopParser.parse(buffer(), MessageWriter.HEADER_BYTES, writer.lengthBytes()));
    }

    @Test
    void shouldWriteALeg() {
        NextHop leg =
                new NextHop(1, 210, new NextHop.Leg(IpAddress.parse("192.0.2.2").orElseThrow(), 3));

        NextHops.encode(writer.begin(Rtnetlink.RTM_NEWNEXTHOP, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, 0), leg);

        assertOctets(
                "30000000 68000504 00000000 00000000 0200d200 00000000 08000100 01000000"
                        + "08000600 c0000202 08000500 03000000",
                writer);
        assertEquals(Optional.of(leg), NextHopParser.parse(buffer(), MessageWriter.HEADER_BYTES, writer.lengthBytes()));
    }

    /** From Linux 6.12 on weights have 16 bits. */
    @Test
    void shouldReadAWeightOfMoreThan256() {
        writer.zero(8).attribute32(NextHops.NHA_ID, 7);
        int at = writer.beginAttribute(NextHops.NHA_GROUP);
        writer.u32(1).u8(0).u8(1).u16(0).endAttribute(at);

        NextHop group = NextHopParser.parse(buffer(), 0, writer.lengthBytes()).orElseThrow();

        assertEquals(new Group(List.of(new Member(1, 257)), Optional.empty()), group.target());
    }

    private static RouteHop hop(String gateway, int link, int weight) {
        return new RouteHop(IpAddress.parse(gateway).orElseThrow(), link, weight);
    }

    private Optional<Route> parsed() {
        return RouteParser.parse(buffer(), MessageWriter.HEADER_BYTES, writer.lengthBytes());
    }

    private UnsafeBuffer buffer() {
        return new UnsafeBuffer(writer.toArray());
    }

    private static void assertOctets(String expected, MessageWriter writer) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(writer.toArray()));
    }
}
