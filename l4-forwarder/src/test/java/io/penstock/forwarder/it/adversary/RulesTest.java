package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.adversary.Observed.Finish;
import org.junit.jupiter.api.Test;

class RulesTest {
    /** Sent 100 bytes, received 50 and the end of the stream, closed. */
    private static final Observed CLIENT = new Observed(Finish.CLOSED, 100, 0, 50, true, false, true, true, false, 100);

    private static final Observed BACKEND = new Observed(Finish.CLOSED, 50, 0, 100, true, false, true, true, false, 50);

    private static final Observed RESETTING_BACKEND =
            new Observed(Finish.RESET, 50, 0, 100, false, false, false, false, false, 40);

    private static Observed clientThatSawReset(long received) {
        return new Observed(Finish.CLOSED, 100, 0, received, false, true, true, false, false, 100);
    }

    private static Observed clientThatSawEnd(long received) {
        return new Observed(Finish.CLOSED, 100, 0, received, true, false, true, false, false, 100);
    }

    @Test
    void shouldAcceptACompleteExchange() {
        assertNull(Rules.violation(CLIENT, BACKEND, false));
        assertTrue(Rules.isDeterministic(CLIENT, BACKEND));
    }

    @Test
    void shouldFindAResetThatBecameAnEndOfStream() {
        assertEquals(
                "the client saw an end of stream that nobody sent",
                Rules.violation(clientThatSawEnd(50), RESETTING_BACKEND, false));
    }

    @Test
    void shouldFindATimeoutThatBecameAnEndOfStream() {
        assertEquals(
                "the client saw the end of the stream after 49 of 50 bytes",
                Rules.violation(clientThatSawEnd(49), BACKEND, true));
    }

    @Test
    void shouldFindAnEndOfStreamInPlaceOfTheResetForUnreadData() {
        Observed unread = new Observed(Finish.CLOSED, 50, 0, 10, false, false, false, false, true, 50);
        assertEquals(
                "the client saw an end of stream that nobody sent",
                Rules.violation(clientThatSawEnd(50), unread, false));
    }

    @Test
    void shouldFindAResetThatNobodySent() {
        assertEquals("the client was reset for no reason", Rules.violation(clientThatSawReset(50), BACKEND, false));
        assertNull(Rules.violation(clientThatSawReset(50), BACKEND, true), "unless it may be a timeout's");
    }

    @Test
    void shouldFindWhatWasLostBeforeAReset() {
        assertNull(Rules.violation(clientThatSawReset(40), RESETTING_BACKEND, false));
        assertEquals(
                "the client was reset after 39 of the 40 bytes that had been acknowledged",
                Rules.violation(clientThatSawReset(39), RESETTING_BACKEND, false));
    }

    @Test
    void shouldAcceptAResetForDataThatCameAfterTheClose() {
        Observed left = new Observed(Finish.CLOSED, 50, 0, 60, false, false, false, false, false, 50);
        assertNull(Rules.violation(clientThatSawReset(50), left, false));
        assertFalse(Rules.isDeterministic(clientThatSawReset(50), left));
    }

    @Test
    void shouldLetAClientCallItsConnectionOff() {
        Observed client = new Observed(Finish.RESET, 100, 0, 0, false, false, false, false, false, 100);
        Observed backend = new Observed(Finish.CLOSED, 0, 0, 0, false, true, true, false, false, 0);
        assertNull(Rules.violation(client, backend, false));
        Observed halfServed = new Observed(Finish.CLOSED, 0, 0, 99, false, true, true, false, false, 0);
        assertEquals(
                "the backend was reset after 99 of the 100 bytes that had been acknowledged",
                Rules.violation(client, halfServed, false));
    }
}
