package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int KIB = 1 << 10;

    private final Pace pace = new Pace();

    @BeforeEach
    void open() {
        pace.reset();
    }

    @Test
    void shouldReadMoreEachTimeAReadWasFilledAndTaken() {
        List<Integer> limits = new ArrayList<>();
        while (!pace.isBulky()) {
            limits.add(pace.limitBytes());
            pace.onCopied(pace.limitBytes());
        }
        assertEquals(List.of(16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB, 256 * KIB), limits);
    }

    @Test
    void shouldKeepItsLimitAfterShortReads() {
        pace.onCopied(16 * KIB);
        pace.onCopied(100);
        assertEquals(32 * KIB, pace.limitBytes());
    }

    @Test
    void shouldBeginAgainWhenTheSinkIsFull() {
        pace.onCopied(16 * KIB);
        pace.onCopied(32 * KIB);
        pace.onSinkFull();
        assertEquals(16 * KIB, pace.limitBytes());
    }

    @Test
    void shouldBeBulkyAfterAStreakOfReadsThatNeedNotBeFull() {
        for (int i = 0; i < 15; i++) {
            pace.onCopied(17 * KIB);
            assertFalse(pace.isBulky());
        }
        pace.onCopied(17 * KIB);
        assertTrue(pace.isBulky());
    }

    @Test
    void shouldNeverBeBulkyWhenSmallReadsComeBetween() {
        for (int i = 0; i < 100_000; i++) {
            pace.onCopied(200 * KIB);
            pace.onCopied(16 * KIB - 1);
        }
        assertFalse(pace.isBulky());
    }

    @Test
    void shouldNeverBeBulkyWhenTheSinkIsFullBetween() {
        for (int i = 0; i < 1_000; i++) {
            pace.onCopied(128 * KIB);
            pace.onSinkFull();
        }
        assertFalse(pace.isBulky());
    }

    @Test
    void shouldCalmDownAfterFourSmallSplicesInARow() {
        bulky();
        for (int i = 0; i < 3; i++) {
            pace.onFilled(100);
        }
        pace.onFilled(8 * KIB);
        for (int i = 0; i < 3; i++) {
            pace.onFilled(100);
        }
        assertTrue(pace.isBulky());
        pace.onFilled(100);
        assertFalse(pace.isBulky());
        assertEquals(16 * KIB, pace.limitBytes());
    }

    @Test
    void shouldCalmDownWhenTheSinkTakesLittleAtATime() {
        bulky();
        pace.onSinkFull(); // it had taken all that was copied
        pace.onDrained(64 * KIB);
        pace.onSinkFull();
        assertTrue(pace.isBulky());
        pace.onDrained(64 * KIB - 1);
        pace.onSinkFull();
        assertFalse(pace.isBulky());
    }

    @Test
    void shouldStayBulkyWhileItCopiesForWantOfAPipe() {
        bulky();
        pace.onCopied(100);
        assertTrue(pace.isBulky());
    }

    private void bulky() {
        while (!pace.isBulky()) {
            pace.onCopied(pace.limitBytes());
        }
    }
}
