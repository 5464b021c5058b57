package io.penstock.forwarder.control;

import static io.penstock.forwarder.control.Silence.Change.BEGINS;
import static io.penstock.forwarder.control.Silence.Change.ENDS;
import static io.penstock.forwarder.control.Silence.Change.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.control.Silence.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTest {
    @Test
    void shouldTellOfItsBeginAndItsEndOnce() {
        assertEquals(List.of(NONE, NONE, BEGINS, NONE, NONE, ENDS, NONE), changes(3, "-----++"));
        assertEquals(List.of(BEGINS, ENDS, BEGINS, NONE, ENDS), changes(1, "-+--+"), "the first already");
    }

    @Test
    void shouldNotTellOfHiccups() {
        assertEquals(List.of(NONE, NONE, NONE, NONE, NONE, NONE, NONE, BEGINS), changes(3, "--+-+---"));
    }

    private static List<Change> changes(int least, String probes) {
        Silence silence = new Silence(least);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < probes.length(); i++) {
            changes.add(silence.onProbe(probes.charAt(i) == '+'));
        }
        return changes;
    }
}
