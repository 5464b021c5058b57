package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("timeouts", "listen", "pool", "connect-attempts");

    @ParameterizedTest
    @CsvSource({
        "timeout,timeouts",
        "tiemouts,timeouts",
        "Listen,listen",
        "lsiten,listen",
        "pol,pool",
        "pools,pool",
        "connect_attempts,connect-attempts"
    })
    void shouldSuggestWhenWordIsNear(String word, String meant) {
        assertEquals(Optional.of(meant), Suggestion.nearest(word, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"limits", "x", "protocol", "''"})
    void shouldStaySilentWhenNothingIsNear(String word) {
        assertEquals(Optional.empty(), Suggestion.nearest(word, KNOWN));
    }

    @Test
    void shouldStaySilentWhenWordIsVeryLong() {
        assertEquals(Optional.empty(), Suggestion.nearest("x".repeat(1_000_000), KNOWN));
    }
}
