package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckStateTest {
    /** Results as + and -; then the transitions they make, as {@code up@3} for the third result. */
    @ParameterizedTest
    @CsvSource({
        // The first result alone decides.
        "2, 3, +, ''",
        "2, 3, -, down@1",
        // Down after `fall` in a row, and only in a row.
        "2, 3, +--, ''",
        "2, 3, +---, down@4",
        "2, 3, +--+--, ''",
        "2, 3, +--+---, down@7",
        "2, 3, +------, down@4",
        // Up after `rise` in a row.
        "2, 3, -+, down@1",
        "2, 3, -++, down@1 up@3",
        "2, 3, -+-+-+, down@1",
        "2, 3, -+-++, down@1 up@5",
        // There and back.
        "2, 3, +---++---, down@4 up@6 down@9",
        "1, 1, +-+-, down@2 up@3 down@4",
        "1, 1, -+-+, down@1 up@2 down@3 up@4",
    })
    void shouldChangeWhenResultsSaySo(int rise, int fall, String results, String transitions) {
        CheckState state = new CheckState(Schedule.Initial.UP, rise, fall);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < results.length(); i++) {
            if (state.onResult(results.charAt(i) == '+')) {
                seen.add((state.isUp() ? "up@" : "down@") + (i + 1));
            }
        }
        assertEquals(transitions, String.join(" ", seen));
    }
}
