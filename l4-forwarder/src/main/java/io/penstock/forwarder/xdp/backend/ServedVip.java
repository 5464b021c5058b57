package io.penstock.forwarder.xdp.backend;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that this host shall serve as its own.
 *
 * @param port that a server listens on; 0 when nobody said
 * @param udp whether that server's is UDP
 */
public record ServedVip(IpAddress address, int port, boolean udp) {
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([0-9.]+)):([1-9][0-9]{0,4})(/udp|/tcp)?");

    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\\]");

    /**
     * {@code 192.0.2.10}, {@code [2001:db8::10]}, {@code 192.0.2.10:80}, {@code [2001:db8::10]:53/udp}; empty when it is
     * none of these or no address that one host can have.
     */
    public static Optional<ServedVip> parse(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches()) {
            Matcher bracketed = BRACKETED.matcher(text);
            return IpAddress.parse(bracketed.matches() ? bracketed.group(1) : text)
                    .filter(ServedVip::isServable)
                    .map(address -> new ServedVip(address, 0, false));
        }
        int port = Integer.parseInt(matcher.group(3));
        String address = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return port > Endpoint.MAX_PORT
                ? Optional.empty()
                : IpAddress.parse(address)
                        .filter(ServedVip::isServable)
                        .map(parsed -> new ServedVip(parsed, port, "/udp".equals(matcher.group(4))));
    }

    private static boolean isServable(IpAddress address) {
        return address.isUnicast() && !address.isLoopback() && !address.isLinkLocal();
    }

    /** As ip(8) wants it. */
    String prefix() {
        return address + (address.isIpv4() ? "/32" : "/128");
    }
}
