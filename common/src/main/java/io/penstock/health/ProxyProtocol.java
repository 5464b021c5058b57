package io.penstock.health;

import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.net.AddressPair;
import io.penstock.net.IpAddress;
import io.penstock.proxyprotocol.V1Writer;
import io.penstock.proxyprotocol.V2Writer;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** The header of a proxy that speaks for itself. */
final class ProxyProtocol {
    private ProxyProtocol() {}

    /**
     * What goes first on a connection that nobody else is behind. Version 1 has no word for that, so it names the two ends
     * of the connection itself.
     */
    static byte[] ownConnection(ProxyHeader version, InetSocketAddress source, InetSocketAddress target) {
        byte[] octets = new byte[V1Writer.MAX_LENGTH];
        UnsafeBuffer buffer = new UnsafeBuffer(octets);
        int length =
                switch (version) {
                    case NONE -> 0;
                    case V1 -> new V1Writer().write(buffer, 0, addresses(source, target));
                    case V2 -> new V2Writer().beginLocal(buffer, 0).end(false);
                };
        return Arrays.copyOf(octets, length);
    }

    /** As {@link #ownConnection}, over a UNIX socket, whose ends have no addresses of IP. */
    static byte[] unixConnection(ProxyHeader version) {
        byte[] octets = new byte[V1Writer.MAX_LENGTH];
        UnsafeBuffer buffer = new UnsafeBuffer(octets);
        int length =
                switch (version) {
                    case NONE -> 0;
                    case V1 -> new V1Writer().writeUnknown(buffer, 0);
                    case V2 -> new V2Writer().beginLocal(buffer, 0).end(false);
                };
        return Arrays.copyOf(octets, length);
    }

    private static AddressPair addresses(InetSocketAddress source, InetSocketAddress target) {
        IpAddress from = IpAddress.of(source.getAddress());
        IpAddress to = IpAddress.of(target.getAddress());
        return new AddressPair()
                .source(from.high(), from.low(), source.getPort())
                .destination(to.high(), to.low(), target.getPort());
    }
}
