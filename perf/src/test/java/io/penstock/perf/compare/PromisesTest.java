package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import org.junit.jupiter.api.Test;

final class PromisesTest {
    private static final SyscallFigures SPLICING = new SyscallFigures(2_000, 1_000);
    private static final SyscallFigures COPYING = new SyscallFigures(2_000, 0);
    private static final double EXACT = 0;

    private final Figures figures = new Figures();

    @Test
    void shouldHoldThePromiseWhenTheMedianOfRatiosIsAtTheLimit() {
        judge(Results.of(Workload.KEEPALIVE, SPLICING, 0.5, 1, 7));
        assertEquals(1, row("keepalive.cpu.haproxy-tuned").value(), EXACT);
        assertEquals("<= 1", row("keepalive.cpu.haproxy-tuned").goal());
        assertTrue(figures.allOk(), () -> figures.rows().toString());
    }

    @Test
    void shouldBreakThePromiseWhenOursCostsMore() {
        judge(Results.of(Workload.CONNECT, SPLICING, 0.92));
        assertFalse(row("connect.cpu.haproxy-default").ok());
        assertFalse(row("connect.cpu.haproxy-tuned").ok());
        assertTrue(row("connect.cpu.nginx").ok());
        assertEquals(1, figures.exitCode());
    }

    @Test
    void shouldWantMoreOfGigabytesPerSecondAndLessOfMicroseconds() {
        judge(Results.of(Workload.BULK_UPLOAD, SPLICING, 0.6));
        assertFalse(row("bulk-upload.gb-per-cpu-s.haproxy-default").ok());
        assertTrue(row("bulk-upload.gb-per-cpu-s.haproxy-tuned").ok());
        assertTrue(row("bulk-upload.gb-per-cpu-s.nginx").ok());
        assertFalse(row("bulk-upload.throughput.haproxy-default").ok());
    }

    @Test
    void shouldReportAbsoluteFiguresAsPlainRows() {
        judge(Results.of(Workload.CONNECT, SPLICING, 0.5));
        assertEquals(500, row("connect.penstock.cpu").value(), EXACT);
        assertEquals("us", row("connect.penstock.cpu").unit());
        assertEquals(2_000, row("connect.nginx.syscalls").value(), EXACT);
        assertTrue(figures.rows().stream().noneMatch(row -> row.name().equals("connect.direct.cpu")));
    }

    @Test
    void shouldNotCompareWithAPeerThatWasMeantToSpliceAndDidNot() {
        judge(Results.of(Workload.BULK_BOTH, COPYING, 0.5));
        assertFalse(row("bulk-both.haproxy-tuned.splices").ok());
    }

    @Test
    void shouldNotTakeSplicingForGrantedWhenItWasNotCounted() {
        judge(Results.of(Workload.BULK_BOTH, SyscallFigures.NONE, 0.5));
        assertFalse(row("bulk-both.haproxy-tuned.splices").ok());
    }

    @Test
    void shouldBreakAPromiseWhenAWorkloadCouldNotBeMeasured() {
        new Promises(figures).fail(Workload.IDLE);
        assertFalse(row("idle.measured").ok());
    }

    private void judge(WorkloadResult result) {
        new Promises(figures).judge(result);
    }

    private Figures.Row row(String name) {
        return figures.rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row " + name + " in " + figures.rows()));
    }
}
