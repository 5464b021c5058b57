package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The units as they are shipped, in a real systemd: user, capabilities, sandbox and system call filter are those of the field. */
@Timeout(180)
class SystemdIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The forwarder's own admin API is the backend: what answers on port 80 has gone through it. */
    private static final String CONFIG = """
            admin: { listen: "127.0.0.1:9080" }
            take-over: { socket: /run/penstock/take-over.sock }
            warm-up: none
            services: { web: { listen: "0.0.0.0:80" } }
            pools: { web: { health: none, backends: ["127.0.0.1:9080"] } }
            """;

    private static final String CONFIG_FILE = "etc/penstock/forwarder.yaml";

    @TempDir
    Path directory;

    @Test
    void shouldServeAsAnOrdinaryUserReloadAndStop() throws Exception {
        try (SystemdNamespace systemd = SystemdNamespace.boot(directory, CONFIG)) {
            systemd.expect(0, "systemctl", "start", "l4-forwarder");
            assertEquals("active", systemd.property("ActiveState"), "READY=1 was believed");
            assertTrue(systemd.property("StatusText").startsWith("running, "));
            String pid = systemd.property("MainPID");
            assertEquals("penstock", systemd.expect(0, "ps", "-o", "user=", "-p", pid));
            assertServes(systemd);
            assertFalse(systemd.log().contains("event=splice-unavailable"), systemd::log);

            systemd.write(CONFIG_FILE, CONFIG + "wrokers: 1\n");
            assertEquals(1, systemd.run("systemctl", "reload", "l4-forwarder").status());
            assertTrue(systemd.log().contains("wrokers: unknown key"), systemd::log);
            systemd.write(CONFIG_FILE, CONFIG.replace("health: none", "health: none, balance: { policy: random }"));
            systemd.expect(0, "systemctl", "reload", "l4-forwarder");
            Await.until("reloaded", LIMIT, () -> systemd.log().contains("event=config-applied"));
            Await.until("READY=1 again", LIMIT, () -> systemd.property("ActiveState")
                    .equals("active"));
            assertEquals(pid, systemd.property("MainPID"));
            assertServes(systemd);

            systemd.expect(0, "systemctl", "stop", "l4-forwarder");
            assertEquals("inactive", systemd.property("ActiveState"));
            assertEquals("success", systemd.property("Result"));
            assertTrue(systemd.log().contains("state=stopped"), systemd::log);
        }
    }

    @Test
    void shouldBeKilledWithAThreadDumpAndStartedAgainWhenItHangs() throws Exception {
        try (SystemdNamespace systemd = SystemdNamespace.boot(directory, CONFIG)) {
            systemd.dropIn("watchdog", "WatchdogSec=3s");
            systemd.expect(0, "systemctl", "start", "l4-forwarder");
            String pid = systemd.property("MainPID");
            systemd.expect(0, "kill", "-STOP", pid);
            Await.until(
                    "a new process",
                    LIMIT,
                    () -> systemd.property("NRestarts").equals("1")
                            && systemd.property("ActiveState").equals("active"));
            assertNotEquals(pid, systemd.property("MainPID"));
            assertServes(systemd);
        }
    }

    @Test
    void shouldBeReplacedByAReloadThatTakesOver() throws Exception {
        try (SystemdNamespace systemd = SystemdNamespace.boot(directory, CONFIG)) {
            systemd.dropInFile("take-over", SystemdNamespace.shipped("l4-forwarder.service.d/take-over.conf.example"));
            systemd.expect(0, "systemctl", "start", "l4-forwarder");
            String pid = systemd.property("MainPID");
            systemd.expect(0, "systemctl", "reload", "l4-forwarder");
            Await.until("MAINPID of the new process", LIMIT, () -> !systemd.property("MainPID")
                    .equals(pid));
            Await.until("the old one has ended", LIMIT, () -> systemd.log().contains("state=stopped"));
            String told = systemd.property("WatchdogTimestampMonotonic");
            Await.until("the new one tells the watchdog", LIMIT, () -> !systemd.property("WatchdogTimestampMonotonic")
                    .equals(told));
            assertServes(systemd);
            assertEquals("active", systemd.property("ActiveState"));
            assertEquals("0", systemd.property("NRestarts"));
            systemd.expect(0, "systemctl", "stop", "l4-forwarder");
            assertEquals("success", systemd.property("Result"));
        }
    }

    @Test
    void shouldBeStartedByTheFirstClientOfASocket() throws Exception {
        try (SystemdNamespace systemd = SystemdNamespace.boot(directory, CONFIG)) {
            systemd.expect(0, "systemctl", "start", "l4-forwarder.socket");
            assertEquals("inactive", systemd.property("ActiveState"));
            assertServes(systemd);
            assertEquals("active", systemd.property("ActiveState"));
            assertTrue(systemd.log().contains("event=socket-inherited fd=3 address=0.0.0.0:80"), systemd::log);
        }
    }

    private static void assertServes(SystemdNamespace systemd) throws Exception {
        assertEquals("running", systemd.expect(0, "curl", "-sS", "-m", "60", "http://127.0.0.1/readyz"));
    }
}
