package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
    @Test
    void shouldMeanAllOfAFamilyByItsName() {
        assertEquals(List.of(Workload.BULK_DOWNLOAD, Workload.BULK_UPLOAD, Workload.BULK_BOTH), Workload.named("bulk"));
        assertEquals(List.of(Workload.LATENCY_30, Workload.LATENCY_60), Workload.named("latency"));
    }

    @Test
    void shouldMeanOneByItsFullName() {
        assertEquals(List.of(Workload.BULK_UPLOAD), Workload.named("bulk-upload"));
        assertEquals(List.of(Workload.IDLE), Workload.named("idle"));
    }

    @Test
    void shouldKnowNoOtherNames() {
        assertTrue(Workload.named("buld").isEmpty());
        assertTrue(Workload.named("").isEmpty());
    }
}
