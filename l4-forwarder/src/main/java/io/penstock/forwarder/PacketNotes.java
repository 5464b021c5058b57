package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import java.util.ArrayList;
import java.util.List;

/** What is worth knowing of services in {@code mode: dsr} before they run, as far as it shows without root. */
final class PacketNotes {
    private PacketNotes() {}

    static List<String> lines(ForwarderConfig config) {
        List<String> lines = new ArrayList<>();
        config.xdp().ifPresent(xdp -> {
            if (config.dsrServices().isEmpty()) {
                lines.add("xdp: no service is in mode: dsr, so packets are looked at and passed on");
            }
            PacketForwarding.missingInterfaces(xdp).forEach(missing -> lines.add("xdp: " + missing));
        });
        config.dsrServices()
                .forEach(service -> lines.add("service " + service.name() + ": packets go to backends by "
                        + service.dsr().orElseThrow() + ", and backends answer clients directly"));
        if (!config.dsrServices().isEmpty() && !config.sharedSecret()) {
            lines.add(
                    "mode: dsr without secret-file: other forwarders, and each start of this one, place flows elsewhere");
        }
        LocalVips.of(config).forEach(vip -> lines.add(LocalVips.advice(vip)));
        return lines;
    }
}
