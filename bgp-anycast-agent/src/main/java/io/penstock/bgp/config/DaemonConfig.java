package io.penstock.bgp.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the daemon is, and how it is spoken to.
 *
 * @param address where its API listens
 * @param tls empty for plain text
 * @param timeout of each call
 * @param resync between two looks at all of its table, whatever its events say
 */
public record DaemonConfig(Address address, Optional<Tls> tls, Duration timeout, Duration resync) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_RESYNC = Duration.ofSeconds(5);

    /** As the daemon listens when it is told nothing else. */
    public static final DaemonConfig DEFAULT =
            new DaemonConfig(new Address.Tcp("127.0.0.1", 50_051), Optional.empty(), DEFAULT_TIMEOUT, DEFAULT_RESYNC);

    /** Of an API. */
    public sealed interface Address {
        /** A name is looked up for each connection. */
        record Tcp(String host, int port) implements Address {
            @Override
            public String toString() {
                return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
            }
        }

        /** A UNIX socket. */
        record Unix(Path path) implements Address {
            @Override
            public String toString() {
                return "unix:" + path;
            }
        }
    }

    /**
     * Of the connection; files are read anew for each.
     *
     * @param ca who the daemon's certificate is to be from; empty for the authorities that Java knows
     * @param identity what is shown to the daemon; empty for nothing
     * @param serverName that the certificate is to be for; empty for the address
     */
    public record Tls(Optional<Path> ca, Optional<Identity> identity, Optional<String> serverName) {}

    /** PEM files; the key is PKCS #8. */
    public record Identity(Path certificate, Path key) {}
}
