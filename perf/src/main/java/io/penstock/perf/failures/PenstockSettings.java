package io.penstock.perf.failures;

/** Our forwarder.yaml. */
final class PenstockSettings {
    private PenstockSettings() {}

    /** Without jitter, which HAProxy has none of by default ("spread-checks"). */
    static String yaml(Settings settings, Site site) {
        StringBuilder yaml = new StringBuilder("""
                workers: 1
                drain-timeout: 1s
                services:
                  %1$s:
                    listen: "127.0.0.1:%2$d"
                    pool: %1$s
                    connect-attempts: %3$d
                    timeouts: { connect: %4$dms, idle: %5$ds, fin: %5$ds }
                pools:
                  %1$s:
                    balance: { policy: round-robin }
                    health:
                      %6$s
                      interval: %7$dms
                      fast-interval: %8$dms
                      timeout: %9$dms
                      rise: %10$d
                      fall: %11$d
                      jitter: 0%%
                """.formatted(
                        Site.POOL,
                        site.port(),
                        Settings.CONNECT_ATTEMPTS,
                        Settings.CONNECT_TIMEOUT_MS,
                        Settings.IDLE_TIMEOUT_S,
                        settings.isHttp() ? "http: { path: /health }" : "tcp: {}",
                        Settings.INTERVAL_MS,
                        Settings.FAST_INTERVAL_MS,
                        Settings.CHECK_TIMEOUT_MS,
                        Settings.RISE,
                        Settings.FALL));
        if (settings.isPassive()) {
            yaml.append(passive());
        }
        yaml.append("    backends:\n");
        for (Site.Server server : site.backends()) {
            yaml.append("      - { id: %s, address: \"127.0.0.1:%d\" }%n".formatted(server.name(), server.port()));
        }
        return yaml.toString();
    }

    /** HAProxy's mark-down lasts until "rise" checks have passed, so ours does not outlast them by much. */
    private static String passive() {
        return "    outlier-ejection: { connect-failures: %1$d, early-resets: %1$d, time: 1s, max-time: 1s }%n"
                .formatted(Settings.ERROR_LIMIT);
    }
}
