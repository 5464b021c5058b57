package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;

/** Through memory; {@link SocketsTest} holds the layout against the kernel. */
class SocketAddressTest {
    @Property
    void shouldRoundTripAnyAddressAndPort(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(max = 65535) int port) {
        Endpoint endpoint = new Endpoint(new IpAddress(high, low), port);
        SocketAddress address = new SocketAddress().set(endpoint.address(), port);
        assertEquals(endpoint, address.endpoint());
        assertEquals(high, address.high());
        assertEquals(low, address.low());
    }

    @Property
    void shouldRoundTripAnyIpv4Address(@ForAll int ipv4, @ForAll @IntRange(max = 65535) int port) {
        SocketAddress address = new SocketAddress().set(IpAddress.ofIpv4(ipv4), port);
        assertEquals(AF_INET, address.family());
        assertEquals(16, address.length());
        assertEquals(new Endpoint(IpAddress.ofIpv4(ipv4), port), address.endpoint());
    }

    @Example
    void shouldLeaveNothingOfIpv6WhenSetToIpv4() {
        SocketAddress address = new SocketAddress().set(new IpAddress(-1, -1), 65535);
        assertEquals(AF_INET6, address.family());
        assertEquals(28, address.length());
        address.set(Loopback.ADDRESS, 80);
        assertEquals("127.0.0.1:80", address.endpoint().toString());
    }

    @Property
    void shouldRoundTripInForeignMemoryWithScope(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(max = 65535) int port, @ForAll int scope) {
        UnsafeBuffer memory = new UnsafeBuffer(new byte[8 + SocketAddress.SIZE + 8]);
        memory.setMemory(0, memory.capacity(), (byte) 0x55);
        int length = SocketAddress.put(memory, 8, high, low, port, scope);
        assertEquals(high, SocketAddress.high(memory, 8));
        assertEquals(low, SocketAddress.low(memory, 8));
        assertEquals(port, SocketAddress.port(memory, 8));
        assertEquals(length == SocketAddress.SIZE ? scope : 0, SocketAddress.scope(memory, 8));
        assertEquals(0x5555_5555_5555_5555L, memory.getLong(0));
        assertEquals(0x5555_5555_5555_5555L, memory.getLong(8 + SocketAddress.SIZE));
    }
}
