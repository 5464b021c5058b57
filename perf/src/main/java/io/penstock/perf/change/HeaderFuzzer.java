package io.penstock.perf.change;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.penstock.perf.change.clients.MalformedHeaders.Malformed;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * PROXY protocol headers of both versions, each with one thing in it that a receiver must refuse, by sections 2.1 and 2.2
 * of HAProxy's doc/proxy-protocol.txt. They are made, not found, so no parser has a say in what is malformed. Always the
 * same for a seed. NOT thread safe.
 */
final class HeaderFuzzer implements Supplier<Malformed> {
    private static final byte[] V2_SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final byte[] AFTER = "GET /leaked HTTP/1.0\r\n\r\n".getBytes(US_ASCII);

    /** A line of version 1 is shorter, with its end. */
    private static final int V1_LENGTH_MAX = 107;

    private static final int V2_FIXED = 16;
    private static final int V2_LENGTH_OFFSET = 14;
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP4_LENGTH = 12;
    private static final int TCP6 = 0x21;
    private static final int TCP6_LENGTH = 36;
    private static final int UNIX = 0x31;
    private static final int UNIX_LENGTH = 216;
    private static final int TLV_CRC32C = 0x03;
    private static final int TLV_NOOP = 0x04;
    private static final int TLV_HEAD = 3;

    private final SplittableRandom random;
    private final List<Supplier<Malformed>> kinds = List.of(
            this::rubbish,
            this::otherSignature,
            this::otherProtocol,
            this::badIpv4,
            this::badIpv6,
            this::otherFamily,
            this::badPort,
            this::badSpaces,
            this::badFields,
            this::badEnd,
            this::endlessLine,
            this::strangeOctet,
            this::cutLine,
            this::otherV2Signature,
            this::otherVersion,
            this::otherCommand,
            this::otherV2Family,
            this::shortAddresses,
            this::overrunningTlv,
            this::wrongChecksum,
            this::cutV2);

    private int next;

    HeaderFuzzer(long seed) {
        random = new SplittableRandom(seed);
    }

    /** How many kinds there are; they take turns. */
    int kinds() {
        return kinds.size();
    }

    @Override
    public Malformed get() {
        Malformed malformed = kinds.get(next).get();
        next = next + 1 == kinds.size() ? 0 : next + 1;
        return malformed;
    }

    // --- neither version ---

    private Malformed rubbish() {
        byte[] octets = new byte[1 + random.nextInt(300)];
        random.nextBytes(octets);
        octets[0] = other(octets[0], 'P', '\r');
        return new Malformed(octets, true);
    }

    // --- version 1 ---

    private Malformed otherSignature() {
        byte[] line = line("TCP4", ipv4(), ipv4(), port(), port());
        int at = random.nextInt("PROXY ".length());
        line[at] = at == 0 ? other(line[at], 'P', '\r') : other(line[at], "PROXY ".charAt(at));
        return whole(line);
    }

    private Malformed otherProtocol() {
        String[] names = {"TCP5", "tcp4", "TCP", "UDP4", "UNIX", "", "TCP44", "Unknown", "TCP4\0"};
        return whole(line(any(names), ipv4(), ipv4(), port(), port()));
    }

    private Malformed badIpv4() {
        String[] addresses = {
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "1.2.3.4 ",
            "1..2.3",
            "",
            "1.2.3.x",
            "-1.2.3.4",
            "0x7f.0.0.1",
            "2130706433",
            "localhost",
            ".1.2.3",
            "1.2.3.4.",
            "+1.2.3.4"
        };
        return oneWrong("TCP4", ipv4(), any(addresses));
    }

    private Malformed badIpv6() {
        String[] addresses = {
            "::1::",
            "12345::",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            ":1",
            "1:",
            "g::1",
            "",
            "::1%lo",
            "[::1]",
            ":::",
            "1:2"
        };
        return oneWrong("TCP6", "2001:db8::1", any(addresses));
    }

