package io.penstock.net;

import java.util.Optional;

/**
 * An address and a port, printed as {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}; or a UNIX socket, printed as {@code
 * unix:/run/web.sock}.
 *
 * @param address of a UNIX socket {@link IpAddress#ANY_IPV6}
 * @param port 0 to 65535; 0 means "not given" where the holder allows that, and a UNIX socket has none
 */
public record Endpoint(IpAddress address, int port, Optional<UnixAddress> unix) {
    public static final int MAX_PORT = 65_535;

    public Endpoint {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to 65535 (was " + port + ")");
        }
    }

    public Endpoint(IpAddress address, int port) {
        this(address, port, Optional.empty());
    }

    public static Endpoint of(UnixAddress unix) {
        return new Endpoint(IpAddress.ANY_IPV6, 0, Optional.of(unix));
    }

    public boolean isUnix() {
        return unix.isPresent();
    }

    @Override
    public String toString() {
        if (unix.isPresent()) {
            return unix.get().toString();
        }
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
