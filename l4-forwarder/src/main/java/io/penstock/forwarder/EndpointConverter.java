package io.penstock.forwarder;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]:80}; without a port it is 0. */
final class EndpointConverter implements ITypeConverter<Endpoint> {
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[(?<ipv6>[^\\]]*:[^\\]]*)]|(?<ipv4>[^:\\[\\]]*)):(?<port>[1-9][0-9]{0,4})");

    @Override
    public Endpoint convert(String text) {
        Matcher form = WITH_PORT.matcher(text);
        boolean withPort = form.matches();
        String host = !withPort ? text : form.group("ipv6") != null ? form.group("ipv6") : form.group("ipv4");
        int port = withPort ? Integer.parseInt(form.group("port")) : 0;
        if (port > Endpoint.MAX_PORT) {
            throw wrong(text);
        }
        return new Endpoint(IpAddress.parse(host).orElseThrow(() -> wrong(text)), port);
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is no address such as 192.0.2.1:80 or [2001:db8::1]:80");
    }
}
