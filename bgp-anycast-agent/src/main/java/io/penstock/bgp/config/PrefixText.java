package io.penstock.bgp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a prefix with its length: without one, nobody could tell a host's route from a forgotten length. */
final class PrefixText {
    private static final String EXPECTED = "a prefix with its length, such as \"192.0.2.10/32\" or \"2001:db8::/48\"";
    private static final Pattern FORM = Pattern.compile("(?<address>[^/]+)/(?<length>0|[1-9][0-9]{0,2})");
    private static final int MAX_BITS = 128;

    /** Before those of an IPv4 address. */
    private static final int IPV4_BITS = 96;

    private PrefixText() {}

    /** Reports what is wrong and is then empty. */
    static Optional<IpPrefix> read(ConfigValue value) {
        return value.text(EXPECTED).flatMap(text -> read(value, text));
    }

    private static Optional<IpPrefix> read(ConfigValue value, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        int length = Integer.parseInt(form.group("length"));
        return AddressText.read(value, form.group("address"), EXPECTED)
                .flatMap(address -> block(value, address, length));
    }

    private static Optional<IpPrefix> block(ConfigValue value, IpAddress address, int length) {
        int bits = address.isIpv4() ? IPV4_BITS + length : length;
        if (bits > MAX_BITS) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        IpPrefix block = IpPrefix.around(address, bits);
        if (!block.first().equals(address)) {
            value.problem("has host bits, did you mean " + block);
            return Optional.empty();
        }
        return Optional.of(block);
    }
}
