package io.penstock.forwarder.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServiceCountsTest {
    private final ServiceCounts counts = new ServiceCounts();

    @Test
    void shouldCountOpenOnesOfServiceThatAcceptedNobody() {
        counts.onAccepted(3);
        counts.onOpened(100);
        counts.onOpened(100);
        counts.onClosed(100);
        assertEquals(1, counts.open(100));
        assertEquals(0, counts.accepted(100));
        assertEquals(1, counts.accepted(3), "as before it grew");
    }

    @Test
    void shouldCountNothingOfServiceThatIsNotKnownYet() {
        assertEquals(0, counts.open(1_000));
        assertEquals(0, counts.accepted(1_000));
    }
}
