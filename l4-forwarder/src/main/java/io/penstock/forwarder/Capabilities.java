package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ServiceConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a forwarder that is not root still needs of root's powers; see capabilities(7). */
final class Capabilities {
    private static final Path FIRST_UNPRIVILEGED_PORT = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    private static final int USUAL_FIRST_UNPRIVILEGED_PORT = 1024;

    private Capabilities() {}

    /** As setpriv(1) names them; none for a configuration that needs none. */
    static List<String> neededBy(ForwarderConfig config) {
        List<String> needed = new ArrayList<>();
        int firstUnprivileged = firstUnprivilegedPort();
        boolean privilegedPort = config.proxyServices().stream()
                .flatMap(service -> service.listen().stream())
                .anyMatch(listen -> listen.firstPort() < firstUnprivileged);
        if (privilegedPort) {
            needed.add("net_bind_service");
        }
        boolean transparent = config.services().values().stream().anyMatch(ServiceConfig::isListenTransparent)
                || config.pools().values().stream()
                        .anyMatch(pool -> pool.outgoing().source().transparent());
        if (transparent) {
            // Either this or net_admin allows IP_TRANSPARENT; this one changes nothing of the host.
            needed.add("net_raw");
        }
        if (config.xdp().isPresent()) {
            // To load programs and their maps, to attach them, and to mark probes.
            needed.addAll(List.of("bpf", "perfmon", "net_admin"));
        }
        return needed;
    }

    private static int firstUnprivilegedPort() {
        try (var in = Files.newInputStream(FIRST_UNPRIVILEGED_PORT)) {
            return Integer.parseInt(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_FIRST_UNPRIVILEGED_PORT;
        }
    }
}
