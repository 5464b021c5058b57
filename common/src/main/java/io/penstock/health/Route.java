package io.penstock.health;

import io.netty.channel.unix.DomainSocketAddress;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * From where to where a probe goes.
 *
 * @param source null for the one the kernel chooses
 */
record Route(SocketAddress target, InetSocketAddress source) {
    static Route of(Endpoint target, HealthCheck.Origin origin) {
        if (target.unix().isPresent()) {
            return new Route(unixAddress(target.unix().get()), null);
        }
        return new Route(
                new InetSocketAddress(inetAddress(target.address()), target.port()),
                origin.source()
                        .map(source -> new InetSocketAddress(inetAddress(source), 0))
                        .orElse(null));
    }

    boolean isIpv4() {
        return target instanceof InetSocketAddress inet && inet.getAddress().getAddress().length == 4;
    }

    boolean isUnix() {
        return target instanceof DomainSocketAddress;
    }

    private static DomainSocketAddress unixAddress(UnixAddress unix) {
        // As Netty's native code takes an abstract name.
        return new DomainSocketAddress(unix.isAbstract() ? "\0" + unix.name().substring(1) : unix.name());
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
