package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab {@code vrrp} with real agents, forwarders and backends: who serves while the host that has the VIP is broken. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class VrrpLabIT {
    private static Lab lab;

    @BeforeAll
    static void bringUp() throws Exception {
        lab = Lab.of("vrrp", "vr");
        lab.up();
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (lab != null) {
            lab.close();
            assertEquals(List.of(), lab.traces());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f1.forwarder", "f1.agent", "f1.leave", "f1.freeze", "f1.link", "f1.part"})
    void shouldServeThroughTheOtherWhileTheOwnerIsBroken(String thing) throws Exception {
        try (LabTraffic traffic = new LabTraffic(lab)) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            lab.run("break", thing);
            traffic.await(2, second -> second.of("f1") == 0 && second.of("f2") > 0 && second.of("failed") == 0);
            lab.run("heal", thing);
            traffic.await(2, second -> second.of("f1") > 0 && second.of("f2") == 0 && second.of("failed") == 0);
        }
    }

    @Test
    void shouldGoOnThroughTheOwnerWhileTheBackupIsAway() throws Exception {
        try (LabTraffic traffic = new LabTraffic(lab)) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            lab.run("break", "f2.leave");
            traffic.await(2, second -> second.of("f1") > 0);
            lab.run("heal", "f2.leave");
            traffic.await(2, second -> second.of("f1") > 0);
            assertEquals(0, traffic.end().get("failed"), traffic::said);
        }
    }

    @Test
    void shouldTellWhoHasTheVip() throws Exception {
        String status = lab.run("status");
        assertTrue(status.contains("f1 192.0.2.10/24 on lan"), status);
        assertTrue(status.contains("f1 2001:db8:10::80/64 on lan"), status);
    }
}
