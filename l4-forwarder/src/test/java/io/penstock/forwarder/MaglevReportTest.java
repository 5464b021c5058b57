package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.net.FlowHash;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaglevReportTest {
    private static final FlowHash HASH = new FlowHash(1, 2);

    @Test
    void shouldShareByWeightWhenNothingIsRemoved() {
        MaglevReport report = MaglevReport.of(pool(65_537), HASH, Set.of());

        assertEquals(
                List.of("heavy", "light", "drained"),
                report.rows().stream().map(MaglevReport.Row::backend).toList());
        assertEquals(0.75, report.rows().get(0).wanted());
        assertEquals(0.75, report.rows().get(0).share(), 0.0001);
        assertEquals(0, report.rows().get(0).offBy(), 0.0001);
        assertEquals(0, report.rows().get(2).share());
        assertEquals(0, report.rows().get(2).offBy());
        assertEquals(0, report.change().moved());
        assertEquals(0, report.removedShare());
        assertFalse(report.isCoarse());
        assertTrue(report.hasNames());
    }

    @Test
    void shouldMoveWhatTheRemovedBackendHadWhenOneIsRemoved() {
        MaglevReport report = MaglevReport.of(pool(65_537), HASH, Set.of("light"));

        assertEquals(List.of("light"), report.removed());
        assertEquals(0.25, report.removedShare(), 0.0001);
        assertEquals(1, report.rows().get(0).without());
        assertEquals(0, report.rows().get(1).without());
        assertEquals(report.removedShare(), report.change().unavoidable() / 65_537.0, 1e-9);
        assertEquals(0, report.change().needless());
        assertFalse(report.leavesNobody());
    }

    @Test
    void shouldMoveNothingWhenADrainedBackendIsRemoved() {
        MaglevReport report = MaglevReport.of(pool(65_537), HASH, Set.of("drained"));

        assertEquals(0, report.removedShare());
        assertEquals(0, report.change().moved());
    }

    @Test
    void shouldSaySoWhenNobodyIsLeft() {
        assertTrue(MaglevReport.of(pool(65_537), HASH, Set.of("heavy", "light")).leavesNobody());
    }

    @Test
    void shouldCallTheTableCoarseWhenItHasFewerThanAHundredSlotsABackend() {
        assertTrue(MaglevReport.of(pool(293), HASH, Set.of()).isCoarse());
        assertFalse(MaglevReport.of(pool(307), HASH, Set.of()).isCoarse());
    }

    private static PoolConfig pool(int tableSize) {
        return PoolConfigs.maglev(
                "web",
                tableSize,
                Optional.empty(),
                PoolConfig.DEFAULT_RESOLVE_INTERVAL,
                new BackendConfig("heavy", "192.0.2.1", 80, 3),
                new BackendConfig("light", "no-such-name.invalid", 80, 1),
                new BackendConfig("drained", "192.0.2.3", 80, 0));
    }
}
