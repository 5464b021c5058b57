package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig;
import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The pools as configured now, by name. One that stays is the same object. The controller's own. */
final class RunningPools {
    private final TransitionLog transitions;
    private final BiConsumer<Pool, Member> alarms;
    private Map<String, Pool> pools = new LinkedHashMap<>();
    private boolean started;

    /** @param alarms as {@link Pool} has them */
    RunningPools(TransitionLog transitions, BiConsumer<Pool, Member> alarms) {
        this.transitions = transitions;
        this.alarms = alarms;
    }

    /**
     * Other pools, or other settings.
     *
     * @param known addresses of names, where pools do not know them
     * @return pools that are gone
     */
    Collection<Pool> onConfig(
            Collection<PoolConfig> configured, PoolSetting setting, Map<String, List<IpAddress>> known, long nowNs) {
        Map<String, Pool> gone = new HashMap<>(pools);
        Map<String, Pool> next = new LinkedHashMap<>();
        for (PoolConfig config : configured) {
            Pool pool = gone.remove(config.name());
            if (pool == null) {
                pool = pool(config, setting, known, nowNs);
            } else {
                pool.onConfig(config, setting, known, nowNs);
            }
            next.put(config.name(), pool);
        }
        pools = next;
        gone.values().forEach(Pool::retire);
        gone.keySet().forEach(transitions::forget);
        return gone.values();
    }

    private Pool pool(PoolConfig config, PoolSetting setting, Map<String, List<IpAddress>> known, long nowNs) {
        Pool pool = new Pool(config, setting, new PoolMembers(config, known, transitions, nowNs), alarms, nowNs);
        if (started) {
            pool.onStarted();
        }
        return pool;
    }

    /** Members that join from now on are new servers. */
    void onStarted() {
        started = true;
        pools.values().forEach(Pool::onStarted);
    }

    /** Names that have an address now. */
    Set<String> knownNames() {
        Set<String> names = new HashSet<>();
        pools.values().forEach(pool -> names.addAll(pool.knownNames()));
        return names;
    }

    Map<String, Pool> byName() {
        return pools;
    }

    Collection<Pool> all() {
        return pools.values();
    }
}
