package io.penstock.health;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * From where to where a probe goes.
 *
 * @param source null for the one the kernel chooses
 */
record Route(InetSocketAddress target, InetSocketAddress source) {
    static Route of(Endpoint target, HealthCheck.Origin origin) {
        return new Route(
                new InetSocketAddress(inetAddress(target.address()), target.port()),
                origin.source()
                        .map(source -> new InetSocketAddress(inetAddress(source), 0))
                        .orElse(null));
    }

    boolean isIpv4() {
        return target.getAddress().getAddress().length == 4;
    }

    private static InetAddress inetAddress(IpAddress address) {
        ByteBuffer octets = address.isIpv4()
                ? ByteBuffer.allocate(4).putInt(address.ipv4())
                : ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low());
        try {
            return InetAddress.getByAddress(octets.array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }
}
