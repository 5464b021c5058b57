package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StallForecastTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "client: C | backend: A",
                "client: C S:100 R:100 | backend: A R:100 S:100",
                "client: C S:4000000 R* | backend: A R:100",
                "client: C S:100 R* | backend: A H R* K",
                "client: C D:4000000 | backend: A D:4000000",
                "client: C S:1000 R:1000 | backend: A S:1000 R:1000",
                "client: C R* | backend: A S:10 X",
                "client: C R* | backend: P:3",
                "client: C S:10 W X | backend: A R*",
            })
    void shouldKnowWhatEndsByItself(String line) {
        assertFalse(StallForecast.mayStall(Script.parse(line)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client: C R:1 | backend: A R:1",
                "client: C R* | backend: A R*",
                "client: C S:100 R:101 S:1 | backend: A R:100 S:100 R:1",
                "client: C S:4000000 R* | backend: A S:4000000 R*",
                "client: C S:4000000 R* | backend: B:4096 A S:5000 R*",
                "client: C U R* | backend: A R:1",
                "client: C S:4000000 R* | backend: A S:100000 X",
                "client: C D:131073 W | backend: A D:1057225",
                "client: C D:100 R:13881 | backend: A S:103770 R*",
                "client: C R:52147 D:46085 S:85 R* | backend: B:4096 A D:490793 S:5961 R:46 K",
            })
    void shouldKnowWhatMayWaitForATimeout(String line) {
        assertTrue(StallForecast.mayStall(Script.parse(line)));
    }
}
