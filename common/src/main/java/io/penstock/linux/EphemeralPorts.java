package io.penstock.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ports that the kernel gives to sockets that ask for none: net.ipv4.ip_local_port_range, which IPv6 shares. See
 * ip(7).
 *
 * @param first of the range
 * @param last of the range, which belongs to it
 */
public record EphemeralPorts(int first, int last) {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** When it cannot be read, any port may be one. */
    private static final EphemeralPorts ANY = new EphemeralPorts(1, 65_535);

    /** As the range is now in this network namespace. */
    public static EphemeralPorts read() {
        try (InputStream in = Files.newInputStream(RANGE)) {
            // Not readString: it trusts the size of a file, which here is 0.
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException | IllegalArgumentException e) {
            return ANY;
        }
    }

    /** Fails with IllegalArgumentException for anything but two port numbers. */
    static EphemeralPorts parse(String text) {
        String[] numbers = text.trim().split("\\s+", -1);
        if (numbers.length != 2) {
            throw new IllegalArgumentException(text);
        }
        return new EphemeralPorts(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /** How many a connect may get: the kernel leaves out the last of an odd number (__inet_hash_connect). */
    public int count() {
        int all = last - first + 1;
        return all > 1 ? all & ~1 : all;
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }
}
