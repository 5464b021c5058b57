package io.penstock.forwarder.it;

import io.penstock.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Knot DNS on a port of two loopback addresses, over UDP and TCP: {@code h1.example.test} and so on have an address each, and
 * {@code big.example.test} has more text than a small datagram holds.
 */
final class NameServer {
    static final String ZONE = "example.test";
    static final int HOSTS = 100;
    static final int TEXTS = 20;

    private static final int TEXT_LENGTH = 90;

    private final int port;

    private NameServer(int port) {
        this.port = port;
    }

    /** Ends with the programs. The calling test is skipped where there is none. */
    static NameServer start(Programs programs, Path directory) throws Exception {
        Tools.assume("knotd");
        NameServer server = new NameServer(Ports.free());
        Path home = Files.createDirectory(directory.resolve("knot"));
        Path config = Files.writeString(home.resolve("knot.conf"), server.config(home));
        writeZone(home.resolve("zone"));
        programs.launch("knotd", "-c", config.toString()).awaitSaid("server started");
        return server;
    }

    /** The same server, by two addresses. */
    String[] backends() {
        return new String[] {"127.0.0.1:" + port, "127.0.0.2:" + port};
    }

    private String config(Path home) {
        return """
                server:
                    rundir: "%1$s"
                    listen: [127.0.0.1@%2$d, 127.0.0.2@%2$d]
                    udp-max-payload: 4096
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "%1$s"
                zone:
                  - domain: %3$s
                    storage: "%1$s"
                    file: zone
                """.formatted(home, port, ZONE);
    }

    private static void writeZone(Path file) throws IOException {
        String hosts = IntStream.rangeClosed(1, HOSTS)
                .mapToObj(i -> "h" + i + " A 192.0.2." + i + "\n")
                .collect(Collectors.joining());
        String texts = IntStream.rangeClosed(1, TEXTS)
                .mapToObj(i -> "big TXT \"" + i + "-" + "x".repeat(TEXT_LENGTH) + "\"\n")
                .collect(Collectors.joining());
        Files.writeString(
                file, "$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n" + hosts + texts);
    }

    /** Queries for dnsperf, one a line. */
    static Path queries(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("queries"),
                IntStream.rangeClosed(1, HOSTS)
                        .mapToObj(i -> "h" + i + "." + ZONE + " A\n")
                        .collect(Collectors.joining()));
    }
}
