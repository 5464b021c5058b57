package io.penstock.perf.compare;

/** What HAProxy is given; the manual is that of version 2.6. */
final class HaproxyConfig {
    private HaproxyConfig() {}

    /** Plain forwarding on one thread, everything else as it comes. Without the timeouts it warns. */
    static String byDefault(Link link) {
        return text("", "", "", link);
    }

    /** What an expert would set for one workload. */
    static String tuned(Tuning tuning, Link link) {
        return switch (tuning) {
            // splice-auto leaves connections over loopback to copying. Pipes come out of a budget of 64 MiB for
            // users other than root, so there are no more than that has room for.
            case BULK ->
                text(
                        "  tune.pipesize 1048576\n  maxpipes 60\n",
                        "  option splice-request\n  option splice-response\n",
                        "",
                        link);
            // The client speaks first: accept when its request is there, and no empty ACK on either side.
            case CONNECTIONS ->
                text("", "  option tcp-smart-accept\n  option tcp-smart-connect\n", " defer-accept", link);
            // Both sides are quick to answer: the ACK can wait for the answer. The manual advises to leave the rest
            // (tune.bufsize, tune.maxpollevents, tune.runqueue-depth, tune.recv_enough) as it is.
            case MESSAGES, CROWD -> text("", "  option tcp-smart-accept\n  option tcp-smart-connect\n", "", link);
        };
    }

    private static String text(String global, String defaults, String bind, Link link) {
        return """
                global
                  nbthread 1
                %sdefaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                %slisten compared
                  bind 127.0.0.1:%d%s
                  server backend 127.0.0.1:%d
                """.formatted(global, defaults, link.port(), bind, link.backendPort());
    }
}
