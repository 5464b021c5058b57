package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTest {
    private static final Link LINK = new Link(20_001, 20_002);

    @TempDir
    private Path directory;

    @Test
    void shouldLeaveHaproxyAsItComesExceptForItsThreads() {
        assertEquals("""
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                listen compared
                  bind 127.0.0.1:20001
                  server backend 127.0.0.1:20002
                """, HaproxyConfig.byDefault(LINK));
    }

    @Test
    void shouldMakeHaproxySpliceWhenTunedForBulk() {
        String config = HaproxyConfig.tuned(Tuning.BULK, LINK);
        assertTrue(config.contains("  option splice-request\n  option splice-response\n"), config);
        assertTrue(config.contains("  tune.pipesize 1048576\n"), config);
        assertFalse(config.contains("splice-auto"), config);
    }

    @Test
    void shouldMakeHaproxyWaitForRequestsOnlyWhereTheClientSpeaksFirst() {
        assertTrue(HaproxyConfig.tuned(Tuning.CONNECTIONS, LINK).contains("bind 127.0.0.1:20001 defer-accept\n"));
        assertFalse(HaproxyConfig.tuned(Tuning.BULK, LINK).contains("defer-accept"));
    }

    @Test
    void shouldGiveNginxALargeBufferForBulkOnly() {
        Path binary = directory.resolve("sbin/nginx");
        assertTrue(NginxConfig.proxy(Tuning.BULK, LINK, binary, directory).contains("proxy_buffer_size 128k;"));
        assertFalse(NginxConfig.proxy(Tuning.MESSAGES, LINK, binary, directory).contains("proxy_buffer_size"));
    }

    @Test
    void shouldGiveNginxConnectionsForBothSidesOfACrowd() {
        String config = NginxConfig.proxy(Tuning.CROWD, LINK, directory.resolve("sbin/nginx"), directory);
        assertTrue(config.contains("worker_connections 19000;"), config);
        assertTrue(config.contains("worker_rlimit_nofile 19100;"), config);
    }

    @Test
    void shouldLoadTheStreamModuleWhenItIsAFileBesideNginx() throws IOException {
        Path module = directory.resolve("lib/nginx/modules/ngx_stream_module.so");
        Files.createDirectories(module.getParent());
        Path binary = directory.resolve("sbin/nginx");
        assertFalse(NginxConfig.proxy(Tuning.BULK, LINK, binary, directory).contains("load_module"));
        Files.createFile(module);
        assertTrue(NginxConfig.proxy(Tuning.BULK, LINK, binary, directory).startsWith("load_module " + module + ";\n"));
    }

    @Test
    void shouldRunOursOnOneWorkerWithoutChecks() {
        String config = PenstockConfig.byDefault(LINK);
        assertTrue(config.contains("workers: 1\n"), config);
        assertTrue(config.contains("health: none\n"), config);
        assertTrue(config.contains("listen: \"127.0.0.1:20001\""), config);
        assertTrue(config.contains("backends: [\"127.0.0.1:20002\"]"), config);
    }

    @Test
    void shouldDeferClientsOnlyWhenOursIsTuned() {
        assertTrue(PenstockConfig.deferring(LINK).contains("    tcp: { defer-accept: 3s }\npools:\n"));
        assertFalse(PenstockConfig.byDefault(LINK).contains("defer-accept"));
    }
}
