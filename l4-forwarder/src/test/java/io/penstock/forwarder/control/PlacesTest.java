package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.control.LevelPlan.Distance;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
    @ParameterizedTest
    @CsvSource({
        "eu/a, eu/a, SAME_ZONE",
        "eu/a, eu/b, SAME_REGION",
        "eu/a, us/a, ELSEWHERE",
        "eu/a, eu/,  SAME_REGION",
        "eu/,  eu/a, SAME_REGION",
        "eu/,  eu/,  SAME_REGION",
        "/a,   /a,   SAME_ZONE",
        "/a,   /b,   ELSEWHERE",
        "/a,   eu/a, ELSEWHERE",
        "eu/a, -,    ELSEWHERE",
        "-,    eu/a, SAME_ZONE",
        "-,    -,    SAME_ZONE"
    })
    void shouldTellHowNearPlacesAre(String from, String to, Distance expected) {
        assertEquals(expected, Places.distance(place(from), place(to)));
    }

    private static Optional<Place> place(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(new Place(text.substring(0, slash), text.substring(slash + 1)));
    }
}
