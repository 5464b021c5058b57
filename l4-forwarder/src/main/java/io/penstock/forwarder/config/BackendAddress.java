package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigValue;
import io.penstock.config.DnsName;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the address of a backend: a literal or a name, with or without a port, or a UNIX socket. */
final class BackendAddress {
    private static final String EXPECTED =
            "an address or a name, with a port, such as \"10.0.0.11:8080\", \"[2001:db8::11]:8080\" or \"web-1:8080\"";
    /** RFC 1123 section 2.1: what ends in a number can only be a dotted address. */
    private static final Pattern NUMBER_LAST = Pattern.compile("(?:.*\\.)?[0-9]+\\.?");

    private BackendAddress() {}

    static Optional<HostPort> read(ConfigValue value) {
        return value.text(EXPECTED)
                .flatMap(text -> UnixAddressText.isOne(text)
                        ? UnixAddressText.read(value, text).map(unix -> HostPort.of(unix))
                        : tcp(value, text));
    }

    private static Optional<HostPort> tcp(ConfigValue value, String text) {
        return HostPort.split(value, text)
                .filter(parts -> isSinglePort(value, parts))
                .flatMap(parts -> named(value, parts));
    }

    private static boolean isSinglePort(ConfigValue value, HostPort parts) {
        if (parts.firstPort() != parts.lastPort()) {
            value.problem("a backend has one port; without a port it is reached at the port the client used");
            return false;
        }
        return true;
    }

    private static Optional<HostPort> named(ConfigValue value, HostPort parts) {
        String host = parts.host();
        if (parts.bracketed() || NUMBER_LAST.matcher(host).matches()) {
            return parts.literal(value)
                    .filter(address -> AddressText.isReachable(value, address))
                    .map(address -> {
                        return new HostPort(address.toString(), parts.bracketed(), parts.firstPort(), parts.lastPort());
                    });
        }
        if (!DnsName.isOne(host)) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        return Optional.of(parts);
    }
}
