package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private final Windows windows = new Windows();

    @Test
    void shouldHaveNoWindowAtFirst() {
        assertTrue(windows.of(3).isEmpty());
        assertEquals(entry(7, Abi.NONE, 0), change(7, 100));
        assertEquals(Long.MAX_VALUE, windows.nextNs());
    }

    @Test
    void shouldHaveTheRingBeforeUntilTheWindowEnds() {
        change(7, 100);

        assertEquals(entry(8, 7, 200), change(8, 200));
        assertEquals(Set.of(7, 8), windows.rings());
        assertEquals(200, windows.nextNs());
        assertEquals(List.of(), windows.close(199));
        assertEquals(List.of(3), windows.close(200));
        assertEquals(entry(8, Abi.NONE, 0), windows.of(3));
        assertEquals(Set.of(8), windows.rings());
        assertEquals(List.of(), windows.close(300));
    }

    @Test
    void shouldKeepTheWindowWhenTheRingStays() {
        change(7, 100);
        change(8, 200);

        assertEquals(entry(8, 7, 200), change(8, 300));
    }

    @Test
    void shouldForgetTheRingBeforeTheLastOfTwoChanges() {
        change(7, 100);
        change(8, 200);

        assertEquals(entry(9, 8, 250), change(9, 250));
        assertEquals(Set.of(8, 9), windows.rings());
    }

    @Test
    void shouldForgetAServiceThatIsGone() {
        change(7, 100);
        windows.remove(3);

        assertTrue(windows.rings().isEmpty());
    }

    private ServiceEntry change(int ring, long windowEndNs) {
        return windows.change(3, ring, true, HashInput.FLOW, windowEndNs);
    }

    private static ServiceEntry entry(int ring, int previous, long windowEndNs) {
        return new ServiceEntry(ring, previous, windowEndNs, true, HashInput.FLOW);
    }
}
