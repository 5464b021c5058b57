package io.penstock.forwarder.config;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.util.Optional;

/**
 * One entry of {@code listen}: {@code "192.0.2.10:80"}, {@code "[2001:db8::10]:80"}, {@code "0.0.0.0:80"} (all of
 * IPv4), {@code "[::]:80"} (all of IPv6 only) or {@code "*:80"} (both, one dual-stack socket); the port may be a range,
 * {@code "192.0.2.10:8000-8099"}; or any, {@code "192.0.2.10:*"}, for {@code mode: dsr} only. Or a UNIX socket,
 * {@code "unix:/run/web.sock"} or {@code "unix:@web"}.
 *
 * @param dualStack true for {@code *} only; the address is then {@link IpAddress#ANY_IPV6}
 * @param firstPort 0 for any port
 * @param unix then the address is {@link IpAddress#ANY_IPV6} and the ports are 0
 */
public record ListenConfig(
        IpAddress address, boolean dualStack, int firstPort, int lastPort, Optional<UnixAddress> unix) {
    /** For TCP and UDP. */
    public ListenConfig(IpAddress address, boolean dualStack, int firstPort, int lastPort) {
        this(address, dualStack, firstPort, lastPort, Optional.empty());
    }

    public static ListenConfig of(UnixAddress unix) {
        return new ListenConfig(IpAddress.ANY_IPV6, false, 0, 0, Optional.of(unix));
    }

    public boolean isAnyPort() {
        return unix.isEmpty() && firstPort == 0;
    }

    /** The highest that it takes. */
    int highestPort() {
        return isAnyPort() ? Endpoint.MAX_PORT : lastPort;
    }

    /** Whether it is an address that a host has or has not. */
    public boolean isOneAddress() {
        return unix.isEmpty() && !address.isAny();
    }

    @Override
    public String toString() {
        if (unix.isPresent()) {
            return unix.get().toString();
        }
        String host = dualStack ? "*" : address.isIpv4() ? address.toString() : "[" + address + "]";
        return host + ":" + (isAnyPort() ? "*" : ports());
    }

    private String ports() {
        return firstPort + (lastPort == firstPort ? "" : "-" + lastPort);
    }
}
