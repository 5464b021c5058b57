package io.penstock.bgp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code global}: what a daemon is started with. */
final class GlobalReader {
    private static final IpAddress NO_ROUTER = IpAddress.ANY_IPV4;

    private GlobalReader() {}

    static GlobalConfig read(ConfigSection global) {
        long asn = Asn.read(global);
        IpAddress routerId =
                global.required("router-id").flatMap(GlobalReader::routerId).orElse(NO_ROUTER);
        int port = global.optional("listen-port").map(GlobalReader::port).orElse(GlobalConfig.DEFAULT_LISTEN_PORT);
        List<IpAddress> listen =
                global.optional("listen").map(GlobalReader::addresses).orElse(List.of());
        if (port == GlobalConfig.NOT_LISTENING) {
            KeyRules.onlyFor("a daemon that listens", global, "listen");
        }
        return new GlobalConfig(asn, routerId, port, listen);
    }

    private static Optional<IpAddress> routerId(ConfigValue value) {
        String expected = "an IPv4 address of this host that no other router has, such as 192.0.2.1";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(id -> {
                    boolean fits = id.isIpv4() && id.isUnicast();
                    if (!fits) {
                        value.problem("must be " + expected);
                    }
                    return fits;
                });
    }

    private static int port(ConfigValue value) {
        if (value.was().equals("none")) {
            return GlobalConfig.NOT_LISTENING;
        }
        if (!value.was().matches("[-+.0-9].*")) {
            value.problem("must be none, or a whole number from 1 to " + Endpoint.MAX_PORT);
            return GlobalConfig.DEFAULT_LISTEN_PORT;
        }
        return value.integer(1, Endpoint.MAX_PORT).orElse(GlobalConfig.DEFAULT_LISTEN_PORT);
    }

    private static List<IpAddress> addresses(ConfigValue value) {
        String expected = "an address of this host, such as 192.0.2.1";
        List<IpAddress> addresses = new ArrayList<>();
        for (ConfigValue item : value.items("a list of addresses of this host, with at least one")) {
            item.text(expected)
                    .flatMap(text -> AddressText.read(item, text, expected))
                    .filter(address -> AddressText.isReachable(item, address))
                    .ifPresent(address -> {
                        if (addresses.contains(address)) {
                            item.problem("is listed before");
                        }
                        addresses.add(address);
                    });
        }
        return addresses;
    }
}
