package io.penstock.perf.scrape;

import java.io.IOException;
import java.util.List;

/** A forwarder's file with a service for each port, and a pool of many backends for each service. */
final class ManyServices {
    private ManyServices() {}

    static String yaml(List<Integer> listeners, int admin, int backends, int echo) throws IOException {
        StringBuilder services = new StringBuilder("services:\n");
        StringBuilder pools = new StringBuilder("pools:\n");
        for (int i = 0; i < listeners.size(); i++) {
            services.append("  service-%02d: { listen: \"127.0.0.1:%d\", pool: pool-%02d }%n"
                    .formatted(i, listeners.get(i), i));
            pools.append("  pool-%02d:%n    health: none%n    balance: { policy: round-robin }%n    backends:%n"
                    .formatted(i));
            for (int j = 0; j < backends; j++) {
                pools.append("      - { id: backend-%02d-%03d, address: \"%s:%d\" }%n"
                        .formatted(i, j, EchoServers.address(j).getHostAddress(), echo));
            }
        }
        return "drain-timeout: 1s\nadmin: { listen: \"127.0.0.1:" + admin + "\" }\n" + services + pools;
    }
}
