package io.penstock.net;

/**
 * An address and a port, printed as {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
 *
 * @param port 0 to 65535; 0 means "not given" where the holder allows that
 */
public record Endpoint(IpAddress address, int port) {
    public static final int MAX_PORT = 65_535;

    public Endpoint {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to 65535 (was " + port + ")");
        }
    }

    @Override
    public String toString() {
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
