package io.penstock.proxyprotocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of the protocol's text, and where it leaves a choice, the choice. */
class HeaderParserTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "c0a80001" + "c0a8000b" + "dc04" + "01bb";
    private static final String LONGEST_ADDRESS = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    private final HeaderParser parser = new HeaderParser();

    private int parse(byte[] octets) {
        return parser.parse(new UnsafeBuffer(octets), 0, octets.length);
    }

    private int line(String text) {
        return parse(text.getBytes(ISO_8859_1));
    }

    private int hex(String text) {
        return parse(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    // ---- version 1

    @Test
    void shouldReadTheLineOfTheSpecificationAndLeaveWhatFollows() {
        assertEquals(47, line("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\nGET / HTTP/1.1\r\n"));
        assertEquals("192.168.0.1:56324 -> 192.168.0.11:443", parser.addresses().toString());
        assertEquals(0, parser.tlvsLength());
    }

    @ParameterizedTest
    @CsvSource({
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::c0DE, 2001:db8::c0de",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:2:3::5:6:7:8, 1:2:3:0:5:6:7:8",
        "0001:0:0:0:0:0:0:0000, 1::",
        "::ffff:0:1.2.3.4, ::ffff:0:102:304",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304"
    })
    void shouldReadIpv6(String written, String meant) {
        assertTrue(line("PROXY TCP6 " + written + " ::2 1 2\r\n") > 0, written);
        assertEquals("[" + meant + "]:1 -> [::2]:2", parser.addresses().toString());
    }

    @Test
    void shouldTakeMappedIpv4ForWhatItIs() {
        assertTrue(line("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c000:202 1 2\r\n") > 0);
        assertEquals("192.0.2.1:1 -> 192.0.2.2:2", parser.addresses().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN \r\n",
                "PROXY UNKNOWN anything at all\r\n",
                "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"
            })
    void shouldAcceptUnknownAndStateNothing(String line) {
        assertEquals(line.length(), line(line));
        assertFalse(parser.isStated());
    }

    @Test
    void shouldAcceptTheLongestLines() {
        assertEquals(56, line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"));
        assertEquals(104, line("PROXY TCP6 " + LONGEST_ADDRESS + " " + LONGEST_ADDRESS + " 65535 65535\r\n"));
        assertEquals(107, line("PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXYTCP4 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rX",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 99999999999\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
                "PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.4.5 1.2.3.4 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4::5:6:7:8 ::1 1 2\r\n",
                "PROXY TCP6 1::2::3 ::1 1 2\r\n",
                "PROXY TCP6 ::: ::1 1 2\r\n",
                "PROXY TCP6 1: ::1 1 2\r\n",
                "PROXY TCP6 :1 ::1 1 2\r\n",
                "PROXY TCP6 12345:: ::1 1 2\r\n",
                "PROXY TCP6 ::1%eth0 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:1.2.3.4 ::1 1 2\r\n",
                "PROXY TCP6 ::1.2.3.4:5 ::1 1 2\r\n",
                "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY UNKNOWN a\nb\r\n",
                "PROXY\r\n",
                "PROXY \r\n",
                "PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n"
            })
    void shouldRefuseWhatIsNoLine(String line) {
        assertEquals(HeaderParser.INVALID, line(line));
    }

    @Test
    void shouldRefuseALineWithoutAnEndInItsFirst107Octets() {
        assertEquals(HeaderParser.INCOMPLETE, line("PROXY UNKNOWN " + "x".repeat(106 - 14)));
        assertEquals(HeaderParser.INVALID, line("PROXY UNKNOWN " + "x".repeat(107 - 14)));
        assertEquals(HeaderParser.INVALID, line("PROXY UNKNOWN " + "x".repeat(106 - 14) + "\r\n"));
    }

    // ---- version 2

    @Test
    void shouldReadTcpOverIpv4AndIpv6() {
        assertEquals(28, hex(SIGNATURE + "21 11 000c" + IPV4 + "474554"));
        assertEquals("192.168.0.1:56324 -> 192.168.0.11:443", parser.addresses().toString());
        assertEquals(
                52,
                hex(SIGNATURE + "21 21 0024" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002"
                        + "0001 ffff"));
        assertEquals(
                "[2001:db8::1]:1 -> [2001:db8::2]:65535", parser.addresses().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2000 0000", "20ff 0003 ffffff", "2011 0002 0000", "20f7 0004 03000100"})
    void shouldSkipLocalWhateverItHolds(String rest) {
        assertTrue(hex(SIGNATURE + rest) > 0);
        assertFalse(parser.isStated());
        assertEquals(0, parser.tlvsLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "10", "20", "30", "12", "22", "31", "32"})
    void shouldStateNothingOfWhatIsNotTcp(String kind) {
        assertEquals(16 + 216, hex(SIGNATURE + "21" + kind + "00d8" + "00".repeat(216)), kind);
        assertFalse(parser.isStated());
    }

    @Test
    void shouldIgnoreAddressesOfAnyKindBehindUnspec() {
        assertEquals(28, hex(SIGNATURE + "21 00 000c" + IPV4));
        assertEquals(0, parser.tlvsLength());
    }

    @Test
    void shouldFindEntriesBehindAddresses() {
        assertEquals(16 + 12 + 5 + 3, hex(SIGNATURE + "21 11 0014" + IPV4 + "02 0002 6162" + "04 0000"));
        assertEquals(28, parser.tlvsOffset());
        assertEquals(8, parser.tlvsLength());
        assertEquals(16 + 5, hex(SIGNATURE + "21 00 0005" + "05 0002 6162"));
        assertEquals(16, parser.tlvsOffset());
        assertEquals(5, parser.tlvsLength());
    }

    @Test
    void shouldVerifyTheChecksum() {
        String header = SIGNATURE + "21 11 0013" + IPV4 + "03 0004";
        int right = checksum(header + "00000000");
        assertEquals(35, hex(header + HexFormat.of().toHexDigits(right)));
        for (int bit = 0; bit < 32; bit++) {
            assertEquals(HeaderParser.INVALID, hex(header + HexFormat.of().toHexDigits(right ^ 1 << bit)));
        }
    }

    /** The parameters of CRC32C by its check value (RFC 3720 B.4: 32 octets of zeros), then the header's own. */
    private static int checksum(String zeroed) {
        assertEquals(0x8a9136aa, crc32c(new byte[32]));
        return crc32c(HexFormat.of().parseHex(zeroed.replace(" ", "")));
    }

    /** Bit by bit, reflected polynomial 0x1edc6f41. */
    private static int crc32c(byte[] octets) {
        int crc = ~0;
        for (byte octet : octets) {
            crc ^= octet & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Version 1 and 3, and commands that are none.
                "11 11 000c",
                "31 11 000c",
                "22 11 000c",
                "2f 11 000c",
                // Families and transports that are none.
                "21 41 000c",
                "21 13 000c",
                "21 ff 000c",
                // Too short for its addresses.
                "21 11 000b",
                "21 12 000b",
                "21 21 0023",
                "21 31 00d7",
                // Longer than anyone should be.
                "21 11 0ff1",
                "20 00 ffff"
            })
    void shouldRefuseAWrongPrefixAtOnce(String prefix) {
        assertEquals(HeaderParser.INVALID, hex(SIGNATURE + prefix));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02",
                "02 00",
                "02 0001",
                "02 0002 61",
                "02 ffff 61",
                "03 0003 000000",
                "03 0005 0000000000",
                "02 0000 00"
            })
    void shouldRefuseEntriesThatDoNotFillTheHeader(String entries) {
        int length = entries.replace(" ", "").length() / 2;
        assertEquals(
                HeaderParser.INVALID,
                hex(SIGNATURE + "2111" + HexFormat.of().toHexDigits((short) (12 + length)) + IPV4 + entries));
    }

    @Test
    void shouldRefuseAUniqueIdOfMoreThan128Octets() {
        assertEquals(28 + 131, hex(SIGNATURE + "2111 008f" + IPV4 + "05 0080" + "61".repeat(128)));
        assertEquals(HeaderParser.INVALID, hex(SIGNATURE + "2111 0090" + IPV4 + "05 0081" + "61".repeat(129)));
    }

    @Test
    void shouldTakeAHeaderOf4096Octets() {
        String padding = "04" + HexFormat.of().toHexDigits((short) (4096 - 28 - 3)) + "00".repeat(4096 - 28 - 3);
        assertEquals(4096, hex(SIGNATURE + "2111 0ff0" + IPV4 + padding));
    }

    // ---- neither

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1", "POST", "PROX ", "\r\nQUIT", "\r\n\r\n\0\r\nQUIT\r", "\u0016\u0003\u0001"})
    void shouldSeeThatThereIsNone(String text) {
        assertEquals(HeaderParser.ABSENT, line(text));
        assertFalse(parser.isSigned());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PROX", "\r", "\r\n\r\n\0\r\nQUIT"})
    void shouldWaitForTheRestOfASignature(String text) {
        assertEquals(HeaderParser.INCOMPLETE, line(text));
        assertFalse(parser.isSigned());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY", "\r\n\r\n\0\r\nQUIT\n"})
    void shouldKnowAWholeSignature(String text) {
        assertEquals(HeaderParser.INCOMPLETE, line(text));
        assertTrue(parser.isSigned());
    }
}
