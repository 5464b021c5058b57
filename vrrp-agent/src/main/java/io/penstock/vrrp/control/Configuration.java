package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipKeeper;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VrrpConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the routers into line with a configuration. Those that it leaves as they are notice nothing; one that others would take for
 * another router is stopped and started. Of the agent's thread.
 */
final class Configuration {
    private final Routers routers;
    private final Situation situation;
    private final Listeners listeners;
    private final VipKeeper keeper;

    Configuration(Routers routers, Situation situation, Listeners listeners, VipKeeper keeper) {
        this.routers = routers;
        this.situation = situation;
        this.listeners = listeners;
        this.keeper = keeper;
    }

    /**
     * Stops, changes and starts.
     *
     * @throws IOException when the kernel gives no answer; then the same is to be applied again
     */
    void apply(VrrpConfig wanted, long nowNs) throws IOException {
        stopOthers(wanted, nowNs);
        routers.add(keeper.configure(wanted, nowNs));
        List<RouterInstance> all = new ArrayList<>();
        List<RouterInstance> fresh = new ArrayList<>();
        for (RouterConfig config : wanted.routers().values()) {
            Optional<RouterInstance> former = routers.find(config.name());
            RouterInstance router = former.orElseGet(() -> situation.instance(config, nowNs));
            all.add(router);
            if (former.isEmpty()) {
                router.listener().add(router);
                fresh.add(router);
            }
        }
        routers.replace(all);
        listeners.retain(used(all));
        routers.groups().configure(wanted.groups().values(), all);
        for (RouterInstance router : all) {
            RouterConfig config = wanted.routers().get(router.name());
            if (!config.equals(router.config())) {
                routers.configure(router, config, nowNs);
            }
        }
        fresh.forEach(router -> routers.start(router, nowNs));
        routers.clearVipTroubles();
        situation.judge(nowNs);
        routers.settleGroups(nowNs);
    }

    private void stopOthers(VrrpConfig wanted, long nowNs) {
        List<RouterInstance> staying = new ArrayList<>();
        for (RouterInstance router : List.copyOf(routers.all())) {
            RouterConfig config = wanted.routers().get(router.name());
            if (config != null && router.isStill(config)) {
                staying.add(router);
            } else {
                routers.groups().forget(router.name());
                routers.stop(router, nowNs);
                router.listener().remove(router);
            }
        }
        routers.replace(staying);
    }

    private static Set<Listener> used(List<RouterInstance> all) {
        Set<Listener> used = new LinkedHashSet<>();
        all.forEach(router -> used.add(router.listener()));
        return used;
    }
}
