package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SettingsTest {
    private static final Site SITE =
            new Site(20_000, List.of(new Site.Server("backend-1", 20_001), new Site.Server("backend-2", 20_002)));

    @TempDir
    private Path directory;

    @Test
    void shouldGiveHaproxyWhatItsManualHas() {
        assertEquals("""
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect 250ms
                  timeout check 250ms
                  timeout client 10s
                  timeout server 10s
                  retries 2
                  option redispatch 1
                listen tested
                  bind 127.0.0.1:20000
                  balance roundrobin
                  option httpchk GET /health
                  default-server check inter 500ms fastinter 250ms rise 2 fall 3 observe layer4 error-limit 3 on-error mark-down
                  server backend-1 127.0.0.1:20001
                  server backend-2 127.0.0.1:20002
                """, HaproxySettings.text(Settings.HTTP_PASSIVE, SITE));
    }

    @Test
    void shouldGiveOursTheSame() {
        assertEquals("""
                workers: 1
                drain-timeout: 1s
                services:
                  tested:
                    listen: "127.0.0.1:20000"
                    pool: tested
                    connect-attempts: 3
                    timeouts: { connect: 250ms, idle: 10s, fin: 10s }
                pools:
                  tested:
                    balance: { policy: round-robin }
                    health:
                      http: { path: /health }
                      interval: 500ms
                      fast-interval: 250ms
                      timeout: 250ms
                      rise: 2
                      fall: 3
                      jitter: 0%
                    outlier-ejection: { connect-failures: 3, early-resets: 3, time: 1s, max-time: 1s }
                    backends:
                      - { id: backend-1, address: "127.0.0.1:20001" }
                      - { id: backend-2, address: "127.0.0.1:20002" }
                """, PenstockSettings.yaml(Settings.HTTP_PASSIVE, SITE));
    }

    @ParameterizedTest
    @EnumSource(Settings.class)
    void shouldWriteWhatOurReaderTakes(Settings settings) throws IOException {
        Path file = Files.writeString(directory.resolve("forwarder.yaml"), PenstockSettings.yaml(settings, SITE));
        ForwarderConfig config = ForwarderConfigReader.read(file);
        assertEquals(2, config.pools().get(Site.POOL).backends().size());
    }

    @Test
    void shouldCheckByConnectingOnlyWhenToldTo() {
        assertFalse(HaproxySettings.text(Settings.TCP, SITE).contains("httpchk"));
        assertTrue(PenstockSettings.yaml(Settings.TCP, SITE).contains("      tcp: {}\n"));
    }

    @Test
    void shouldWatchClientsConnectionsOnlyWhenToldTo() {
        assertFalse(HaproxySettings.text(Settings.HTTP, SITE).contains("observe"));
        assertFalse(PenstockSettings.yaml(Settings.HTTP, SITE).contains("outlier-ejection"));
        assertTrue(HaproxySettings.text(Settings.TCP_PASSIVE, SITE).contains(" on-error mark-down"));
        assertTrue(PenstockSettings.yaml(Settings.TCP_PASSIVE, SITE).contains("    outlier-ejection: "));
    }
}
