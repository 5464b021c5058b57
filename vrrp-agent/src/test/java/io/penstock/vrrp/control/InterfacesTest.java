package io.penstock.vrrp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterfacesTest {
    private static final IpAddress ADDRESS = Samples.ip("192.0.2.1");

    private final Interfaces interfaces = new Interfaces();

    @Test
    void shouldForgetAddressThatWasRemoved() {
        assertTrue(interfaces.apply(new AddressChanged(FakeNews.address(2, ADDRESS, 0, 0))));
        assertTrue(interfaces.apply(new AddressRemoved(FakeNews.address(2, ADDRESS, 0, 0))));
        assertEquals(List.of(), interfaces.addresses(2));
    }

    @Test
    void shouldTakeRemovalOfAddressOfInterfaceWithoutAny() {
        interfaces.replace(List.of(FakeNews.link(2, "eth0", true, true)), List.of());
        assertFalse(interfaces.apply(new AddressRemoved(FakeNews.address(2, ADDRESS, 0, 0))));
    }
}
