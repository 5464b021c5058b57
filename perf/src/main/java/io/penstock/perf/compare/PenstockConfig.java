package io.penstock.perf.compare;

/** What our forwarder is given: one worker, no health checks since the peers make none, the rest as it comes. */
final class PenstockConfig {
    private PenstockConfig() {}

    static String byDefault(Link link) {
        return """
                workers: 1
                drain-timeout: 1s
                services:
                  compared:
                    listen: "127.0.0.1:%d"
                pools:
                  compared:
                    health: none
                    backends: ["127.0.0.1:%d"]
                """.formatted(link.port(), link.backendPort());
    }
}
