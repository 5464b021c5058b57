package io.penstock.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowProtocolTest {
    @Test
    void shouldParseWhatAClientWrites() {
        FlowProtocol.Hello hello = new FlowProtocol.Hello(12, 1 << 20, 0xFFFF_FFFFL);
        assertEquals("flow 12 1048576 ffffffff\n", hello.line());
        assertEquals(Optional.of(hello), FlowProtocol.Hello.parse(hello.line().stripTrailing()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "flow", "flow 1 2", "flow 1 2 3 4", "flow x 2 3", "flow 1 2 zz", "GET / HTTP/1.1 x"})
    void shouldRefuseOtherLines(String line) {
        assertEquals(Optional.empty(), FlowProtocol.Hello.parse(line));
    }

    @Test
    void shouldReadLinesWithEitherEnding() throws IOException {
        InputStream in = input("one\ntwo\r\n\n");
        assertEquals("one", FlowProtocol.readLine(in));
        assertEquals("two", FlowProtocol.readLine(in));
        assertEquals("", FlowProtocol.readLine(in));
        assertNull(FlowProtocol.readLine(in));
    }

    @Test
    void shouldTellAnEndWithinALineFromAnEndBetweenLines() {
        assertThrows(EOFException.class, () -> FlowProtocol.readLine(input("half")));
    }

    @Test
    void shouldBoundALine() {
        assertThrows(IOException.class, () -> FlowProtocol.readLine(input("x".repeat(10_000))));
    }

    @Test
    void shouldKeepEveryPayloadWithinTheBlock() {
        IntStream.range(0, 100_000).forEach(id -> {
            int size = FlowProtocol.payloadBytes(id);
            assertTrue(size >= 1 && size <= FlowProtocol.MAX_PAYLOAD_BYTES, () -> id + " has " + size);
            assertTrue(FlowProtocol.payloadOffset(id) + size <= FlowProtocol.payloadBlock().length);
        });
    }

    @Test
    void shouldVarySizesFromBytesToMegabytes() {
        assertTrue(
                IntStream.range(0, 4_000).map(FlowProtocol::payloadBytes).min().orElseThrow() < 32);
        assertTrue(
                IntStream.range(0, 4_000).map(FlowProtocol::payloadBytes).max().orElseThrow() > 512 << 10);
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(FlowProtocol.ascii(text));
    }
}
