package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a socket of this network namespace is bound to, as {@code /proc/net/tcp} and its like show it (proc(5)). */
record LocalSocket(IpAddress address, int port) {
    private static final int LOCAL = 1;
    private static final int STATE = 3;

    /** TCP_LISTEN and TCP_CLOSE of net/tcp_states.h; a UDP socket that is not connected is in the latter. */
    private static final String LISTENING = "0A";

    private static final String UNCONNECTED = "07";

    static List<LocalSocket> listening(Path net) throws IOException {
        return read(net, "tcp", LISTENING);
    }

    static List<LocalSocket> datagram(Path net) throws IOException {
        return read(net, "udp", UNCONNECTED);
    }

    /** An IPv6 socket bound to any address serves IPv4 too, unless it was asked not to, which is not shown. */
    boolean serves(IpAddress vip) {
        return address.equals(vip) || address.equals(IpAddress.ANY_IPV6) || (vip.isIpv4() && address.isAny());
    }

    private static List<LocalSocket> read(Path net, String protocol, String state) throws IOException {
        List<LocalSocket> sockets = new ArrayList<>();
        for (String file : List.of(protocol, protocol + "6")) {
            if (Files.exists(net.resolve(file))) {
                Files.readAllLines(net.resolve(file), StandardCharsets.US_ASCII).stream()
                        .skip(1)
                        .map(line -> line.strip().split("\\s+", STATE + 2))
                        .filter(words -> words.length > STATE && words[STATE].equals(state))
                        .map(words -> parse(words[LOCAL]))
                        .forEach(sockets::add);
            }
        }
        return sockets;
    }

    /** Words of 32 bits in this host's order, which is that of little-endian ones, in hexadecimal; then the port. */
    private static LocalSocket parse(String text) {
        String[] halves = text.split(":", 2);
        int port = Integer.parseInt(halves[1], 16);
        if (halves[0].length() == Integer.BYTES * 2) {
            return new LocalSocket(IpAddress.ofIpv4(word(halves[0], 0)), port);
        }
        long high = Integer.toUnsignedLong(word(halves[0], 0)) << 32 | Integer.toUnsignedLong(word(halves[0], 1));
        long low = Integer.toUnsignedLong(word(halves[0], 2)) << 32 | Integer.toUnsignedLong(word(halves[0], 3));
        return new LocalSocket(new IpAddress(high, low), port);
    }

    private static int word(String digits, int index) {
        int from = index * Integer.BYTES * 2;
        return Integer.reverseBytes(Integer.parseUnsignedInt(digits.substring(from, from + Integer.BYTES * 2), 16));
    }
}
