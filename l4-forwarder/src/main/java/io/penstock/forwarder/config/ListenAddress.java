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
    private static final String ANY_PORT = ":*";
    private static final String VIP_EXPECTED =
            "an address and port such as \"192.0.2.10:80\", \"[2001:db8::10]:80\" or \"192.0.2.10:*\"";
    private static final Pattern DOTTED_NUMBERS = Pattern.compile("[0-9.]+");

    private ListenAddress() {}

    /** For {@code mode: dsr}: an address of one host, and any port at it. */
    static Optional<ListenConfig> readVip(ConfigValue value) {
        return value.text(VIP_EXPECTED).flatMap(text -> vip(value, text)).filter(listen -> isVip(value, listen));
    }

    private static Optional<ListenConfig> vip(ConfigValue value, String text) {
        if (UnixAddressText.isOne(text)) {
            value.problem("is a UNIX socket, where no packet can come");
            return Optional.empty();
        }
        if (!text.endsWith(ANY_PORT)) {
            return network(value, text);
        }
        return HostPort.split(value, text.substring(0, text.length() - ANY_PORT.length()))
                .filter(parts -> isHostOnly(value, parts))
                .flatMap(parts -> listen(value, parts));
    }

    private static boolean isHostOnly(ConfigValue value, HostPort parts) {
        boolean only = parts.firstPort() == 0 && !parts.host().isEmpty();
        if (!only) {
            value.problem("must be " + VIP_EXPECTED);
        }
        return only;
    }

    private static boolean isVip(ConfigValue value, ListenConfig listen) {
        IpAddress address = listen.address();
        boolean one = listen.isOneAddress() && address.isUnicast() && !address.isLoopback() && !address.isLinkLocal();
        if (!one) {
            value.problem("must be an address that packets can come to, for mode: dsr");
        }
        return one;
    }

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
        if (text.endsWith(ANY_PORT)) {
            value.problem("any port (:*) is for mode: dsr only");
            return Optional.empty();
        }
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
