package io.penstock.admin;

import io.netty.channel.unix.DomainSocketAddress;
import io.penstock.net.Endpoint;
import io.penstock.net.IpPrefix;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an admin server listens: {@code 127.0.0.1:9080}, {@code [::1]:9080}, {@code unix:/run/penstock/admin.sock}, or
 * {@code https://127.0.0.1:9443}. What others than this host reach speaks TLS, whether or not it is written so.
 */
public sealed interface AdminAddress {
    /** For messages. */
    String FORM =
            "an address and port such as \"127.0.0.1:9080\" or \"[::1]:9080\", or a socket such as \"unix:/run/penstock/admin.sock\"";

    /** Whether only this host reaches it. */
    boolean isLocal();

    /** Whether TLS is spoken there. */
    boolean isTls();

    SocketAddress socketAddress();

    /**
     * An address and port of TCP.
     *
     * @param isTls always true for an address that is not loopback
     */
    record Tcp(Endpoint endpoint, boolean isTls) implements AdminAddress {
        public Tcp {
            isTls |= !endpoint.address().isLoopback();
        }

        @Override
        public boolean isLocal() {
            return endpoint.address().isLoopback();
        }

        @Override
        public SocketAddress socketAddress() {
            // Always a literal: no name server is asked.
            return new InetSocketAddress(endpoint.address().toString(), endpoint.port());
        }

        @Override
        public String toString() {
            return (isTls && isLocal() ? Text.HTTPS : "") + endpoint;
        }
    }

    /**
     * A UNIX stream socket in the file system. Not an abstract one: those have no permissions, so every user of the host
     * could give orders.
     *
     * @param path absolute
     */
    record Unix(Path path) implements AdminAddress {
        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public boolean isTls() {
            return false;
        }

        @Override
        public SocketAddress socketAddress() {
            return new DomainSocketAddress(path.toString());
        }

        @Override
        public String toString() {
            return Text.UNIX + path;
        }
    }

    /** Empty when it is neither; a host must be a literal address. */
    static Optional<AdminAddress> parse(String text) {
        return text.startsWith(Text.UNIX) ? Text.unix(text.substring(Text.UNIX.length())) : Text.tcp(text);
    }

    /** Reads the forms. */
    final class Text {
        private static final String UNIX = "unix:";
        private static final String HTTPS = "https://";

        /** Visible ASCII, so that it is as long in octets; {@code sun_path} of unix(7) takes 107 and a zero. */
        private static final Pattern PATH = Pattern.compile("/[!-~]{0,105}[!-~&&[^/]]");

        private static final Pattern TCP = Pattern.compile(
                "(?<https>https://)?(?:\\[(?<ipv6>[^\\]]*:[^\\]]*)]|(?<ipv4>[0-9.]+)):(?<port>[1-9][0-9]{0,4})");

        private Text() {}

        private static Optional<AdminAddress> unix(String path) {
            return PATH.matcher(path).matches() ? Optional.of(new Unix(Path.of(path))) : Optional.empty();
        }

        private static Optional<AdminAddress> tcp(String text) {
            Matcher form = TCP.matcher(text);
            if (!form.matches() || Integer.parseInt(form.group("port")) > Endpoint.MAX_PORT) {
                return Optional.empty();
            }
            String host = form.group("ipv6") == null ? form.group("ipv4") : form.group("ipv6");
            int port = Integer.parseInt(form.group("port"));
            // As a prefix of one address: that reading refuses octets with a leading zero, which are octal to some.
            return IpPrefix.parse(host)
                    .filter(prefix -> !host.contains("/"))
                    .map(prefix -> new Tcp(new Endpoint(prefix.first(), port), form.group("https") != null));
        }
    }
}
