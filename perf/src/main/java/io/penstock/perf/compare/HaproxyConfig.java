package io.penstock.perf.compare;

/** What HAProxy is given; the manual is that of version 2.6. */
final class HaproxyConfig {
    /** Saves an epoll_ctl(2) or two per connection. Experimental by the manual, and what a benchmark would set. */
    private static final String EDGE_TRIGGERED = "  expose-experimental-directives\n  tune.fd.edge-triggered on\n";

    private HaproxyConfig() {}

    /** Plain forwarding on one thread, everything else as it comes. Without the timeouts it warns. */
    static String byDefault(Link link) {
        return text("", "", "", link);
    }

    /**
     * What an expert would set for one workload. Options that save an ACK (tcp-smart-accept, tcp-smart-connect) cost a
     * setsockopt(2) each and gain nothing on loopback; the manual advises to leave the rest (tune.bufsize,
     * tune.maxpollevents, tune.runqueue-depth, tune.recv_enough) as it is.
     */
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
            // The client speaks first: accept when its request is there.
            case CONNECTIONS -> text(EDGE_TRIGGERED, "", " defer-accept", link);
            case MESSAGES, CROWD -> text(EDGE_TRIGGERED, "", "", link);
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
