package io.penstock.forwarder.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServiceCountsTest {
    private enum Reason {
        DONE,
        BROKEN
    }

    private final ServiceCounts counts = new ServiceCounts();

    @Test
    void shouldCountOpenOnesOfServiceThatAcceptedNobody() {
        counts.onAccepted(3);
        counts.onOpened(100);
        counts.onOpened(100);
        counts.onClosed(100, Reason.DONE);
        assertEquals(1, counts.open(100));
        assertEquals(0, counts.accepted(100));
        assertEquals(1, counts.accepted(3), "as before it grew");
    }

    @Test
    void shouldCountNothingOfServiceThatIsNotKnownYet() {
        assertEquals(0, counts.open(1_000));
        assertEquals(0, counts.accepted(1_000));
        assertEquals(0, counts.ended(1_000, 0));
        assertEquals(0, counts.bytesToClients(1_000, true));
    }

    @Test
    void shouldCountEndsByReasonAndBytesByPathOfEachService() {
        counts.onAccepted(0);
        counts.onOpened(0);
        counts.onAccepted(1);
        counts.onOpened(1);
        counts.onBytes(1, 1, 20, 300, 4_000);
        counts.onBytes(1, 1, 0, 0, 1);
        counts.onClosed(1, Reason.BROKEN);
        counts.onRefused(1, Reason.BROKEN);
        assertEquals(0, counts.ended(1, 0));
        assertEquals(2, counts.ended(1, 1));
        assertEquals(0, counts.open(1));
        assertEquals(2, counts.bytesToBackends(1, false));
        assertEquals(20, counts.bytesToBackends(1, true));
        assertEquals(300, counts.bytesToClients(1, false));
        assertEquals(4_001, counts.bytesToClients(1, true));
        assertEquals(1, counts.open(0), "the other service");
        assertEquals(0, counts.ended(0, 1));
        assertEquals(0, counts.bytesToBackends(0, false));
    }

    @Test
    void shouldHaveRoomForEveryWordOfTheLastServiceBeforeItGrows() {
        for (int service = 0; service < 40; service++) {
            counts.onAccepted(service);
            counts.onOpened(service);
            counts.onClosed(service, Reason.BROKEN);
        }
        for (int service = 0; service < 40; service++) {
            assertEquals(1, counts.accepted(service));
            assertEquals(1, counts.ended(service, 1));
        }
    }
}
