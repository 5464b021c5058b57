package io.penstock.forwarder.config;

import io.penstock.config.ConfigFile;
import io.penstock.config.MetricLabel;
import io.penstock.forwarder.config.XdpConfig.HealthPath;

/** A backend that comes from elsewhere than the file, by the file's rules. */
public final class OfferedBackend {
    private static final String ORIGIN = "operator";

    private OfferedBackend() {}

    /**
     * A backend of a pool.
     *
     * @param config that has the pool
     * @param address as in the file
     * @param weight 0 to {@link BackendConfig#MAX_WEIGHT}
     * @throws io.penstock.config.InvalidConfigException with everything that is wrong with it
     */
    public static BackendConfig read(ForwarderConfig config, String poolName, String id, String address, int weight) {
        PoolConfig pool = config.pools().get(poolName);
        PoolUsers users = new PoolUsers(config.xdp().map(XdpConfig::healthPath).orElse(HealthPath.VIP));
        config.services().values().forEach(users::add);
        CheckNeeds needs = users.ofPackets()
                .needs(poolName, pool.health().map(CheckNeeds::of).orElse(CheckNeeds.NONE));
        HostPort at = ConfigFile.readText(ORIGIN, "address", address, value -> {
            HostPort read = BackendAddress.read(value).orElse(new HostPort("", false, 0, 0));
            if (!users.isReachable(poolName, value, read)) {
                return read;
            }
            needs.check(value, read);
            if (read.isUnix() && pool.agent().isPresent()) {
                value.problem("is a UNIX socket, and an agent is asked at a port of the backend's address");
            }
            BalanceReader.checkRoom(pool.balance(), pool.backends().size() + 1, value);
            return read;
        });
        return ConfigFile.readText(ORIGIN, "id", id, value -> {
            MetricLabel.check(id, value);
            return new BackendConfig(id, at.host(), at.firstPort(), weight);
        });
    }
}
