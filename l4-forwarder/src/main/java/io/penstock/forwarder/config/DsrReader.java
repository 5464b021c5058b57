package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.DsrConfig.Encapsulation;
import java.util.Map;
import java.util.Optional;

/** Reads {@code mode} of a service, and what is for one mode only. */
final class DsrReader {
    private static final Map<String, Boolean> MODES = Map.of("proxy", false, "dsr", true);
    private static final Map<String, Encapsulation> ENCAPSULATIONS =
            Map.of("l2", Encapsulation.L2, "ipip", Encapsulation.IPIP, "vxlan", Encapsulation.VXLAN);
    private static final Map<String, Boolean> FLOW_TABLES = Map.of("full", true, "off", false);

    /** What a process does that takes connections, and a program that sees packets cannot. */
    private static final String[] PROXY_KEYS = {
        "allow",
        "connect-attempts",
        "deny",
        "freebind",
        "limits",
        "proxy-protocol",
        "responses",
        "split",
        "tcp",
        "timeouts",
        "udp"
    };

    /** Whether the file has a section {@code xdp}. */
    private final boolean hasInterfaces;

    DsrReader(boolean hasInterfaces) {
        this.hasInterfaces = hasInterfaces;
    }

    /** Empty for {@code mode: proxy}. */
    Optional<DsrConfig> read(ConfigSection service) {
        boolean dsr = service.oneOf("mode", MODES, false);
        DsrConfig read = new DsrConfig(
                service.oneOf("encapsulation", ENCAPSULATIONS, Encapsulation.L2),
                service.integer("vni", DsrConfig.DEFAULT_VNI, 0, DsrConfig.MAX_VNI),
                service.oneOf("flow-table", FLOW_TABLES, true));
        if (!service.isSound("mode")) {
            // Whichever was meant: what else is said has more of the one.
            return Optional.of(read).filter(unused -> service.has("encapsulation"));
        }
        if (!dsr) {
            KeyRules.onlyFor("mode: dsr", service, "encapsulation", "flow-table", "vni");
            return Optional.empty();
        }
        if (read.encapsulation() != Encapsulation.VXLAN && service.isSound("encapsulation")) {
            KeyRules.onlyFor("encapsulation: vxlan", service, "vni");
        }
        return Optional.of(read);
    }

    /** Reports keys that nothing would read, and what is missing, once all have been read. */
    void reportUnused(ServiceConfig service, ConfigSection section) {
        if (!section.isSound("mode")) {
            return;
        }
        if (service.isDsr()) {
            KeyRules.onlyFor("mode: proxy", section, PROXY_KEYS);
            if (!hasInterfaces) {
                section.problem("mode", "needs the section xdp, which names the interfaces that packets come in at");
            }
        } else if (service.isUdp()) {
            KeyRules.onlyFor("TCP", section, "connect-attempts", "tcp", "proxy-protocol");
        } else if (section.isSound("protocol")) {
            KeyRules.onlyFor("UDP", section, "responses", "udp");
        }
    }
}
