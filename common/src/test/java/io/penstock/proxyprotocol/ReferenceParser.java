package io.penstock.proxyprotocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.penstock.net.AddressPair;
import io.penstock.net.IpAddress;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What a header is, written down a second time without a thought of speed: strings, lists and exceptions. */
final class ReferenceParser {
    /** @param addresses as text; empty when nothing is stated */
    record Answer(int result, String addresses, int tlvsLength) {
        static Answer of(int result) {
            return new Answer(result, "", 0);
        }
    }

    private record Entry(int type, ByteBuffer value) {}

    private static final String V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String OCTET = "(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";
    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final Pattern LINE =
            Pattern.compile("PROXY (?:UNKNOWN(?: [^\\r\\n]*)?|TCP4 (?<s4>" + IPV4 + ") (?<d4>"
                    + IPV4 + ") (?<sp4>" + PORT + ") (?<dp4>" + PORT
                    + ")|TCP6 (?<s6>[0-9a-fA-F:.]+) (?<d6>[0-9a-fA-F:.]+) (?<sp6>"
                    + PORT + ") (?<dp6>" + PORT + "))");

    private ReferenceParser() {}

    static Answer parse(byte[] octets) {
        String text = new String(octets, ISO_8859_1);
        if (V2_SIGNATURE.startsWith(text) || "PROXY".startsWith(text)) {
            return Answer.of(HeaderParser.INCOMPLETE);
        }
        if (text.startsWith(V2_SIGNATURE)) {
            return block(octets);
        }
        return text.startsWith("PROXY") ? line(text) : Answer.of(HeaderParser.ABSENT);
    }

    private static Answer line(String text) {
        String seen = text.length() > 107 ? text.substring(0, 107) : text;
        Matcher end = Pattern.compile("[\\r\\n]").matcher(seen);
        if (!end.find()) {
            return Answer.of(seen.length() == 107 ? HeaderParser.INVALID : HeaderParser.INCOMPLETE);
        }
        String line = seen.substring(0, end.start());
        String rest = seen.substring(end.start());
        if (rest.equals("\r") && seen.length() < 107) {
            return Answer.of(HeaderParser.INCOMPLETE);
        }
        Matcher form = LINE.matcher(line);
        if (!rest.startsWith("\r\n") || !form.matches()) {
            return Answer.of(HeaderParser.INVALID);
        }
        int length = line.length() + 2;
        if (form.group("s4") != null) {
            return stated(length, ipv4(form.group("s4")), ipv4(form.group("d4")), form.group("sp4"), form.group("dp4"));
        }
        if (form.group("s6") != null) {
            return stated(length, ipv6(form.group("s6")), ipv6(form.group("d6")), form.group("sp6"), form.group("dp6"));
        }
        return Answer.of(length);
    }

    private static Answer stated(
            int length,
            Optional<IpAddress> source,
            Optional<IpAddress> destination,
            String sourcePort,
            String destinationPort) {
        int from = Integer.parseInt(sourcePort);
        int to = Integer.parseInt(destinationPort);
        boolean valid = source.isPresent() && destination.isPresent() && from <= 65_535 && to <= 65_535;
        return valid
                ? new Answer(length, text(source.get(), from, destination.get(), to), 0)
                : Answer.of(HeaderParser.INVALID);
    }

    private static Optional<IpAddress> ipv4(String text) {
        int address = 0;
        for (String octet : text.split("\\.", -1)) {
            address = address * 256 + Integer.parseInt(octet);
        }
        return Optional.of(IpAddress.ofIpv4(address));
    }

    private static Optional<IpAddress> ipv6(String text) {
        String hexOnly = text;
        Matcher dotted = Pattern.compile("(?<front>.*:)(?<ipv4>" + IPV4 + ")").matcher(text);
        if (dotted.matches()) {
            int address = ipv4(dotted.group("ipv4")).orElseThrow().ipv4();
            hexOnly = dotted.group("front") + Integer.toHexString(address >>> 16) + ":"
                    + Integer.toHexString(address & 0xffff);
        }
        String[] halves = hexOnly.split("::", -1);
        List<String> groups = new ArrayList<>(groups(halves[0]));
        if (halves.length == 2) {
            List<String> behind = groups(halves[1]);
            int missing = 8 - groups.size() - behind.size();
            if (missing < 1) {
                return Optional.empty();
            }
            IntStream.range(0, missing).forEach(i -> groups.add("0"));
            groups.addAll(behind);
        }
        boolean valid = halves.length <= 2
                && groups.size() == 8
                && groups.stream().allMatch(group -> group.matches("[0-9a-fA-F]{1,4}"));
        if (!valid) {
            return Optional.empty();
        }
        BigInteger bits = groups.stream()
                .map(group -> new BigInteger(group, 16))
                .reduce(BigInteger.ZERO, (all, group) -> all.shiftLeft(16).or(group));
        return Optional.of(new IpAddress(bits.shiftRight(64).longValue(), bits.longValue()));
    }

