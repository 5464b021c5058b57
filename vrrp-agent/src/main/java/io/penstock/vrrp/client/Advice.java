package io.penstock.vrrp.client;

import io.penstock.cli.Words;
import io.penstock.vrrp.config.RealtimeConfig;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.protocol.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** What follows from a configuration that is right, and what people often regret; for them. */
final class Advice {
    /** Below it, what delays a thread on a busy machine is as long as what a backup waits. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(100);

    private static final int WHOLE_TTL = 255;

    private final Predicate<String> hasInterface;
    private final List<String> lines = new ArrayList<>();

    private Advice(Predicate<String> hasInterface) {
        this.hasInterface = hasInterface;
    }

    /** @param hasInterface whether this machine has an interface of the name now */
    static List<String> lines(VrrpConfig config, Predicate<String> hasInterface) {
        Advice advice = new Advice(hasInterface);
        config.routers()
                .values()
                .forEach(router -> advice.router(router, config.process().realtime()));
        advice.process(config);
        return advice.lines;
    }

    private void router(RouterConfig router, RealtimeConfig realtime) {
        times(router);
        priority(router);
        trust(router);
        if (router.interval().compareTo(SHORT_INTERVAL) < 0) {
            lateness(router, realtime);
        }
        if (router.tracks().isEmpty()) {
            warn(
                    router,
                    "follows nothing but " + router.interfaceName()
                            + ": it stays active when what it serves has failed; see track");
        }
        interfaces(router).stream()
                .filter(hasInterface.negate())
                .forEach(name -> note(router, "this machine has no interface " + name + " now"));
    }

    private void times(RouterConfig router) {
        String lease = "; when it was killed or frozen, the kernel removes its VIPs after about "
                + Words.duration(router.lease());
        if (router.priority() == RouterConfig.OWNER_PRIORITY) {
            note(router, "is the owner: active from its start, whoever else is" + lease);
            return;
        }
        long intervalNs = router.interval().toNanos();
        note(
                router,
                "takes over " + time(Timers.activeDownNs(router.version(), intervalNs, router.priority()))
                        + " after the last advertisement of another with this interval, or "
                        + time(Timers.skewNs(router.version(), intervalNs, router.priority()))
                        + " after one that has stopped" + lease);
    }

    private void priority(RouterConfig router) {
        int least = inEffect(router, weight -> weight < 0);
        int most = inEffect(router, weight -> weight > 0);
        if (least < most) {
            note(router, "has a priority from " + least + " to " + most + ", by what it follows");
        } else if (router.priority() == RouterConfig.DEFAULT_PRIORITY) {
            note(
                    router,
                    "has priority " + router.priority() + ", as all that say nothing of it: between equals the one"
                            + " that is active stays so, and of two that are the one with the higher address");
        }
    }

    /** What files add is not known. */
    private static int inEffect(RouterConfig router, IntPredicate counts) {
        int sum = router.tracks().stream()
                .filter(track -> !(track instanceof TrackConfig.File))
                .flatMapToInt(track -> track.weight().stream())
                .filter(counts)
                .sum();
        return router.priority() == RouterConfig.OWNER_PRIORITY
                ? router.priority()
                : Math.max(1, Math.min(RouterConfig.OWNER_PRIORITY - 1, router.priority() + sum));
    }

    private void trust(RouterConfig router) {
        router.unicast().ifPresent(unicast -> {
            note(
                    router,
                    "speaks with " + Words.counted(unicast.peers().size(), "peer")
                            + " only, each of which must name this host too");
            if (unicast.minTtl() < WHOLE_TTL) {
                warn(
                        router,
                        "takes advertisements from " + Words.counted(WHOLE_TTL - unicast.minTtl(), "router")
                                + " away: whoever can send from a peer's address can take its VIPs");
            }
        });
        if (router.password().isPresent()) {
            warn(router, "has a password, which is no protection: it goes over the network as it is");
        }
    }

    private void lateness(RouterConfig router, RealtimeConfig realtime) {
        List<String> missing = new ArrayList<>();
        if (realtime.priority().isEmpty()) {
            missing.add("realtime.priority");
        }
        if (!realtime.lockMemory()) {
            missing.add("realtime.lock-memory");
        }
        if (!missing.isEmpty()) {
            warn(
                    router,
                    "advertises every " + time(router.interval().toNanos()) + " without "
                            + String.join(" and ", missing)
                            + ": on a busy machine it may be late, and another takes over");
        }
    }

    private static Set<String> interfaces(RouterConfig router) {
        Set<String> names = new LinkedHashSet<>(List.of(router.interfaceName()));
        router.vips().stream().map(VipConfig::interfaceName).forEach(names::add);
        for (TrackConfig track : router.tracks()) {
            if (track instanceof TrackConfig.Interface tracked) {
                names.add(tracked.interfaceName());
            }
        }
        router.virtualMac().ifPresent(made -> names.remove(made.interfaceName()));
        return names;
    }

    private void process(VrrpConfig config) {
        RealtimeConfig realtime = config.process().realtime();
        realtime.priority()
                .ifPresent(priority -> lines.add(
                        "note: realtime.priority takes CAP_SYS_NICE, or LimitRTPRIO=" + priority + " in the unit"));
        if (realtime.lockMemory()) {
            lines.add("note: realtime.lock-memory takes CAP_IPC_LOCK, or LimitMEMLOCK=infinity in the unit");
        }
        if (config.process().admin().isEmpty()) {
            lines.add("note: without admin there are no status, events, failover and metrics");
        }
    }

    private static String time(long ns) {
        Duration time = Duration.ofNanos(ns);
        return time.toSeconds() > 0 ? Words.duration(time) : time.toMillis() + "ms";
    }

    private void note(RouterConfig router, String text) {
        lines.add("note: router " + router.name() + ": " + text);
    }

    private void warn(RouterConfig router, String text) {
        lines.add("warning: router " + router.name() + ": " + text);
    }
}
