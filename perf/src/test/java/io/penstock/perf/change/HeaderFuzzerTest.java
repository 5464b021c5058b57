package io.penstock.perf.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.change.clients.MalformedHeaders.Malformed;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

final class HeaderFuzzerTest {
    private static final int OCTETS_MAX = 4 << 10;
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    @Test
    void shouldMakeTheSameForASeed() {
        HeaderFuzzer one = new HeaderFuzzer(1);
        HeaderFuzzer again = new HeaderFuzzer(1);
        for (int i = 0; i < 3 * one.kinds(); i++) {
            assertEquals(text(one.get()), text(again.get()));
        }
    }

    @Test
    void shouldMakeOctetsThatFit() {
        HeaderFuzzer fuzzer = new HeaderFuzzer(2);
        for (int i = 0; i < 100 * fuzzer.kinds(); i++) {
            int length = fuzzer.get().length();
            assertTrue(length > 0 && length <= OCTETS_MAX, "length " + length);
        }
    }

    @Test
    void shouldMakeHeadersOfBothVersionsAndRubbish() {
        HeaderFuzzer fuzzer = new HeaderFuzzer(3);
        int first = 0;
        int second = 0;
        int neither = 0;
        for (int i = 0; i < 10 * fuzzer.kinds(); i++) {
            String text = text(fuzzer.get());
            if (text.startsWith("PROXY ")) {
                first++;
            } else if (text.startsWith(SIGNATURE)) {
                second++;
            } else {
                neither++;
            }
        }
        assertTrue(first > 50 && second > 50 && neither > 10, first + ", " + second + ", " + neither);
    }

    /** By an expression that takes every line that is right, and some that are not. */
    @Test
    void shouldNeverMakeALineThatIsRight() {
        HeaderFuzzer fuzzer = new HeaderFuzzer(4);
        String octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        String ipv4 = octet + "(\\." + octet + "){3}";
        String port = "(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
        String right = "(?s)PROXY TCP4 " + ipv4 + " " + ipv4 + " " + port + " " + port + "\r\n.*";
        for (int i = 0; i < 1_000 * fuzzer.kinds(); i++) {
            String text = text(fuzzer.get());
            assertTrue(!text.matches(right), text);
        }
    }

    @Test
    void shouldBeRefusedByTheCodec() {
        HeaderFuzzer fuzzer = new HeaderFuzzer(5);
        int count = 1_000 * fuzzer.kinds();
        assertEquals(new CodecRun(count, 0, 0), CodecRun.of(fuzzer, count));
    }

    private static String text(Malformed malformed) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        malformed.putInto(buffer);
        return new String(buffer.byteArray(), 0, malformed.length(), StandardCharsets.ISO_8859_1);
    }
}
