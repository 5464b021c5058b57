package io.penstock.forwarder.config;

import io.penstock.net.IpAddress;

/**
 * One entry of {@code listen}: {@code "192.0.2.10:80"}, {@code "[2001:db8::10]:80"}, {@code "0.0.0.0:80"} (all of
 * IPv4), {@code "[::]:80"} (all of IPv6 only) or {@code "*:80"} (both, one dual-stack socket); the port may be a range,
 * {@code "192.0.2.10:8000-8099"}.
 *
 * @param dualStack true for {@code *} only; the address is then {@link IpAddress#ANY_IPV6}
 */
public record ListenConfig(IpAddress address, boolean dualStack, int firstPort, int lastPort) {
    @Override
    public String toString() {
        String host = dualStack ? "*" : address.isIpv4() ? address.toString() : "[" + address + "]";
        return host + ":" + firstPort + (lastPort == firstPort ? "" : "-" + lastPort);
    }
}
