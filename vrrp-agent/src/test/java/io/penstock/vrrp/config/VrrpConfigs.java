package io.penstock.vrrp.config;

import io.penstock.testing.TemporaryConfig;

/** Configurations of the vrrp-agent. */
final class VrrpConfigs extends TemporaryConfig<VrrpConfig> {
    /** The keys that a router cannot do without. */
    static final String LEAST = "interface: eth0, vrid: 51, vips: [192.0.2.10/24]";

    VrrpConfigs() {
        super(VrrpConfigReader::read);
    }

    /** The only router of a file, with these keys. */
    RouterConfig router(String keys) {
        return read(yaml(keys)).routers().get("web");
    }

    /** The only router of a file, with these keys besides the least. */
    RouterConfig least(String keys) {
        return router(LEAST + ", " + keys);
    }

    /** {@code key: rule (was x)} of the only problem, without the router's path. */
    String problem(String keys) {
        return onlyProblem(yaml(keys)).replaceFirst("^routers\\.web\\.?", "");
    }

    /** As {@link #problem}, of these keys besides the least. */
    String leastProblem(String keys) {
        return problem(LEAST + ", " + keys);
    }

    static String yaml(String keys) {
        return "routers: { web: { " + keys + " } }\n";
    }
}
