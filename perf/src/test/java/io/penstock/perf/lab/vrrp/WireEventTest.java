package io.penstock.perf.lab.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.perf.lab.vrrp.WireEvent.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of tcpdump 4.99. */
final class WireEventTest {
    private static final String VIP = "192.0.2.10";
    private static final String F1 = "02:00:00:00:00:01";
    private static final String F2 = "02:00:00:00:00:02";

    @Test
    void shouldReadAdvertisement() {
        String line =
                "1795346865.123456789 " + F1 + " > 01:00:5e:00:00:12, ethertype IPv4 (0x0800), length 46: 192.0.2.11 >"
                        + " 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 150, intvl 10cs, length 12";
        assertEquals(
                Optional.of(new WireEvent(1_795_346_865_123_456_789L, F1, Kind.ADVERTISEMENT, 150)),
                WireEvent.of(line, VIP));
    }

    @Test
    void shouldReadGratuitousArp() {
        String line = "1795346865.000000001 " + F2
                + " > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has"
                + " 192.0.2.10 (ff:ff:ff:ff:ff:ff) tell 192.0.2.10, length 28";
        assertEquals(
                Optional.of(new WireEvent(1_795_346_865_000_000_001L, F2, Kind.ANNOUNCEMENT, 0)),
                WireEvent.of(line, VIP));
    }

    @Test
    void shouldReadAcceptedConnection() {
        String line = "1795346865.000000001 " + F2
                + " > 02:00:00:00:00:09, ethertype IPv4 (0x0800), length 74: 192.0.2.10.80 >"
                + " 10.100.0.7.40000: Flags [S.], seq 1, ack 2, win 65160, options [mss 1460], length 0";
        assertEquals(Kind.REPLY, WireEvent.of(line, VIP).orElseThrow().kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1795346865.000000001 02:00:00:00:00:09 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has"
                        + " 192.0.2.10 tell 192.0.2.2, length 28",
                "1795346865.000000001 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has"
                        + " 192.0.2.11 (ff:ff:ff:ff:ff:ff) tell 192.0.2.11, length 28",
                "tcpdump: verbose output suppressed"
            })
    void shouldPassOverAllElse(String line) {
        assertEquals(Optional.empty(), WireEvent.of(line, VIP));
    }

    @Test
    void shouldCountFromLastAdvertisementOfTheDead() {
        List<WireEvent> events = List.of(
                new WireEvent(1_000_000, F1, Kind.ADVERTISEMENT, 150),
                new WireEvent(2_000_000, F1, Kind.ADVERTISEMENT, 150),
                new WireEvent(5_000_000, F2, Kind.ADVERTISEMENT, 100),
                new WireEvent(6_000_000, F2, Kind.ANNOUNCEMENT, 0),
                new WireEvent(6_500_000, F2, Kind.ANNOUNCEMENT, 0),
                new WireEvent(7_000_000, F2, Kind.REPLY, 0),
                new WireEvent(9_000_000, F1, Kind.ADVERTISEMENT, 150));
        Failover failover = Failover.of(
                events, event -> event.mac().equals(F1), event -> event.mac().equals(F2));
        assertEquals(new Failover(3, 4, 5), failover);
    }
}
