package io.penstock.perf.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.perf.announce.Packet.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketTest {
    @Test
    void shouldReadRefusedProbeOnce() {
        String line =
                "1763848000.123456789 lo    %s  IP 127.0.0.1.8080 > 127.0.0.1.51234: Flags [R.], seq 0, ack 7, win 0, length 0";
        assertEquals(
                Optional.of(new Packet(1_763_848_000_123_456_789L, Kind.REFUSAL)), Packet.of(line.formatted("In")));
        assertEquals(Optional.empty(), Packet.of(line.formatted("Out")));
    }

    @Test
    void shouldReadWithdrawal() {
        String line =
                "1763848000.000000001 router Out IP 198.51.100.2.40000 > 198.51.100.1.179: Flags [P.], seq 1:29, ack 1,"
                        + " win 64, length 28: BGP";
        assertEquals(Optional.of(new Packet(1_763_848_000_000_000_001L, Kind.WITHDRAWAL)), Packet.of(line));
    }

    @Test
    void shouldReadArrival() {
        String line =
                "1763848000.000000002 router In  IP 198.51.100.1 > 192.0.2.10: ICMP echo request, id 1, seq 9, length 64";
        assertEquals(Optional.of(new Packet(1_763_848_000_000_000_002L, Kind.ARRIVAL)), Packet.of(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dropped privs to tcpdump",
                "1763848000.1 lo In IP 127.0.0.1.8080 > 127.0.0.1.51234: Flags [R.], length 0",
                "1763848000.123456789 router In  IP 198.51.100.1 > 192.0.2.10: ICMP echo reply, id 1, seq 9, length 64",
                "1763848000.123456789 router Out IP 198.51.100.2.40000 > 198.51.100.1.179: Flags [S], seq 1, win 64, length 0"
            })
    void shouldPassOverAnythingElse(String line) {
        assertEquals(Optional.empty(), Packet.of(line));
    }
}
