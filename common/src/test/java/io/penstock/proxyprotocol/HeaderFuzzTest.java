package io.penstock.proxyprotocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.AddressPair;
import io.penstock.net.IpAddress;
import io.penstock.proxyprotocol.ReferenceParser.Answer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.agrona.concurrent.UnsafeBuffer;

/** The parser says what the reference says, and looks at nothing else: its buffer ends where the octets do. */
class HeaderFuzzTest {
    private final HeaderParser parser = new HeaderParser();
    private final V1Writer v1 = new V1Writer();
    private final V2Writer v2 = new V2Writer();

    private Answer answer(byte[] octets) {
        int result = parser.parse(new UnsafeBuffer(octets), 0, octets.length);
        return new Answer(result, parser.isStated() ? parser.addresses().toString() : "", parser.tlvsLength());
    }

    private void agree(byte[] octets) {
        Answer answer = answer(octets);
        assertEquals(ReferenceParser.parse(octets), answer);
        Statistics.label("result").collect(answer.result() > 0 ? "header" : answer.result());
    }

    @Property(tries = 3000)
    void shouldAgreeWhenOctetsAreArbitrary(@ForAll byte[] octets) {
        agree(octets);
    }

    @Property(tries = 20_000)
    void shouldAgreeWhenLineIsMadeOfItsParts(@ForAll("linish") String text) {
        agree(text.getBytes(ISO_8859_1));
    }

    @Property(tries = 20_000)
    void shouldAgreeWhenBlockIsMadeOfItsParts(@ForAll long seed) {
        Random random = new Random(seed);
        agree(damaged(random, block(random)));
    }

