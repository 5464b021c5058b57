package io.penstock.perf.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanesTest {
    @Test
    void shouldTakeEveryLaneOnceUntilItIsAnswered() {
        Lanes lanes = new Lanes(2, 1, 1);
        int first = lanes.takeReady();
        int second = lanes.takeReady();
        assertEquals(1, first + second);
        assertEquals(Lanes.UNKNOWN, lanes.takeReady());
        lanes.send(first, 0);
        assertFalse(lanes.hasRoom(first));
        assertTrue(lanes.hasRoom(second));
        assertEquals(Lanes.ANSWERED, lanes.answer(first, 0, 0));
        assertEquals(first, lanes.takeReady());
        assertTrue(lanes.hasRoom(first));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "32, 16", "48, 32", "64, 64"})
    void shouldHaveAsManyInFlightAsTheWindow(int window, int burst) {
        Lanes lanes = new Lanes(1, window, burst);
        long perRound = (long) (window / burst) * burst;
        long sent = 0;
        for (int round = 0; round < 100; round++) {
            while (lanes.hasRoom(0)) {
                for (int i = 0; i < burst; i++) {
                    assertEquals(sent++, lanes.send(0, 0));
                }
            }
            assertEquals(perRound * (round + 1), sent);
            for (long sequence = sent - perRound; sequence < sent; sequence++) {
                assertEquals(Lanes.ANSWERED, lanes.answer(0, sequence, 0));
            }
        }
        assertTrue(lanes.areIdle());
    }

    @Test
    void shouldKnowWhichAnswersNobodyWaitsFor() {
        Lanes lanes = new Lanes(1, 64, 1);
        assertEquals(Lanes.UNKNOWN, lanes.answer(0, 0, 0));
        assertEquals(0, lanes.send(0, 0));
        assertEquals(Lanes.UNKNOWN, lanes.answer(1, 0, 0));
        assertEquals(Lanes.UNKNOWN, lanes.answer(-1, 0, 0));
        assertEquals(Lanes.UNKNOWN, lanes.answer(0, 1, 0));
        assertEquals(Lanes.UNKNOWN, lanes.answer(0, -1, 0));
        assertEquals(Lanes.ANSWERED, lanes.answer(0, 0, 0));
        assertEquals(Lanes.LATE, lanes.answer(0, 0, 0));
    }

    @Test
    void shouldNotTakeALateAnswerForALaterOnesWithTheSameBit() {
        Lanes lanes = new Lanes(1, 1, 1);
        lanes.send(0, 0);
        assertEquals(1, lanes.giveUp(10, 10));
        for (int sequence = 1; sequence < 64; sequence++) {
            lanes.send(0, 10);
            lanes.answer(0, sequence, 10);
        }
        assertEquals(64, lanes.send(0, 10));
        assertEquals(Lanes.LATE, lanes.answer(0, 0, 10));
        assertEquals(Lanes.ANSWERED, lanes.answer(0, 64, 10));
    }

    @Test
    void shouldStopALaneWhoseOldestWouldFallOutOfTheWord() {
        Lanes lanes = new Lanes(1, 4, 1);
        lanes.send(0, 0);
        for (int sequence = 1; sequence < 64; sequence++) {
            assertTrue(lanes.hasRoom(0), "at " + sequence);
            lanes.send(0, 0);
            lanes.answer(0, sequence, 5);
        }
        assertFalse(lanes.hasRoom(0));
        assertEquals(0, lanes.giveUp(14, 10));
        assertEquals(1, lanes.giveUp(15, 10));
        assertTrue(lanes.hasRoom(0));
        assertTrue(lanes.areIdle());
    }

    @Test
    void shouldGiveUpOnlyLanesThatHadNoAnswerForSoLong() {
        Lanes lanes = new Lanes(2, 2, 1);
        lanes.send(0, 0);
        lanes.send(0, 0);
        lanes.send(1, 0);
        lanes.answer(0, 0, 6);
        assertEquals(1, lanes.giveUp(10, 10));
        assertFalse(lanes.areIdle());
        assertEquals(Lanes.LATE, lanes.answer(1, 0, 11));
        assertEquals(1, lanes.giveUp(11, 0));
        assertTrue(lanes.areIdle());
    }

    @Test
    void shouldRefuseWhatItCannotKeepTrackOf() {
        assertThrows(IllegalArgumentException.class, () -> new Lanes(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Lanes(1, 65, 1));
        assertThrows(IllegalArgumentException.class, () -> new Lanes(1, 4, 5));
        assertThrows(IllegalArgumentException.class, () -> new Lanes(1, 4, 0));
    }
}
