package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one entry of {@code listen}. */
final class ListenAddress {
    private static final String EXPECTED =
            "an address and port such as \"192.0.2.10:80\", \"[2001:db8::10]:80\" or \"*:80\"";
    private static final String EVERY_ADDRESS = "*";
    private static final Pattern DOTTED_NUMBERS = Pattern.compile("[0-9.]+");

    private ListenAddress() {}

    static Optional<ListenConfig> read(ConfigValue value, Protocol protocol) {
        return value.text(EXPECTED)
                .flatMap(text -> UnixAddressText.isOne(text) ? unix(value, text, protocol) : network(value, text));
    }

    private static Optional<ListenConfig> unix(ConfigValue value, String text, Protocol protocol) {
        Optional<ListenConfig> listen = UnixAddressText.read(value, text).map(ListenConfig::of);
        if (listen.isPresent() && protocol == Protocol.UDP) {
            value.problem("is a UNIX socket, where no datagram of UDP can come");
            return Optional.empty();
        }
        return listen;
    }

    private static Optional<ListenConfig> network(ConfigValue value, String text) {
        return HostPort.split(value, text)
                .filter(parts -> hasPorts(value, parts))
                .flatMap(parts -> listen(value, parts));
    }

    private static boolean hasPorts(ConfigValue value, HostPort parts) {
        if (parts.firstPort() == 0) {
            value.problem("must be " + EXPECTED);
            return false;
        }
        if (parts.firstPort() > parts.lastPort()) {
            value.problem("the first port of a range must not be above the last");
            return false;
        }
        return true;
    }

    private static Optional<ListenConfig> listen(ConfigValue value, HostPort parts) {
        String host = parts.host();
        if (host.equals(EVERY_ADDRESS)) {
            return Optional.of(new ListenConfig(IpAddress.ANY_IPV6, true, parts.firstPort(), parts.lastPort()));
        }
        if (host.isEmpty()) {
            value.problem("an address must come before the port; \"*:" + parts.firstPort() + "\" is every address");
            return Optional.empty();
        }
        if (!parts.bracketed() && !DOTTED_NUMBERS.matcher(host).matches()) {
            value.problem("must be an IP address: a listener is never looked up by name");
            return Optional.empty();
        }
        return parts.literal(value)
                .map(address -> new ListenConfig(address, false, parts.firstPort(), parts.lastPort()));
    }
}
