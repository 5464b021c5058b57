package io.penstock.bgp.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import io.penstock.netlink.KernelEvent.Lost;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostAddressesTest {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8::10";

    private final HostAddresses addresses = new HostAddresses();

    @Test
    void shouldHaveWhatCameUntilItGoes() {
        assertTrue(put(VIP, 1, 32, 0));
        assertFalse(put(VIP, 1, 32, 0), "another lifetime");
        assertTrue(addresses.has(Vips.address(VIP)));
        assertTrue(remove(VIP, 1, 32));
        assertFalse(remove(VIP, 1, 32));
        assertFalse(addresses.has(Vips.address(VIP)));
    }

    @Test
    void shouldHaveAddressUntilItIsOnNoInterface() {
        assertTrue(put(VIP, 1, 32, 0));
        assertFalse(put(VIP, 2, 32, 0));
        assertFalse(put(VIP, 2, 24, InterfaceAddress.IFA_F_SECONDARY));
        assertFalse(remove(VIP, 1, 32));
        assertFalse(remove(VIP, 2, 24));
        assertTrue(addresses.has(Vips.address(VIP)));
        assertTrue(remove(VIP, 2, 32));
        assertFalse(addresses.has(Vips.address(VIP)));
    }

    @ParameterizedTest
    @CsvSource({
        "0,    true",
        "0x02, true", // nodad
        "0x20, true", // deprecated: no source of new connections, but it takes them
        "0x40, false", // tentative
        "0x44, false", // tentative, optimistic
        "0x48, false", // tentative, and somebody else has it
        "0x88, false", // permanent, and somebody else has it
    })
    void shouldNotCountAddressThatSomebodyElseMayHave(String flags, boolean usable) {
        assertEquals(usable, put(VIP6, 2, 128, Integer.decode(flags)));
        assertEquals(usable, addresses.has(Vips.address(VIP6)));
    }

    @Test
    void shouldFollowFlags() {
        assertFalse(put(VIP6, 2, 128, InterfaceAddress.IFA_F_TENTATIVE));
        assertTrue(put(VIP6, 2, 128, 0));
        assertTrue(put(VIP6, 2, 128, InterfaceAddress.IFA_F_DADFAILED));
        assertFalse(addresses.has(Vips.address(VIP6)));
    }

    @Test
    void shouldTakeWholeListForAllThereIs() {
        assertTrue(put(VIP, 1, 32, 0));
        assertFalse(addresses.replace(List.of(address(VIP, 7, 24, 0))), "it is elsewhere, but here");
        assertTrue(addresses.replace(
                List.of(address(VIP6, 1, 128, 0), address("2001:db8::11", 1, 128, InterfaceAddress.IFA_F_TENTATIVE))));
        assertFalse(addresses.has(Vips.address(VIP)));
        assertTrue(addresses.has(Vips.address(VIP6)));
        assertFalse(remove(VIP, 7, 24), "told late: it was not in the list any more");
        assertFalse(addresses.apply(new Lost()));
        assertTrue(addresses.replace(List.of()));
    }

    private boolean put(String vip, int link, int bits, int flags) {
        return addresses.apply(new AddressChanged(address(vip, link, bits, flags)));
    }

    private boolean remove(String vip, int link, int bits) {
        return addresses.apply(new AddressRemoved(address(vip, link, bits, 0)));
    }

    private static InterfaceAddress address(String vip, int link, int bits, int flags) {
        return new InterfaceAddress(link, Vips.address(vip), bits, flags, 0, 0, InterfaceAddress.FOREVER);
    }
}
