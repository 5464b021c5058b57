package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class LineBufferTest {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final LineBuffer buffer = new LineBuffer(1);

    @Property
    void shouldWriteNumbersAsJavaDoes(@ForAll @LongRange(min = 0) long number) {
        assertEquals(Long.toString(number), text(buffer.decimal(number)));
    }

    @Property
    void shouldWriteMillisecondsToTheMicrosecond(@ForAll @LongRange(min = 0) long ns) {
        String text = text(buffer.milliseconds(ns));
        assertEquals(ns / 1_000_000 + "." + String.format(Locale.ROOT, "%03d", ns / 1000 % 1000), text);
    }

    @Example
    void shouldTakeATimeThatRanBackwardsForNone() {
        assertEquals("0.000", text(buffer.milliseconds(-5)));
    }

    /** Groups that are often 0: of runs of zeros the first longest is shortened. */
    @Property
    void shouldWriteAddressesCanonically(@ForAll("groups") int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        assertEquals(new IpAddress(high, low).toString(), text(buffer.address(high, low)));
    }

    @Provide
    Arbitrary<int[]> groups() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.just(0)),
                        Tuple.of(2, Arbitraries.integers().between(0, 0xffff)))
                .array(int[].class)
                .ofSize(8);
    }

    @Property
    void shouldWriteIpv4(@ForAll int address) {
        IpAddress ipv4 = IpAddress.ofIpv4(address);
        assertEquals(ipv4.toString(), text(buffer.address(ipv4.high(), ipv4.low())));
    }

    @Property
    void shouldWriteMomentsAsIso8601(@ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long ms) {
        new Timestamps().put(buffer, ms);
        assertEquals(ISO.format(Instant.ofEpochMilli(ms)), text(buffer));
    }

    @Property
    void shouldFollowTheDate(@ForAll @IntRange(max = 40_000) int day, @ForAll @IntRange(max = 3) int days) {
        Timestamps timestamps = new Timestamps();
        long first = day * 86_400_000L;
        timestamps.put(new LineBuffer(30), first);
        timestamps.put(buffer, first + days * 86_400_000L - 1);
        assertEquals(ISO.format(Instant.ofEpochMilli(first + days * 86_400_000L - 1)), text(buffer));
    }

    private String text(LineBuffer written) {
        String text = UTF_8.decode(written.view()).toString();
        written.clear();
        return text;
    }
}
