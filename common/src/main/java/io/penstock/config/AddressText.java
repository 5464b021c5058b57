package io.penstock.config;

import io.penstock.net.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads an address literal without a port and without brackets. */
public final class AddressText {
    private static final Pattern FORM =
            Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

    /** Netty's parser takes leading zeros for decimal, other programs for octal; nobody should have to know. */
    private static final Pattern LEADING_ZERO = Pattern.compile("(^|\\.)0[0-9]");

    private AddressText() {}

    /** Reports what is wrong and is then empty. */
    public static Optional<IpAddress> read(ConfigValue value, String text, String expected) {
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

    /** Whether one host can have it; reports why not. */
    public static boolean isReachable(ConfigValue value, IpAddress address) {
        if (address.isAny()) {
            value.problem("must be an address to connect to, not every address");
            return false;
        }
        if (!address.isUnicast()) {
            value.problem("must be an address that one host has, not multicast or broadcast");
            return false;
        }
        return true;
    }

    /** Empty for what is none, or could be read as another by other programs. */
    public static Optional<IpAddress> parse(String text) {
        return LEADING_ZERO.matcher(text).find() ? Optional.empty() : IpAddress.parse(text);
    }
}
