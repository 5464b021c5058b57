package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigValue;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of {@code host}, {@code host:port}, {@code host:first-last} with an IPv6 host in brackets.
 *
 * @param host without brackets; or a UNIX socket as {@link UnixAddress} prints it
 * @param firstPort 1 to 65535, or 0 when no port is given
 */
record HostPort(String host, boolean bracketed, int firstPort, int lastPort) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<v6>[^\\[\\]]*)]|(?<host>[^:\\[\\]]*))(?::(?<first>[^:-]*)(?:-(?<last>[^:]*))?)?");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    static HostPort of(UnixAddress unix) {
        return new HostPort(unix.toString(), false, 0, 0);
    }

    boolean isUnix() {
        return UnixAddressText.isOne(host);
    }

    /** Reports what is wrong and is then empty; an absent port is for the caller to judge. */
    static Optional<HostPort> split(ConfigValue value, String text) {
        Matcher form = FORM.matcher(text);
        if (text.indexOf('%') >= 0) {
            return wrong(value, "must not have an IPv6 zone (%...)");
        }
        if (!form.matches()) {
            return wrong(value, bareIpv6(text) ? "an IPv6 address needs brackets" : "must be address:port");
        }
        int first = form.group("first") == null ? 0 : port(form.group("first"));
        int last = form.group("last") == null ? first : port(form.group("last"));
        if (first < 0 || last < 0) {
            return wrong(value, "a port must be from 1 to " + Endpoint.MAX_PORT);
        }
        boolean bracketed = form.group("v6") != null;
        return Optional.of(new HostPort(form.group(bracketed ? "v6" : "host"), bracketed, first, last));
    }

    /** The host as a literal, or empty with the problem reported. */
    Optional<IpAddress> literal(ConfigValue value) {
        Optional<IpAddress> address = AddressText.parse(host);
        boolean dotted = host.indexOf(':') < 0;
        if (bracketed && dotted && address.isPresent()) {
            return wrong(value, "an IPv4 address takes no brackets");
        }
        if (address.isEmpty()) {
            return wrong(value, "'" + host + "' is not an " + (bracketed ? "IPv6" : "IPv4") + " address");
        }
        if (bracketed && address.get().isIpv4()) {
            return wrong(value, "an IPv4-mapped address must be written as IPv4: " + address.get());
        }
        return address;
    }

    private static <T> Optional<T> wrong(ConfigValue value, String rule) {
        value.problem(rule);
        return Optional.empty();
    }

    private static boolean bareIpv6(String text) {
        return text.indexOf('[') < 0 && text.indexOf(':') != text.lastIndexOf(':');
    }

    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
        return port <= Endpoint.MAX_PORT ? port : -1;
    }
}
