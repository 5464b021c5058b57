package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventStreamParserTest {
    private final List<ServerSentEvent> seen = new ArrayList<>();
    private final EventStreamParser parser = new EventStreamParser(seen::add);

    private void read(String text) throws IOException {
        parser.read(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    /** The example of the HTML standard, section 9.2.6, and its rules for what is left out. */
    @Test
    void shouldReadAsTheStandardSays() throws IOException {
        read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n");
        read("event: add\r\ndata\r\n\r\nretry: 10\revent:dropped\r\rdata: not complete\n");
        assertEquals(
                List.of(
                        new ServerSentEvent(1, "message", "first event"),
                        new ServerSentEvent(0, "message", "second event"),
                        new ServerSentEvent(0, "message", " third event"),
                        new ServerSentEvent(0, "add", "")),
                seen);
    }

    @Test
    void shouldNotHoldAnEventWithoutEnd() {
        String line = "data: " + "x".repeat(1 << 20);
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 5; i++) {
                read(line);
            }
        });
        seen.clear();
        EventStreamParser lines = new EventStreamParser(seen::add);
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 5; i++) {
                lines.read(Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8));
            }
        });
    }

    @Property(tries = 500)
    void shouldReadWhatIsWrittenHoweverItIsCut(
            @ForAll("events") List<ServerSentEvent> events, @ForAll @IntRange(min = 1, max = 40) int cut)
            throws IOException {
        List<ServerSentEvent> read = new ArrayList<>();
        EventStreamParser fresh = new EventStreamParser(read::add);
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.text()).append(":\n\n"));
        byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < octets.length; from += cut) {
            fresh.read(Unpooled.wrappedBuffer(octets, from, Math.min(cut, octets.length - from)));
        }
        List<ServerSentEvent> expected = events.stream()
                .map(event -> new ServerSentEvent(
                        event.id(), event.event(), event.data().replaceAll("\r\n|\r", "\n")))
                .toList();
        assertEquals(expected, read);
    }

    @Provide
    Arbitrary<List<ServerSentEvent>> events() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 999_999_999_999_999_999L),
                        Arbitraries.strings().withChars("ab: ").ofMinLength(1).map(text -> "e" + text),
                        Arbitraries.strings().withChars("ab:{}\"\u00f6 \r\n").ofMaxLength(30))
                .as(ServerSentEvent::new)
                .list()
                .ofMaxSize(6);
    }
}
