package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Balancer;
import io.penstock.perf.change.balancers.Haproxy;
import io.penstock.perf.change.balancers.Penstock;
import io.penstock.perf.change.balancers.Site;
import java.io.IOException;

/** Makes a balancer that runs, with files of its own. */
@FunctionalInterface
interface BalancerStarter {
    Balancer start(Site site) throws IOException, InterruptedException;

    /** Ours; what was replaced, if it can be, may take so long to finish. */
    static BalancerStarter penstock(Rig rig, String drainTimeout, boolean replaceable) {
        return site -> Penstock.start(site, rig.launcher(), rig.newDirectory(), rig.cores(), drainTimeout, replaceable);
    }

    /** Theirs; what was replaced may take so long to finish. */
    static BalancerStarter haproxy(Rig rig, String drainTimeout) {
        return site -> Haproxy.start(site, rig.newDirectory(), rig.cores(), drainTimeout);
    }
}
