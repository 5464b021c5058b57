package io.penstock.perf.change.balancers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SiteTextTest {
    private static final Site SITE = new Site(
            20_000,
            List.of(new Site.Listener(20_001, false), new Site.Listener(20_002, true)),
            List.of(new Site.Server("backend-0", 20_010, 1), new Site.Server("backend-1", 20_011, 3)));

    @Test
    void shouldGiveHaproxyWhatItsManualHas() {
        assertEquals("""
                global
                  nbthread 2
                  stats socket /run/x/haproxy.sock mode 600 level admin expose-fd listeners
                  hard-stop-after 30s
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                  default_backend tested
                frontend tested
                  bind 127.0.0.1:20000
                  bind 127.0.0.1:20001
                frontend extra-20002
                  bind 127.0.0.1:20002
                backend tested
                  balance roundrobin
                  server backend-0 127.0.0.1:20010 weight 1
                  server backend-1 127.0.0.1:20011 weight 3
                """, Haproxy.text(SITE, Path.of("/run/x/haproxy.sock"), "30s"));
    }

    @Test
    void shouldGiveOursTheSame() {
        assertEquals("""
                workers: 2
                drain-timeout: 30s
                take-over: { socket: "/run/x/forwarder.sock" }
                services:
                  tested: { listen: ["127.0.0.1:20000", "127.0.0.1:20001"] }
                  extra-20002: { listen: "127.0.0.1:20002", pool: tested }
                pools:
                  tested:
                    balance: { policy: round-robin }
                    health: none
                    backends:
                      - { id: backend-0, address: "127.0.0.1:20010", weight: 1 }
                      - { id: backend-1, address: "127.0.0.1:20011", weight: 3 }
                """, Penstock.yaml(SITE, Optional.of(Path.of("/run/x/forwarder.sock")), "30s"));
    }
}
