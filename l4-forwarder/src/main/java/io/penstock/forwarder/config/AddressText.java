package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an address literal without a port and without brackets. */
final class AddressText {
    private static final Pattern FORM =
            Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

    /** Netty's parser takes leading zeros for decimal, other programs for octal; nobody should have to know. */
    private static final Pattern LEADING_ZERO = Pattern.compile("(^|\\.)0[0-9]");

    private AddressText() {}

    /** Reports what is wrong and is then empty. */
    static Optional<IpAddress> read(ConfigValue value, String text, String expected) {
        if (!FORM.matcher(text).matches()) {
            value.problem("must be " + expected);
            return Optional.empty();
        }
        boolean dotted = text.indexOf(':') < 0;
        Optional<IpAddress> address = parse(text);
        if (address.isEmpty()) {
            value.problem("'" + text + "' is not an " + (dotted ? "IPv4" : "IPv6") + " address");
        } else if (!dotted && address.get().isIpv4()) {
            value.problem("an IPv4-mapped address must be written as IPv4: " + address.get());
            return Optional.empty();
        }
        return address;
    }

    static Optional<IpAddress> parse(String text) {
        return LEADING_ZERO.matcher(text).find() ? Optional.empty() : IpAddress.parse(text);
    }
}
