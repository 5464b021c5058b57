package io.penstock.forwarder.geo;

import io.penstock.net.IpPrefix;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes databases in MaxMind's format: a binary search tree with records of 24 bits, 16 zeros, the data, and the metadata
 * behind its marker. As in MaxMind's own, IPv4 lies at {@code ::/96}, and {@code ::ffff:0:0/96} leads there too.
 */
final class TinyDatabase {
    private static final byte[] MARKER = "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int IPV4_BITS = 96;

    private final List<Node> nodes = new ArrayList<>(List.of(new Node()));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private static final class Node {
        private final Node[] next = new Node[2];
        private final Integer[] dataAt = new Integer[2];
    }

    /** @param value of maps, strings, whole numbers and lists; prefixes must not overlap */
    TinyDatabase add(String prefix, Object value) {
        IpPrefix parsed = IpPrefix.parse(prefix).orElseThrow();
        int at = data.size();
        write(data, value);
        long low = parsed.isIpv4()
                ? parsed.first().low() & 0xffff_ffffL
                : parsed.first().low();
        Node node = nodes.get(0);
        for (int bit = 0; bit < parsed.bits() - 1; bit++) {
            node = child(node, bit(parsed.first().high(), low, bit));
        }
        node.dataAt[bit(parsed.first().high(), low, parsed.bits() - 1)] = at;
        return this;
    }

    private static int bit(long high, long low, int bit) {
        return (int) ((bit < 64 ? high >>> (63 - bit) : low >>> (127 - bit)) & 1);
    }

    private Node child(Node node, int side) {
        if (node.next[side] == null) {
            node.next[side] = new Node();
            nodes.add(node.next[side]);
        }
        return node.next[side];
    }

    byte[] bytes() {
        aliasIpv4();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Node node : nodes) {
            record(out, node, 0);
            record(out, node, 1);
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(MARKER);
        write(
                out,
                Map.of(
                        "node_count",
                        nodes.size(),
                        "record_size",
                        24,
                        "ip_version",
                        6,
                        "database_type",
                        "Test",
                        "languages",
                        List.of(),
                        "binary_format_major_version",
                        2,
                        "binary_format_minor_version",
                        0,
                        "build_epoch",
                        1_700_000_000L,
                        "description",
                        Map.of()));
        return out.toByteArray();
    }

    private void aliasIpv4() {
        Node ipv4 = nodes.get(0);
        Node mapped = nodes.get(0);
        for (int bit = 0; bit < IPV4_BITS - 1; bit++) {
            ipv4 = child(ipv4, 0);
            mapped = child(mapped, bit < 80 ? 0 : 1);
        }
        mapped.next[1] = child(ipv4, 0);
    }

    private void record(ByteArrayOutputStream out, Node node, int side) {
        int value = nodes.size();
        if (node.dataAt[side] != null) {
            value += 16 + node.dataAt[side];
        } else if (node.next[side] != null) {
            value = nodes.indexOf(node.next[side]);
        }
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value instanceof Map<?, ?> map) {
            control(out, 7, map.size());
            map.forEach((key, each) -> {
                write(out, key);
                write(out, each);
            });
        } else if (value instanceof List<?> list) {
            control(out, 11, list.size());
            list.forEach(each -> write(out, each));
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            control(out, 2, bytes.length);
            out.writeBytes(bytes);
        } else if (value instanceof Long number) {
            control(out, 9, 8);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) (number >>> shift));
            }
        } else {
            int number = (Integer) value;
            control(out, 6, 4);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(number >>> shift);
            }
        }
    }

    /** Type and size; types from 8 on stand in an octet of their own. */
    private static void control(ByteArrayOutputStream out, int type, int size) {
        if (size > 28) {
            throw new IllegalArgumentException("longer than a tiny database needs: " + size);
        }
        out.write((type > 7 ? 0 : type << 5) | size);
        if (type > 7) {
            out.write(type - 7);
        }
    }
}
