package io.penstock.forwarder.config;

import io.penstock.testing.TemporaryConfig;

/** Configurations of the forwarder, and the files that its example names. */
final class ForwarderConfigs extends TemporaryConfig<ForwarderConfig> {
    static final String SECRET = "cluster.secret";
    static final String CLIENTS = "clients.csv";
    static final String BLOCKED = "blocked.txt";
    private static final String DATABASE = "GeoLite2-Country.mmdb";

    ForwarderConfigs() {
        super(ForwarderConfigReader::read);
        write(SECRET, "0123456789abcdef\n");
        write(CLIENTS, "");
        write(BLOCKED, "192.0.2.0/24\n");
        write(DATABASE, "");
    }

    /** The only pool of a file, with these keys. */
    PoolConfig pool(String keys) {
        return read(poolYaml(keys)).pools().get("web");
    }

    /** The rule that the only problem of this pool breaks, with its key and what was there. */
    String poolProblem(String keys) {
        return onlyProblem(poolYaml(keys));
    }

    private static String poolYaml(String keys) {
        return "services: { web: { listen: \"*:80\" } }\npools: { web: { " + keys + " } }\n";
    }
}
