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

    /** Rise 2, fall 3; results as above, transitions, and after which results (0 for none yet) the state is in doubt. */
    @ParameterizedTest
    @CsvSource({
        "UP,         +--+,   '',          0 2 3",
        "UP,         -+++,   down@1 up@3, 0 2",
        "DOWN,       +-+,    up@1,        0 2",
        "DOWN,       --++,   up@4,        0 3",
        "FULLY_UP,   ---++,  down@3 up@5, 1 2 4",
        "FULLY_UP,   --+,    '',          1 2",
        "FULLY_DOWN, ++,     up@2,        1",
        "FULLY_DOWN, +-+-+,  '',          1 3 5",
    })
    void shouldBeginAsScheduled(Schedule.Initial initial, String results, String transitions, String doubts) {
        CheckState state = new CheckState(initial, 2, 3);
        assertEquals(initial.isUp(), state.isUp());
        List<String> seen = new ArrayList<>();
        List<String> inDoubt = new ArrayList<>();
        if (state.isInDoubt()) {
            inDoubt.add("0");
        }
        for (int i = 0; i < results.length(); i++) {
            if (state.onResult(results.charAt(i) == '+')) {
                seen.add((state.isUp() ? "up@" : "down@") + (i + 1));
            }
            if (state.isInDoubt()) {
                inDoubt.add(Integer.toString(i + 1));
            }
        }
        assertEquals(transitions, String.join(" ", seen));
        assertEquals(doubts, String.join(" ", inDoubt));
    }
}