    private Malformed oneWrong(String protocol, String right, String wrong) {
        boolean first = random.nextBoolean();
        return whole(line(protocol, first ? wrong : right, first ? right : wrong, port(), port()));
    }

    private Malformed otherFamily() {
        return random.nextBoolean()
                ? whole(line("TCP4", "2001:db8::1", "2001:db8::2", port(), port()))
                : whole(line("TCP6", ipv4(), ipv4(), port(), port()));
    }

    private Malformed badPort() {
        String[] ports = {"65536", "99999", "-1", "080", "00", "", "8o", "0x50", "123456", "+80", "4294967376"};
        boolean first = random.nextBoolean();
        return whole(line("TCP4", ipv4(), ipv4(), first ? any(ports) : port(), first ? port() : any(ports)));
    }

    /** Doubled, or another octet in the place of one. */
    private Malformed badSpaces() {
        byte[] line = line("TCP4", ipv4(), ipv4(), port(), port());
        int wanted = random.nextInt(5);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] replacements = {"  ", "\t", ",", "", "\u000b"};
        String replacement = any(replacements);
        int spaces = 0;
        for (byte octet : line) {
            if (octet == ' ' && spaces++ == wanted) {
                out.writeBytes(replacement.getBytes(US_ASCII));
            } else {
                out.write(octet);
            }
        }
        return whole(out.toByteArray());
    }

    private Malformed badFields() {
        String[] lines = {
            "PROXY TCP4\r\n",
            "PROXY TCP4 \r\n",
            "PROXY\r\n",
            "PROXY \r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n",
            "PROXY TCP4 1.2.3.4 1 2\r\n",
            "PROXY TCP6 ::1 ::2 1\r\n"
        };
        return whole(any(lines).getBytes(US_ASCII));
    }

    /** And then more octets than a line may have. */
    private Malformed badEnd() {
        String line = new String(line("TCP4", ipv4(), ipv4(), port(), port()), US_ASCII);
        String[] ends = {"\n", "\r", "\n\r", "\r\r", "\r \n"};
        return whole(endless(line.substring(0, line.length() - 2) + any(ends)));
    }

    private Malformed endlessLine() {
        return whole(endless(random.nextBoolean() ? "PROXY UNKNOWN " : "PROXY TCP4 1.2.3.4 "));
    }

    private byte[] endless(String begin) {
        byte[] octets = Arrays.copyOf(begin.getBytes(US_ASCII), begin.length() + V1_LENGTH_MAX + random.nextInt(200));
        Arrays.fill(octets, begin.length(), octets.length, (byte) '7');
        return octets;
    }

    private Malformed strangeOctet() {
        byte[] line = line("TCP4", ipv4(), ipv4(), port(), port());
        int at = "PROXY TCP4 ".length() + random.nextInt(line.length - "PROXY TCP4 ".length() - 2);
        line[at] = (byte) (random.nextBoolean() ? 0 : 0x80 + random.nextInt(0x80));
        return whole(line);
    }

    private Malformed cutLine() {
        byte[] line = line("TCP4", ipv4(), ipv4(), port(), port());
        return new Malformed(Arrays.copyOf(line, 1 + random.nextInt(line.length - 2)), false);
    }

    private static byte[] line(String protocol, String source, String target, String from, String to) {
        return ("PROXY " + protocol + " " + source + " " + target + " " + from + " " + to + "\r\n").getBytes(US_ASCII);
    }

    private String ipv4() {
        return random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }

    private String port() {
        return Integer.toString(random.nextInt(65_536));
    }

    // --- version 2 ---

    private Malformed otherV2Signature() {
        byte[] header = v2(VERSION_2_PROXY, TCP4, TCP4_LENGTH);
        int at = random.nextInt(V2_SIGNATURE.length);
        header[at] = at == 0 ? other(header[at], 'P', '\r') : other(header[at], (char) V2_SIGNATURE[at]);
        return whole(header);
    }

    private Malformed otherVersion() {
        int version = random.nextInt(15);
        return whole(v2(nibbles(version < 2 ? version : version + 1, random.nextInt(2)), TCP4, TCP4_LENGTH));
    }

    private Malformed otherCommand() {
        return whole(v2(nibbles(2, 2 + random.nextInt(14)), TCP4, TCP4_LENGTH));
    }

    private Malformed otherV2Family() {
        boolean family = random.nextBoolean();
        return whole(v2(
                VERSION_2_PROXY,
                family
                        ? nibbles(4 + random.nextInt(12), random.nextInt(3))
                        : nibbles(random.nextInt(4), 3 + random.nextInt(13)),
                UNIX_LENGTH));
    }

    private Malformed shortAddresses() {
        return switch (random.nextInt(3)) {
            case 0 -> whole(v2(VERSION_2_PROXY, TCP4, random.nextInt(TCP4_LENGTH)));
            case 1 -> whole(v2(VERSION_2_PROXY, TCP6, random.nextInt(TCP6_LENGTH)));
            default -> whole(v2(VERSION_2_PROXY, UNIX, random.nextInt(UNIX_LENGTH)));
        };
    }

    /** Its length is more than what is left of the header, or even its head is not whole. */
    private Malformed overrunningTlv() {
        int left = random.nextInt(20);
        byte[] header = v2(VERSION_2_PROXY, TCP4, TCP4_LENGTH + TLV_HEAD + left);
        putTlv(header, V2_FIXED + TCP4_LENGTH, TLV_NOOP, left + 1 + random.nextInt(60_000));
        return whole(random.nextInt(4) == 0 ? v2(VERSION_2_PROXY, TCP4, TCP4_LENGTH + 1 + random.nextInt(2)) : header);
    }

    private Malformed wrongChecksum() {
        byte[] header = v2(VERSION_2_PROXY, TCP4, TCP4_LENGTH + TLV_HEAD + Integer.BYTES);
        int at = V2_FIXED + TCP4_LENGTH;
        putTlv(header, at, TLV_CRC32C, Integer.BYTES);
        Arrays.fill(header, at + TLV_HEAD, header.length, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        int wrong = (int) checksum.getValue() ^ (1 << random.nextInt(Integer.SIZE));
        for (int i = 0; i < Integer.BYTES; i++) {
            header[at + TLV_HEAD + i] = (byte) (wrong >>> (8 * (3 - i)));
        }
        return whole(header);
    }

    private Malformed cutV2() {
        byte[] header = v2(VERSION_2_PROXY, TCP6, TCP6_LENGTH);
        return new Malformed(Arrays.copyOf(header, 1 + random.nextInt(header.length - 1)), false);
    }

    /** Version and command, family and protocol, and random octets. */
    private byte[] v2(int command, int family, int length) {
        byte[] header = new byte[V2_FIXED + length];
        random.nextBytes(header);
        System.arraycopy(V2_SIGNATURE, 0, header, 0, V2_SIGNATURE.length);
        header[V2_SIGNATURE.length] = (byte) command;
        header[V2_SIGNATURE.length + 1] = (byte) family;
        header[V2_LENGTH_OFFSET] = (byte) (length >>> 8);
        header[V2_LENGTH_OFFSET + 1] = (byte) length;
        return header;
    }

    private static int nibbles(int high, int low) {
        return (high << 4) | low;
    }

    private static void putTlv(byte[] header, int at, int type, int length) {
        header[at] = (byte) type;
        header[at + 1] = (byte) (length >>> 8);
        header[at + 2] = (byte) length;
    }

    // --- both ---

    /** With what a client says after its header, which must get nowhere either. */
    private static Malformed whole(byte[] header) {
        byte[] octets = Arrays.copyOf(header, header.length + AFTER.length);
        System.arraycopy(AFTER, 0, octets, header.length, AFTER.length);
        return new Malformed(octets, true);
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** The octet, or another when it is one of those. */
    private byte other(byte octet, char... not) {
        byte candidate = octet;
        while (new String(not).indexOf(candidate & 0xff) >= 0) {
            candidate = (byte) random.nextInt(256);
        }
        return candidate;
    }
}
