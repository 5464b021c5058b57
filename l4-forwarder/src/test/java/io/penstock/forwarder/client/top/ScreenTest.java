package io.penstock.forwarder.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Instant CLOCK = Instant.parse("2026-11-22T04:00:10Z");
    private static final Palette ASCII = new Palette(false, false);

    private final Frame frame = Frame.between(TopSamples.sample(50), TopSamples.sample(60));
    private final View view = new View(Optional.empty(), "");

    private List<String> lines(Frame shown, Optional<String> trouble, int width, int rows) {
        return new Screen(ASCII, "127.0.0.1:9080", ZoneOffset.UTC)
                .lines(shown, view, trouble, CLOCK, width, rows).stream()
                        .map(line -> line.toString().stripTrailing())
                        .toList();
    }

    private String text(int width, int rows) {
        return String.join("\n", lines(frame, Optional.empty(), width, rows));
    }

    @Test
    void shouldShowEverythingWhereThereIsRoom() {
        assertEquals("""
                l4-forwarder running for 1m 0s  table 7  127.0.0.1:9080                                                     04:00:10
                12 connections  3 of 15000 sessions  new 100/s  failures 2.0/s  in 1.0M/s  out 10.0M/s
                ! file REFUSED AGE ago, the one before it runs: f.yaml:1:1: workers: too many (and 1 more)
                ! pool web: 4 connections wait for room
                ! draining backend web/web-2: 50 left of 100
                ! differs from the file: pool web: backend web-1: weight 1, file 2
                SERVICE   PROTO   STATE      OPEN   NEW/S   FAIL/S    IN/S   OUT/S    CONNECT   1ST BYTE  POOL   LISTEN
                web       tcp     enabled      12     100      2.0    1.0M   10.0M   0.21/1.4     12/120  web    192.0.2.1:80
                BACKEND    STATE       FOR   WEIGHT   OPEN   PENDING   NEW/S   FAIL/S    IN/S   OUT/S    CONNECT   1ST BYTE
                web/web-1  up        1h 0m        1     12         0     100      2.0    1.0M   10.0M   0.20/1.1          -
                web/web-2  down      10.0s        9      0         0       -        -       -       -          -          -
                WORKER     CONNECTIONS   SESSIONS   PIPES   TURNS/S       LATE   LATE MAX
                fwd-w0              12          3       2       100  0.05/0.60        7.5
                EVENTS
                04:00:00 process l4-forwarder: running
                04:00:09 backend web/web-2: up to down: check failed







                q quit  p pause  s sort  r reverse  / filter  v w e sections  ? help""", text(116, 24).replaceAll("REFUSED .* ago", "REFUSED AGE ago"));
    }

    @Test
    void shouldKeepWhatMattersOnASmallTerminal() {
        assertEquals("""
                l4-forwarder running for 1m 0s  table ~
                12 connections  3 of 15000 sessions  n~
                ! file REFUSED AGE ago, the on
                BACKEND    STATE    OPEN   NEW/S
                web/web-1  up         12     100
                web/web-2  down        0       -""", text(39, 6).replaceAll("REFUSED .* ago, the on.*", "REFUSED AGE ago, the on"));
    }

    @Test
    void shouldPutTheLargestOnTopAndMarkTheColumn() {
        for (char key : "sss".toCharArray()) {
            view.onKey(Key.of(key));
        }
        List<String> lines = lines(frame, Optional.empty(), 120, 30);
        int title = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).startsWith("BACKEND"))
                .findFirst()
                .orElseThrow();
        assertTrue(lines.get(title).contains("WEIGHTv"), lines.get(title));
        assertTrue(lines.get(title + 1).startsWith("web/web-2"), lines.get(title + 1));
        view.onKey(Key.of('r'));
        assertTrue(text(120, 30).contains("WEIGHT^"));
        assertTrue(lines(frame, Optional.empty(), 120, 30).get(title + 1).startsWith("web/web-1"));
    }

    @Test
    void shouldSayThatNobodyAnswersAndKeepTheLastFrame() {
        List<String> lines = lines(frame, Optional.of("NO ANSWER for 5.0s: gone"), 80, 24);
        assertEquals("NO ANSWER for 5.0s: gone", lines.get(2));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("web/web-1")));
    }

    @Test
    void shouldScrollThroughManyBackendsAndHideSections() {
        String backends = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"id\": \"b-" + i + "\", \"state\": \"up\"}")
                .collect(Collectors.joining(",", "{\"pools\": [{\"name\": \"p\", \"backends\": [", "]}]}"));
        Frame many = Frame.first(TopSamples.read(backends, 1));
        assertTrue(lines(many, Optional.empty(), 80, 24).get(3).startsWith("p/b-0 "));
        view.onKey(Key.of('G'));
        List<String> end = lines(many, Optional.empty(), 80, 24);
        assertTrue(end.stream().anyMatch(line -> line.startsWith("p/b-999 ")));
        assertTrue(end.contains("EVENTS"));
        view.onKey(Key.of('e'));
        assertFalse(lines(many, Optional.empty(), 80, 24).contains("EVENTS"));
    }

    @Test
    void shouldShowHelp() {
        view.onKey(Key.of('?'));
        assertTrue(text(80, 24).contains("s S        order backends"));
        assertFalse(text(80, 24).contains("web/web-1"));
    }

    @Property(tries = 200)
    void shouldFitAnyTerminal(
            @ForAll @IntRange(min = 1, max = 200) int width, @ForAll @IntRange(min = 1, max = 60) int rows) {
        for (boolean unicode : new boolean[] {false, true}) {
            List<AttributedString> lines = new Screen(new Palette(true, unicode), "[::1]:9080", ZoneOffset.UTC)
                    .lines(frame, view, Optional.of("NO ANSWER"), CLOCK, width, rows);
            assertTrue(lines.size() <= rows, () -> lines.size() + " of " + rows);
            lines.forEach(line -> assertTrue(line.columnLength() <= width, () -> width + ": " + line));
        }
    }

    @Test
    void shouldSpeakAsciiOnlyWhereTheTerminalDoes() {
        view.onKey(Key.of('s'));
        for (int width = 1; width < 150; width++) {
            String text = text(width, 30);
            assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(text), text);
        }
    }

    @Test
    void shouldColourOnlyWhereThatIsWanted() {
        assertTrue(Palette.of(null, 8, StandardCharsets.UTF_8).colours());
        assertTrue(Palette.of("", 256, StandardCharsets.UTF_8).unicode());
        assertFalse(Palette.of("1", 256, StandardCharsets.UTF_8).colours());
        assertFalse(Palette.of(null, null, StandardCharsets.US_ASCII).colours());
        assertFalse(Palette.of(null, 8, StandardCharsets.ISO_8859_1).unicode());
        Palette plain = new Palette(false, true);
        assertEquals(plain.plain(), plain.ofState("up"));
        assertEquals(plain.plain(), plain.ofLevel("warn"));
    }
}