    @Property(tries = 5000)
    void shouldAgreeOnWhatIsWrittenAndThenDamaged(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] header = written(random);
        agree(header);
        agree(damaged(random, header));
    }

    @Property(tries = 500)
    void shouldReadBackWhatIsWrittenAndWaitForEveryOctet(@ForAll long seed, @ForAll @Size(max = 9) byte[] payload) {
        Random random = new Random(seed);
        AddressPair addresses = addresses(random);
        byte[] header = written(random, addresses);
        for (int length = 0; length < header.length; length++) {
            assertEquals(
                    HeaderParser.INCOMPLETE,
                    answer(Arrays.copyOf(header, length)).result());
        }
        byte[] all = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, all, header.length, payload.length);
        assertEquals(header.length, answer(all).result());
        assertEquals(addresses.toString(), parser.addresses().toString());
    }

    @Property(tries = 300)
    void shouldFindAHeaderAnywhereInABuffer(@ForAll long seed, @ForAll @IntRange(max = 300) int offset) {
        Random random = new Random(seed);
        AddressPair addresses = addresses(random);
        byte[] header = written(random, addresses);
        byte[] around = new byte[offset + header.length + 50];
        random.nextBytes(around);
        System.arraycopy(header, 0, around, offset, header.length);
        assertEquals(header.length, parser.parse(new UnsafeBuffer(around), offset, header.length));
        assertEquals(addresses.toString(), parser.addresses().toString());
    }

    @Provide
    Arbitrary<String> linish() {
        Arbitrary<String> parts = Arbitraries.of(
                "PROXY",
                " ",
                " ",
                " ",
                "TCP4",
                "TCP6",
                "UNKNOWN",
                "1.2.3.4",
                "10.0.0.255",
                "256",
                "0",
                "00",
                "1",
                "65535",
                "65536",
                "::",
                ":",
                "::1",
                "2001:db8::1",
                "1:2:3:4:5:6:7:8",
                "ffff",
                "FFFFF",
                ".",
                "1.2.3",
                "%",
                "\r\n",
                "\r",
                "\n",
                "x",
                "\0",
                "\u00ff",
                "  ");
        Arbitrary<String> lines = Arbitraries.of(
                "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\n",
                "PROXY TCP6 2001:db8::1 1:2:3:4:5:6:7:8 65535 0\r\n",
                "PROXY TCP6 ::ffff:1.2.3.4 ::1.2.3.4 1 2\r\n",
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN rest\r\n");
        Arbitrary<String> joined = parts.list().ofMaxSize(14).map(list -> "PROXY " + String.join("", list) + "\r\n");
        Arbitrary<String> addresses = Arbitraries.strings()
                .withChars("0123456789abcF:.")
                .ofMaxLength(24)
                .map(address -> "PROXY TCP6 " + address + " ::1 1 2\r\n");
        Arbitrary<String> ipv4 = Arbitraries.strings()
                .withChars("012.")
                .ofMinLength(5)
                .ofMaxLength(12)
                .map(address -> "PROXY TCP4 " + address + " 1.2.3.4 1 2\r\n");
        Arbitrary<String> edited = lines.flatMap(
                line -> Arbitraries.integers().between(0, line.length()).flatMap(at -> Arbitraries.integers()
                        .between(0, 3)
                        .flatMap(cut -> parts.map(part ->
                                line.substring(0, at) + part + line.substring(Math.min(line.length(), at + cut))))));
        return Arbitraries.oneOf(joined, addresses, ipv4, edited, lines);
    }

    private byte[] written(Random random) {
        return written(random, addresses(random));
    }

    private byte[] written(Random random, AddressPair addresses) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * HeaderParser.MAX_LENGTH]);
        int length;
        if (random.nextInt(3) == 0) {
            length = v1.write(buffer, 0, addresses);
        } else {
            v2.begin(buffer, 0, addresses);
            for (int i = random.nextInt(4); i > 0; i--) {
                byte[] value = new byte[random.nextInt(random.nextBoolean() ? 8 : 128)];
                random.nextBytes(value);
                int[] types = {Tlv.ALPN, Tlv.AUTHORITY, Tlv.NOOP, Tlv.UNIQUE_ID, Tlv.MIN_CUSTOM, 0xff};
                v2.tlv(types[random.nextInt(types.length)], value);
            }
            length = v2.end(random.nextBoolean());
        }
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    private static AddressPair addresses(Random random) {
        AddressPair pair = new AddressPair();
        int from = random.nextInt(65_536);
        int to = random.nextInt(65_536);
        if (random.nextBoolean()) {
            return pair.source(0, IpAddress.ofIpv4(random.nextInt()).low(), from)
                    .destination(0, IpAddress.ofIpv4(random.nextInt()).low(), to);
        }
        return pair.source(half(random), half(random), from).destination(half(random), half(random), to);
    }

    /** With many zeros, for the sake of their compression. */
    private static long half(Random random) {
        long half = random.nextLong();
        for (int shift = 0; shift < 64; shift += 16) {
            half = random.nextBoolean() ? half & ~(0xffffL << shift) : half;
        }
        return half;
    }

    /** A prefix that may be right or not, with a length that may be right or not, and entries of all kinds. */
    private static byte[] block(Random random) {
        byte[] octets = new byte[16 + random.nextInt(300)];
        random.nextBytes(octets);
        System.arraycopy(HeaderParser.V2_SIGNATURE, 0, octets, 0, HeaderParser.V2_SIGNATURE.length);
        octets[12] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : 0x20 | random.nextInt(2));
        int[] kinds = {0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32, 0x01, 0x10, 0x13, 0x41};
        octets[13] = (byte) kinds[random.nextInt(kinds.length)];
        int length = random.nextInt(8) == 0 ? random.nextInt(65_536) : random.nextInt(octets.length - 15);
        octets[14] = (byte) (length >>> 8);
        octets[15] = (byte) length;
        int[] begins = {16, 28, 52, 232};
        int end = Math.min(16 + length, octets.length);
        int at = begins[random.nextInt(begins.length)];
        while (end - at >= 3) {
            int value = Math.min(random.nextInt(12), end - at - 3);
            value = end - at - 3 - value < 3 ? end - at - 3 : value;
            octets[at] = (byte) random.nextInt(7);
            octets[at + 1] = 0;
            octets[at + 2] = (byte) value;
            at += 3 + value;
        }
        return octets;
    }

    private static byte[] damaged(Random random, byte[] octets) {
        byte[] damaged =
                random.nextInt(4) == 0 ? Arrays.copyOf(octets, random.nextInt(octets.length + 1)) : octets.clone();
        for (int i = random.nextInt(3); i > 0 && damaged.length > 0; i--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }
}
