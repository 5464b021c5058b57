package io.penstock.ecmp.config;

import io.penstock.testing.TemporaryConfig;

/** Configurations of the ecmp-agent. */
final class EcmpConfigs extends TemporaryConfig<EcmpConfig> {
    EcmpConfigs() {
        super(EcmpConfigReader::read);
    }

    /** The only VIP of a file, with these keys. */
    VipConfig vip(String keys) {
        return read(vipYaml(keys)).vips().get("web");
    }

    /** The only route of a file, with these keys. */
    RouteConfig route(String keys) {
        return read(routeYaml(keys)).routes().get("web");
    }

    static String vipYaml(String keys) {
        return "vips: { web: { " + keys + " } }\n";
    }

    static String routeYaml(String keys) {
        return "routes: { web: { " + keys + " } }\n";
    }
}
