package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
    private static final String ANSWER = new String(Exchange.answer("backend-1"), StandardCharsets.US_ASCII);

    @Test
    void shouldFindTheNameInAWholeAnswer() {
        assertEquals(Optional.of("backend-1"), Exchange.backendIn(ANSWER));
    }

    @Test
    void shouldNotTakeAPartForTheWhole() {
        for (int end = 0; end < ANSWER.length(); end++) {
            assertEquals(Optional.empty(), Exchange.backendIn(ANSWER.substring(0, end)));
        }
    }

    @Test
    void shouldNotTakeAnErrorForAnAnswer() {
        assertEquals(Optional.empty(), Exchange.backendIn(ANSWER.replace("200 OK", "503 No")));
    }

    @Test
    void shouldTellChecksFromClients() {
        assertTrue(Exchange.isCheck("GET /health HTTP/1.0\r\n\r\n"));
        assertFalse(Exchange.isCheck(new String(Exchange.request(), StandardCharsets.US_ASCII)));
        assertFalse(Exchange.isCheck(""));
    }
}
