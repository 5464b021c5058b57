package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationTest {
    /** In few letters, so that beginnings of the wanted text occur everywhere. */
    @Property(tries = 50_000)
    void shouldFindOctetsWhereStringSearchDoes(
            @ForAll("few") String text, @ForAll("few") String wanted, @ForAll @IntRange(min = 1, max = 7) int piece) {
        Expectation expectation = Expectation.of(new Probe.Expect.Bytes(Octets.utf8(wanted)));
        boolean early = feed(expectation, text, piece);
        assertEquals(text.contains(wanted), expectation.isFound());
        assertEquals(early, expectation.isFound());
    }

    @Property(tries = 10_000)
    void shouldFindRegexWhateverThePieces(@ForAll("few") String text, @ForAll @IntRange(min = 1, max = 7) int piece) {
        Expectation expectation = Expectation.of(new Probe.Expect.Regex(Pattern.compile("ab+a|b{3}$")));
        feed(expectation, text, piece);
        assertEquals(java.util.regex.Pattern.compile("ab+a|b{3}$").matcher(text).find(), expectation.isFound());
    }

    /** Whether it was found when asked after every piece. */
    private static boolean feed(Expectation expectation, String text, int piece) {
        boolean found = expectation.isFound();
        for (int i = 0; i < text.length(); i += piece) {
            byte[] octets =
                    text.substring(i, Math.min(text.length(), i + piece)).getBytes(StandardCharsets.ISO_8859_1);
            expectation.add(Unpooled.wrappedBuffer(octets));
            found |= expectation.isFound();
        }
        return found;
    }

    @Provide
    Arbitrary<String> few() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(12);
    }

    /** Whatever pattern RE2 accepts: each octet is looked at a bounded number of times, so 64 KiB take no time. */
    @Property(tries = 3_000)
    void shouldStandAnyRegexAndInput(@ForAll("patterns") String regex, @ForAll("texts") byte[] text) {
        Probe.Expect expect;
        try {
            expect = new Probe.Expect.Regex(Pattern.compile(regex));
        } catch (PatternSyntaxException | IllegalArgumentException refused) {
            return;
        }
        Expectation expectation = Expectation.of(expect);
        ByteBuf octets = Unpooled.wrappedBuffer(text);
        expectation.add(octets);
        boolean found = expectation.isFound();
        assertEquals(found, expectation.isFound());
        assertEquals(text.length, octets.readableBytes());
    }

    @Provide
    Arbitrary<String> patterns() {
        Arbitrary<String> atoms = Arbitraries.of(
                "a",
                "b",
                ".",
                "\\d",
                "\\w",
                "[^a]",
                "[a-\\xff]",
                "\\x{ff}",
                "^",
                "$",
                "\\b",
                "(?i)",
                "(?s)",
                "|",
                "(",
                ")",
                "*",
                "+",
                "?",
                "*?",
                "{2,9}",
                "{1,30}",
                "{100}",
                "(a|aa)+",
                "(a*)*",
                "(.*)*b",
                "\\pL",
                "\\Q",
                "\\E",
                "[",
                "]",
                "\\");
        return atoms.list().ofMinSize(1).ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<byte[]> texts() {
        Arbitrary<byte[]> random = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        Arbitrary<byte[]> repeated = Arbitraries.bytes().map(octet -> {
            byte[] all = new byte[2_000];
            Arrays.fill(all, octet);
            return all;
        });
        return Arbitraries.oneOf(random, repeated);
    }

    /** Those that take backtracking engines for ever. */
    @Timeout(60)
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$x", "(a|aa)*c", "(a|a?)+b", "(.*)*(.*)*(.*)*x", "a{1,300}b", "(?:a?){300}b"})
    void shouldNotHangOnNastyRegex(String regex) {
        Expectation expectation = Expectation.of(new Probe.Expect.Regex(Pattern.compile(regex)));
        expectation.add(
                Unpooled.wrappedBuffer("a".repeat(Expectation.MAX_OCTETS).getBytes(StandardCharsets.US_ASCII)));
        assertTrue(expectation.isFull());
        assertEquals(false, expectation.isFound());
    }

    @Test
    void shouldRefuseRegexThatIsTooLarge() {
        for (String regex : List.of("(a{100}){20}", "(?:x{1,900}y){2}")) {
            assertThrows(IllegalArgumentException.class, () -> new Probe.Expect.Regex(Pattern.compile(regex)));
        }
    }

    @Test
    void shouldMatchOctetsNotCharacters() {
        Expectation expectation = Expectation.of(new Probe.Expect.Regex(Pattern.compile("^\\x00\\xff.\\n$")));
        expectation.add(Unpooled.wrappedBuffer(new byte[] {0, (byte) 0xff, (byte) 0xc3, '\n'}));
        assertTrue(expectation.isFound());
    }

    @Test
    void shouldTakeNoMoreThan64KiB() {
        Expectation expectation = Expectation.of(new Probe.Expect.Regex(Pattern.compile("y")));
        expectation.add(Unpooled.wrappedBuffer(new byte[Expectation.MAX_OCTETS - 1]));
        expectation.add(Unpooled.wrappedBuffer("xy".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(expectation.isFull());
        assertEquals(Expectation.MAX_OCTETS, expectation.octets());
        assertEquals(false, expectation.isFound());
    }
}
