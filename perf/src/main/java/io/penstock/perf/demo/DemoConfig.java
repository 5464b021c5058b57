package io.penstock.perf.demo;

import java.util.List;

/** The forwarder.yaml of the demo, as a person would write it. */
final class DemoConfig {
    private DemoConfig() {}

    static String yaml(int port, List<EmbeddedBackend> backends) {
        StringBuilder yaml = new StringBuilder(String.format("""
                drain-timeout: 5s
                services:
                  demo:
                    listen: ["127.0.0.1:%d"]
                    pool: demo
                    timeouts: { connect: 1s }
                pools:
                  demo:
                    # All clients of the demo share one address: spread them by address and port.
                    balance: { policy: maglev, hash: flow }
                    health: { tcp: {}, interval: 200ms, timeout: 100ms, rise: 2, fall: 2 }
                    backends:
                """, port));
        for (EmbeddedBackend backend : backends) {
            yaml.append(
                    String.format("      - { id: %s, address: \"127.0.0.1:%d\" }%n", backend.name(), backend.port()));
        }
        return yaml.toString();
    }
}
