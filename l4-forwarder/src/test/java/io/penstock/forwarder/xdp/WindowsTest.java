package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final int SERVICE = 3;
    private static final long WINDOW_NS = 100;

    private final Windows windows = new Windows();

    @Test
    void shouldHaveNoWindowAtFirst() {
        assertTrue(windows.of(SERVICE).isEmpty());
        assertEquals(entry(7, Abi.NONE, 0), change(7, 100));
        assertEquals(Long.MAX_VALUE, windows.nextNs());
    }

    @Test
    void shouldHaveTheRingBeforeUntilTheWindowEnds() {
        change(7, 0);

        assertEquals(entry(8, 7, 200), change(8, 100));
        assertEquals(Set.of(7, 8), windows.rings());
        assertEquals(200, windows.nextNs());
        assertEquals(List.of(), windows.due(199));
        assertEquals(List.of(SERVICE), windows.due(200));
        windows.put(SERVICE, windows.of(SERVICE).withoutPrevious(), 200);
        assertEquals(entry(8, Abi.NONE, 0), windows.of(SERVICE));
        assertEquals(Set.of(8), windows.rings());
        assertEquals(List.of(), windows.due(300));
    }

    @Test
    void shouldKeepTheWindowWhenTheRingStays() {
        change(7, 0);
        change(8, 100);

        assertEquals(entry(8, 7, 200), change(8, 150));
    }

    @Test
    void shouldKeepTheRingThatWasInUseForLonger() {
        change(7, 0);
        change(8, 100);

        assertEquals(entry(9, 7, 200), change(9, 149));
        assertEquals(Set.of(7, 9), windows.rings());
        assertEquals(entry(10, 9, 299), change(10, 199));
    }

    @Test
    void shouldEndTheWindowThoughRingsChangeAllTheTime() {
        change(7, 0);
        for (int ring = 8; ring < 18; ring++) {
            assertEquals(entry(ring, 7, 200), change(ring, 100 + 10L * (ring - 8)));
        }

        assertEquals(List.of(SERVICE), windows.due(200));
    }

    @Test
    void shouldHaveNoWindowWhenAChangeIsTakenBackAtOnce() {
        change(7, 0);
        change(8, 100);

        assertEquals(entry(7, Abi.NONE, 0), change(7, 149));
    }

    @Test
    void shouldHaveTheRingBeforeWhenAChangeIsTakenBackLater() {
        change(7, 0);
        change(8, 100);

        assertEquals(entry(7, 8, 250), change(7, 150));
    }

    @Test
    void shouldHaveTheRingOfAProcessBeforeWhenItChanges() {
        windows.adopt(SERVICE, entry(7, 6, 90));

        assertEquals(entry(8, 7, 110), change(8, 10));
    }

    @Test
    void shouldForgetAServiceThatIsGone() {
        change(7, 0);
        windows.remove(SERVICE);

        assertTrue(windows.rings().isEmpty());
    }

    private ServiceEntry change(int ring, long nowNs) {
        ServiceEntry entry = windows.next(SERVICE, entry(ring, Abi.NONE, 0), nowNs, WINDOW_NS);
        windows.put(SERVICE, entry, nowNs);
        return entry;
    }

    private static ServiceEntry entry(int ring, int previous, long windowEndNs) {
        return new ServiceEntry(ring, previous, windowEndNs, true, HashInput.FLOW);
    }
}
