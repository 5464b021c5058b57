package io.penstock.vrrp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code virtual-mac} of all routers: true, or a mapping with the name of its interface. */
final class VirtualMacReader {
    private final Map<String, Integer> lineByInterface = new HashMap<>();

    /** A virtual MAC address whose interface may get its name from the router. */
    record Wanted(ConfigValue at, Optional<String> interfaceName) {
        /** As keepalived names it in IPv4. */
        String interfaceName(int vrid, boolean ipv4) {
            return interfaceName.orElse((ipv4 ? "vrrp." : "vrrp6.") + vrid);
        }
    }

    /** Empty when the VIPs are at the MAC address of this host. */
    static Optional<Wanted> read(ConfigSection router) {
        return router.optional("virtual-mac").flatMap(value -> {
            if (value.isMapping()) {
                return value.section(section -> new Wanted(value, InterfaceName.read(section)));
            }
            return value.bool().orElse(false) ? Optional.of(new Wanted(value, Optional.empty())) : Optional.empty();
        });
    }

    /** Reports a name that is taken. */
    VirtualMacConfig claim(Wanted wanted, String interfaceName, String routersInterface) {
        Integer firstLine =
                lineByInterface.putIfAbsent(interfaceName, wanted.at().line());
        if (interfaceName.equals(routersInterface)) {
            wanted.at().problem("must be an interface of its own, which the agent makes", interfaceName);
        } else if (firstLine != null) {
            wanted.at()
                    .problem(
                            "is the interface of line " + firstLine + " already: give it another name, such as"
                                    + " { interface: vip0 }",
                            interfaceName);
        }
        return new VirtualMacConfig(interfaceName);
    }
}
