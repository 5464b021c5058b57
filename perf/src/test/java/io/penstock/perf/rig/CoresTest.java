package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CoresTest {
    private static final List<String> COMMAND = List.of("nginx", "-c", "x");

    @Test
    void shouldGiveEachSideACoreOfItsOwn() {
        Cores cores = Cores.parse("2-3,7");
        assertEquals(3, cores.count());
        assertEquals(List.of("taskset", "-c", "2", "nginx", "-c", "x"), cores.forLoad(COMMAND));
        assertEquals(List.of("taskset", "-c", "3", "nginx", "-c", "x"), cores.forMeasured(COMMAND));
    }

    @Test
    void shouldPinNothingAndSaySoWithASingleCore() {
        Cores cores = Cores.parse("5");
        assertEquals(COMMAND, cores.forMeasured(COMMAND));
        assertTrue(cores.describe().contains("nothing pinned"));
    }
}
