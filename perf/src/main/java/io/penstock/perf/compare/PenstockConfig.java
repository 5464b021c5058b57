package io.penstock.perf.compare;

/** What our forwarder is given: one worker, no health checks since the peers make none, the rest as it comes. */
final class PenstockConfig {
    private PenstockConfig() {}

    static String byDefault(Link link) {
        return text("", link);
    }

    /** Where clients come and go and speak first: they are taken when they have spoken. */
    static String deferring(Link link) {
        return text("    tcp: { defer-accept: 3s }\n", link);
    }

    private static String text(String service, Link link) {
        return """
                workers: 1
                drain-timeout: 1s
                services:
                  compared:
                    listen: "127.0.0.1:%d"
                %spools:
                  compared:
                    health: none
                    backends: ["127.0.0.1:%d"]
                """.formatted(link.port(), service, link.backendPort());
    }
}
