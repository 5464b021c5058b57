package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogLineTest {
    private static final Optional<LogLine> OUT = Optional.of(new LogLine("backend-4", false));
    private static final Optional<LogLine> IN = Optional.of(new LogLine("backend-4", true));

    @Test
    void shouldReadTransitionsOfTheForwarder() {
        assertEquals(
                OUT,
                LogLine.ofPenstock(
                        "2026-11-21 19:00:00.000 [fwd-ctl] INFO controller event=backend backend=tested/backend-4 "
                                + "from=UP to=DOWN reason=checks evidence=\"refused to=UP\""));
        assertEquals(
                OUT,
                LogLine.ofPenstock(
                        "event=backend backend=tested/backend-4 from=UP to=EJECTED reason=outlier evidence=\"\""));
        assertEquals(
                IN,
                LogLine.ofPenstock(
                        "event=backend backend=tested/backend-4 from=DOWN to=UP reason=checks evidence=\"\""));
    }

    @Test
    void shouldTakeABackendForInWhileItGetsSomeConnections() {
        assertEquals(
                IN, LogLine.ofPenstock("event=backend backend=tested/backend-4 from=DOWN to=STARTING reason=checks"));
        assertEquals(
                IN, LogLine.ofPenstock("event=backend backend=tested/backend-4 from=OPEN to=TRIAL reason=time-over"));
        assertEquals(OUT, LogLine.ofPenstock("event=backend backend=tested/backend-4 from=TRIAL to=OPEN reason=slow"));
    }

    @Test
    void shouldReadHealthEventsOfTheForwarder() {
        assertEquals(
                OUT, LogLine.ofPenstock("event=health backend=tested/backend-4 state=down evidence=\"timed out\""));
        assertEquals(IN, LogLine.ofPenstock("event=health backend=tested/backend-4 state=up evidence=\"connected\""));
    }

    @Test
    void shouldPassOverWhatElseTheForwarderSays() {
        assertEquals(Optional.empty(), LogLine.ofPenstock("event=table version=3 pool=tested eligible=3 backends=4"));
        assertEquals(
                Optional.empty(),
                LogLine.ofPenstock("event=backend backend=other/backend-4 from=UP to=DOWN reason=checks"));
    }

    @Test
    void shouldReadTransitionsOfHaproxy() {
        assertEquals(
                OUT,
                LogLine.ofHaproxy(
                        "[WARNING]  (4711) : Server tested/backend-4 is DOWN, reason: Layer4 connection problem, "
                                + "info: \"Connection refused\", check duration: 0ms. 3 active and 0 backup servers left."));
        assertEquals(
                IN,
                LogLine.ofHaproxy("[WARNING]  (4711) : Server tested/backend-4 is UP, reason: Layer7 check passed, "
                        + "code: 200, check duration: 1ms. 4 active and 0 backup servers online."));
        assertEquals(Optional.empty(), LogLine.ofHaproxy("[NOTICE]   (4711) : New worker (4712) forked"));
    }
}
