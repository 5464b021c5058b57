package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.perf.lab.AnswerReader.StrangeAnswerException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class AnswerReaderTest {
    private static final String NGINX = """
            HTTP/1.1 200 OK\r
            Server: nginx\r
            Content-Length: 12\r
            Connection: keep-alive\r
            \r
            b2 10.0.9.1
            """;
    private static final Optional<Answer> B2 = Optional.of(new Answer("b2", "10.0.9.1"));

    private final AnswerReader reader = new AnswerReader();

    private Optional<Answer> take(String text) throws StrangeAnswerException {
        UnsafeBuffer buffer = new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
        return reader.take(buffer, buffer.capacity());
    }

    @Test
    void shouldReadAnswersOneAfterTheOther() throws StrangeAnswerException {
        assertEquals(B2, take(NGINX));
        assertEquals(Optional.of(new Answer("b3", "10.0.9.1")), take(NGINX.replace("b2", "b3")));
    }

    @Test
    void shouldWaitForTheRestWhereverAnAnswerIsSplit() throws StrangeAnswerException {
        for (int at = 1; at < NGINX.length(); at++) {
            assertEquals(Optional.empty(), take(NGINX.substring(0, at)));
            assertEquals(B2, take(NGINX.substring(at)));
        }
    }

    @Test
    void shouldForgetHalfAnAnswerOfTheLastConnection() throws StrangeAnswerException {
        take(NGINX.substring(0, 30));
        reader.forget();
        assertEquals(B2, take(NGINX));
    }

    @Test
    void shouldRefuseWhatNoBackendSends() {
        assertStrange("HTTP/1.1 502 Bad Gateway", NGINX.replace("200 OK", "502 Bad Gateway"));
        assertStrange("an answer without a Content-Length", NGINX.replace("Content-Length", "X"));
        assertStrange("bytes that nobody asked for", NGINX + "H");
        assertStrange("an answer that names nobody: Not here now", NGINX.replace("b2 10.0.9.1\n", "Not here now"));
        assertStrange("an answer of more than 4096 octets", "H".repeat(4097));
    }

    private void assertStrange(String message, String text) {
        assertEquals(
                message,
                assertThrows(StrangeAnswerException.class, () -> take(text)).getMessage());
        reader.forget();
    }
}
