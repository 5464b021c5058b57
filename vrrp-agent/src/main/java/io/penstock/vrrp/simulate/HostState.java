package io.penstock.vrrp.simulate;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Action;
import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.Conditions;
import io.penstock.vrrp.protocol.RouterSettings;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.VirtualRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host while a simulation runs: an agent that runs, is frozen or is gone, and the VIP, which may outlive it. Does what the agent's
 * controller does, in the same order: what was heard comes before what is due. NOT thread safe.
 */
final class HostState {
    /** What hosts do to the world. */
    interface World {
        void send(HostState from, Advertisement advertisement);

        Witness witness();

        long nowNs();
    }

    private record Heard(Advertisement advertisement, IpAddress source) {}

    private enum Agent {
        GONE,
        RUNNING,
        FROZEN
    }

    private final SimulatedHost host;
    private final World world;
    private final List<Heard> waiting = new ArrayList<>();
    private VirtualRouter router;
    private Conditions conditions;
    private Agent agent = Agent.GONE;
    private boolean vip;

    /** When the kernel removes the VIP, since nobody refreshes it. */
    private long leaseEndNs = Long.MAX_VALUE;

    HostState(SimulatedHost host, World world) {
        this.host = host;
        this.world = world;
        router = new VirtualRouter(host.settings());
        conditions = new Conditions(host.priority(), Optional.empty(), Optional.of(host.address()));
    }

    SimulatedHost host() {
        return host;
    }

    State state() {
        return router.state();
    }

    void start() {
        if (agent == Agent.GONE) {
            agent = Agent.RUNNING;
            router = new VirtualRouter(host.settings());
            perform(router.start(conditions, world.nowNs()));
        }
    }

    void stop() {
        if (agent == Agent.RUNNING) {
            perform(router.stop(world.nowNs()));
            agent = Agent.GONE;
        }
    }

    void kill(long leaseNs) {
        if (agent == Agent.RUNNING) {
            leaseEndNs = world.nowNs() + leaseNs;
        }
        agent = Agent.GONE;
        waiting.clear();
    }

    void freeze(long leaseNs) {
        if (agent == Agent.RUNNING) {
            agent = Agent.FROZEN;
            leaseEndNs = world.nowNs() + leaseNs;
        }
    }

    /** A VIP that went meanwhile is seen first, then what was heard, then the time. */
    void thaw() {
        if (agent != Agent.FROZEN) {
            return;
        }
        agent = Agent.RUNNING;
        if (state() == State.ACTIVE) {
            if (vip) {
                leaseEndNs = Long.MAX_VALUE;
            } else {
                perform(router.follow(State.BACKUP, "its VIP has lapsed", world.nowNs()));
            }
        }
        List<Heard> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(heard -> hear(heard.advertisement(), heard.source()));
    }

    void hear(Advertisement advertisement, IpAddress source) {
        switch (agent) {
            case GONE -> {}
            case FROZEN -> waiting.add(new Heard(advertisement, source));
            case RUNNING -> perform(router.onAdvertisement(advertisement, source, world.nowNs()));
        }
    }

    void reprioritize(int priority) {
        depend(new Conditions(priority, conditions.fault(), conditions.ownAddress()));
    }

    void depend(Optional<String> fault) {
        depend(new Conditions(conditions.priority(), fault, conditions.ownAddress()));
    }

    private void depend(Conditions given) {
        conditions = given;
        if (agent == Agent.RUNNING) {
            perform(router.onConditions(given, world.nowNs()));
        }
    }

    void handOver(Duration holdOff) {
        if (agent == Agent.RUNNING) {
            perform(router.handOver(holdOff, world.nowNs()));
        }
    }

    /** Long.MAX_VALUE for never. */
    long deadlineNs() {
        long routerNs = agent == Agent.RUNNING ? router.deadlineNs() : Long.MAX_VALUE;
        return vip ? Math.min(routerNs, leaseEndNs) : routerNs;
    }

    void onDeadline() {
        if (vip && world.nowNs() >= leaseEndNs) {
            setVip(false);
        }
        if (agent == Agent.RUNNING) {
            perform(router.onDeadline(world.nowNs()));
        }
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                send(send.priority());
            } else if (action instanceof Action.TakeOver) {
                leaseEndNs = Long.MAX_VALUE;
                setVip(true);
            } else if (action instanceof Action.LetGo) {
                setVip(false);
            } else if (action instanceof Action.AnnounceAgain again) {
                world.witness().onAnnounced(host.name(), again.reason(), world.nowNs());
            } else if (action instanceof Action.Notice notice) {
                world.witness().onNotice(host.name(), notice, world.nowNs());
            } else if (action instanceof Action.Tell tell) {
                world.witness().onTransition(host.name(), tell.transition());
            }
        }
    }

    private void send(int priority) {
        world.witness().onSent(host.name(), priority, world.nowNs());
        RouterSettings settings = host.settings();
        world.send(
                this,
                new Advertisement(
                        settings.version(), settings.vrid(), priority, settings.interval(), settings.addresses()));
        router.onSent(true, world.nowNs());
    }

    private void setVip(boolean present) {
        if (vip != present) {
            vip = present;
            world.witness().onVip(host.name(), present, world.nowNs());
        }
    }
}