    private static List<String> groups(String text) {
        return text.isEmpty() ? List.of() : Stream.of(text.split(":", -1)).toList();
    }

    private static Answer block(byte[] octets) {
        boolean local = octets.length > 12 && octets[12] == 0x20;
        if (octets.length > 12 && !local && octets[12] != 0x21) {
            return Answer.of(HeaderParser.INVALID);
        }
        int family = octets.length > 13 ? octets[13] >> 4 & 0xf : 0;
        int transport = octets.length > 13 ? octets[13] & 0xf : 0;
        if (!local && (family > 3 || transport > 2)) {
            return Answer.of(HeaderParser.INVALID);
        }
        if (octets.length < 16) {
            return Answer.of(HeaderParser.INCOMPLETE);
        }
        int length = 16 + Short.toUnsignedInt(ByteBuffer.wrap(octets).getShort(14));
        boolean unspecified = family == 0 || transport == 0;
        int addresses = local || unspecified ? 0 : List.of(0, 12, 36, 216).get(family);
        if (length > 4096 || length < 16 + addresses) {
            return Answer.of(HeaderParser.INVALID);
        }
        if (octets.length < length) {
            return Answer.of(HeaderParser.INCOMPLETE);
        }
        if (local) {
            return Answer.of(length);
        }
        byte[] header = Arrays.copyOf(octets, length);
        Optional<List<Entry>> entries = entries(Arrays.copyOfRange(header, 16 + addresses, length));
        if (entries.isEmpty()) {
            return Answer.of(unspecified ? length : HeaderParser.INVALID);
        }
        if (!isChecksumRight(header, 16 + addresses, entries.get())) {
            return Answer.of(HeaderParser.INVALID);
        }
        int tlvsLength = length - 16 - addresses;
        if (transport != 1 || family < 1 || family > 2) {
            return new Answer(length, "", tlvsLength);
        }
        int size = family == 1 ? 4 : 16;
        ByteBuffer ports = ByteBuffer.wrap(header, 16 + 2 * size, 4);
        IpAddress source = address(Arrays.copyOfRange(header, 16, 16 + size));
        IpAddress destination = address(Arrays.copyOfRange(header, 16 + size, 16 + 2 * size));
        int from = Short.toUnsignedInt(ports.getShort());
        return new Answer(length, text(source, from, destination, Short.toUnsignedInt(ports.getShort())), tlvsLength);
    }

    private static IpAddress address(byte[] octets) {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        return octets.length == 4
                ? IpAddress.ofIpv4(buffer.getInt())
                : new IpAddress(buffer.getLong(), buffer.getLong());
    }

    /** Empty when they do not fill the octets, or one cannot be so long. */
    private static Optional<List<Entry>> entries(byte[] octets) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
            if (rest.remaining() < 3) {
                return Optional.empty();
            }
            int type = Byte.toUnsignedInt(rest.get());
            int length = Short.toUnsignedInt(rest.getShort());
            if (length > rest.remaining() || (type == 3 && length != 4) || (type == 5 && length > 128)) {
                return Optional.empty();
            }
            byte[] value = new byte[length];
            rest.get(value);
            entries.add(new Entry(type, ByteBuffer.wrap(value)));
        }
        return entries.stream().filter(entry -> entry.type == 3).count() > 1 ? Optional.empty() : Optional.of(entries);
    }

    private static boolean isChecksumRight(byte[] header, int from, List<Entry> entries) {
        int at = from;
        for (Entry entry : entries) {
            if (entry.type == 3) {
                byte[] zeroed = header.clone();
                Arrays.fill(zeroed, at + 3, at + 7, (byte) 0);
                CRC32C crc = new CRC32C();
                crc.update(zeroed, 0, zeroed.length);
                return (int) crc.getValue() == entry.value.getInt(0);
            }
            at += 3 + entry.value.remaining();
        }
        return true;
    }

    private static String text(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return new AddressPair()
                .source(source.high(), source.low(), sourcePort)
                .destination(destination.high(), destination.low(), destinationPort)
                .toString();
    }
}
