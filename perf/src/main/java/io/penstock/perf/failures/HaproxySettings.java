package io.penstock.perf.failures;

/** HAProxy's configuration; what stands in quotes is from its manual of version 2.6 (configuration.txt). */
final class HaproxySettings {
    private HaproxySettings() {}

    /**
     * With "option redispatch 1" a "redispatch is desired on every retry"; round robin lets it go to another server at once, while
     * "a turn-around timer of min(timeout connect, one second) is applied before a retry occurs on the same server".
     * "timeout check" is set because without it "inter" is the timeout of a check.
     */
    static String text(Settings settings, Site site) {
        StringBuilder text = new StringBuilder("""
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect %1$dms
                  timeout check %2$dms
                  timeout client %3$ds
                  timeout server %3$ds
                  retries %4$d
                  option redispatch 1
                listen %5$s
                  bind 127.0.0.1:%6$d
                  balance roundrobin
                """.formatted(
                        Settings.CONNECT_TIMEOUT_MS,
                        Settings.CHECK_TIMEOUT_MS,
                        Settings.IDLE_TIMEOUT_S,
                        Settings.CONNECT_ATTEMPTS - 1,
                        Site.POOL,
                        site.port()));
        if (settings.isHttp()) {
            // "it also works with plain TCP backends"; "responses 2xx and 3xx are considered valid".
            text.append("  option httpchk GET /health\n");
        }
        text.append("  default-server check inter %dms fastinter %dms rise %d fall %d%s%n"
                .formatted(
                        Settings.INTERVAL_MS,
                        Settings.FAST_INTERVAL_MS,
                        Settings.RISE,
                        Settings.FALL,
                        settings.isPassive() ? passive() : ""));
        for (Site.Server server : site.backends()) {
            text.append("  server %s 127.0.0.1:%d%n".formatted(server.name(), server.port()));
        }
        return text.toString();
    }

    /**
     * Of the four modes of "on-error" the one that acts soonest: "mark the server immediately down". "layer7" is "only
     * allowed for http proxies"; in "layer4 mode, only successful/unsuccessful tcp connections are significant".
     */
    private static String passive() {
        return " observe layer4 error-limit " + Settings.ERROR_LIMIT + " on-error mark-down";
    }
}
