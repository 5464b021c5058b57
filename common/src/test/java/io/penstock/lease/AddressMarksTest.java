package io.penstock.lease;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Route;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressMarksTest {
    private static final String OLD = "5.15.0-91-generic";

    private static InterfaceAddress marked(int protocol) {
        IpAddress loopback = IpAddress.parse("::1").orElseThrow();
        return new InterfaceAddress(1, loopback, 128, 0, Route.SCOPE_UNIVERSE, protocol, InterfaceAddress.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, "5.17.99", "4.18.0-553.el8.x86_64", "5.2", "3.10"})
    void shouldRefuseAKernelThatKeepsNoMarks(String release) {
        IOException refused = assertThrows(IOException.class, () -> AddressMarks.require(List.of(marked(0)), release));
        assertEquals(
                "Linux 5.18 or a later one is needed, which keeps marks of whose an address is: this is " + release,
                refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.18.0", "5.19-rc1", "6.1.0-18-amd64", "10.0", "something else", "99999.1"})
    void shouldTakeOneThatDoes(String release) {
        assertDoesNotThrow(() -> AddressMarks.require(List.of(marked(0)), release));
    }

    /** As vendors' kernels of an old number with news in them do. */
    @ParameterizedTest
    @ValueSource(strings = {OLD, "5.14.0-427.el9.x86_64"})
    void shouldTakeOneThatMarksAddressesOfItsOwn(String release) {
        assertDoesNotThrow(() -> AddressMarks.require(List.of(marked(0), marked(1)), release));
    }
}
