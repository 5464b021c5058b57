package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab {@code vrrp} with real agents, forwarders and backends: who serves while the host that has the VIP is broken. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class VrrpLabIT {
    @RegisterExtension
    static final SharedLab LAB = new SharedLab(() -> Lab.of("vrrp", "vr"));

    @ParameterizedTest
    @ValueSource(strings = {"f1.forwarder", "f1.agent", "f1.leave", "f1.freeze", "f1.link", "f1.part"})
    void shouldServeThroughTheOtherWhileTheOwnerIsBroken(String thing) throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get())) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            LAB.get().run("break", thing);
            traffic.await(2, second -> second.of("f1") == 0 && second.of("f2") > 0 && second.of("failed") == 0);
            LAB.get().run("heal", thing);
            traffic.await(2, second -> second.of("f1") > 0 && second.of("f2") == 0 && second.of("failed") == 0);
        }
    }

    @Test
    void shouldGoOnThroughTheOwnerWhileTheBackupIsAway() throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get())) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            LAB.get().run("break", "f2.leave");
            traffic.await(2, second -> second.of("f1") > 0);
            LAB.get().run("heal", "f2.leave");
            traffic.await(2, second -> second.of("f1") > 0);
            assertEquals(0, traffic.end().get("failed"), traffic::said);
        }
    }

    @Test
    void shouldTellWhoHasTheVip() throws Exception {
        String status = LAB.get().run("status");
        assertTrue(status.contains("f1 192.0.2.10/24 on lan"), status);
        assertTrue(status.contains("f1 2001:db8:10::80/64 on lan"), status);
    }
}
