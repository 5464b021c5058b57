package io.penstock.vrrp.wire;

import static io.penstock.vrrp.wire.Cable.address;
import static io.penstock.vrrp.wire.Cable.assertSent;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another host makes of announcements. */
@Timeout(60)
class AnnouncementKernelFactsTest {
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final String FORMER = "02:00:00:00:00:99";
    private static final String VIRTUAL = "00:00:5e:00:01:34";

    private Cable cable;

    @BeforeEach
    void connect() throws Exception {
        cable = new Cable();
    }

    @AfterEach
    void close() {
        cable.close();
    }

    @Test
    void shouldArriveAsGratuitousArp() throws Exception {
        UnsafeBuffer expected = new UnsafeBuffer(new byte[256]);
        int length = Frames.gratuitousArp(expected, HardwareAddress.parse(VIRTUAL), address(VIP));
        try (Capture capture = cable.capture()) {
            assertSent(announce(VIP, false));
            assertEquals(Cable.hexadecimal(expected, length), capture.arp());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldArriveAsNeighborAdvertisement(boolean forwarding) throws Exception {
        UnsafeBuffer expected = new UnsafeBuffer(new byte[256]);
        int length = Frames.neighborAdvertisement(expected, HardwareAddress.parse(VIRTUAL), address(VIP6), forwarding);
        try (Capture capture = cable.capture()) {
            assertSent(announce(VIP6, forwarding));
            assertEquals(Cable.hexadecimal(expected, length), capture.neighborAdvertisement());
        }
    }

    /** A host that still has the former owner's address would send there until its entry is too old. */
    @ParameterizedTest
    @CsvSource({VIP + ", false", VIP6 + ", false", VIP6 + ", true"})
    void shouldTakeTheAddressOverInTheNeighboursCache(String vip, boolean forwarding) throws Exception {
        cable.there.ip("neigh add " + vip + " lladdr " + FORMER + " dev w nud reachable");
        assertSent(announce(vip, forwarding));
        NetworkNamespace.await(
                "the other address",
                () -> neighbour(vip).get("lladdr").getAsString().equals(VIRTUAL));
        assertEquals(forwarding, neighbour(vip).has("router"));
    }

    private JsonObject neighbour(String address) throws Exception {
        return cable.there.ipJson("neigh show " + address + " dev w").get(0).getAsJsonObject();
    }

    private int announce(String vip, boolean forwarding) throws Exception {
        IpAddress address = address(vip);
        return cable.wire.announce(Cable.index(cable.here, "v"), VIRTUAL, address, forwarding);
    }
}
