package io.penstock.bgp.control;

import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Order;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.bgp.rib.WantedPaths;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.events.Event.Level;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All VIPs of the configuration, in its order. Of the agent's thread. */
final class Vips {
    private static final long NEVER = Long.MAX_VALUE;

    private final EventRecorder recorder;
    private final Map<String, Vip> named = new LinkedHashMap<>();
    private final Map<IpPrefix, Vip> at = new HashMap<>();
    private int most;
    private Optional<Wording> wording = Optional.empty();
    private long deadlineNs = NEVER;

    Vips(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** Returns the names of those that are no more. */
    List<String> reconfigure(BgpConfig config, long nowNs) {
        Map<String, Vip> before = new LinkedHashMap<>(named);
        named.clear();
        at.clear();
        for (VipConfig wanted : config.vips().values()) {
            Vip vip = before.remove(wanted.name());
            if (vip == null) {
                vip = new Vip(wanted, nowNs);
            } else if (vip.isElsewhere(wanted)) {
                recordMoved(vip);
                vip = vip.moved(wanted, nowNs);
            } else {
                vip.reconfigure(wanted, nowNs);
            }
            named.put(wanted.name(), vip);
            at.put(wanted.prefix(), vip);
        }
        most = config.maxPaths();
        before.values()
                .forEach(gone -> recordState(gone, gone.stance().state(), BgpEvent.REMOVED, "no longer configured"));
        return List.copyOf(before.keySet());
    }

    private void recordMoved(Vip vip) {
        State left = vip.stance().state();
        if (left != State.PENDING) {
            recordState(vip, left, State.PENDING.label(), "its prefix or address is another now");
        }
    }

    /** What is said of prefixes from now on; returns whether that is anything else. */
    boolean word(Wording next) {
        boolean news = !wording.equals(Optional.of(next));
        wording = Optional.of(next);
        if (news) {
            named.values().forEach(Vip::reword);
        }
        return news;
    }

    /** Returns whether any came into another state. */
    boolean judge(Map<String, Condition> known, long nowNs) {
        boolean changed = false;
        deadlineNs = NEVER;
        for (Vip vip : named.values()) {
            Optional<State> left = vip.judge(Optional.ofNullable(known.get(vip.name())), nowNs);
            if (left.isPresent()) {
                Stance stance = vip.stance();
                recordState(vip, left.get(), stance.state().label(), stance.reason());
                changed = true;
            }
            deadlineNs = Math.min(deadlineNs, vip.deadlineNs());
        }
        return changed;
    }

    private void recordState(Vip vip, State from, String to, String reason) {
        boolean lost = to.equals(State.DOWN.label()) || to.equals(State.HELD_DOWN.label());
        recorder.record(new BgpEvent(
                Kind.STATE,
                lost ? Level.WARN : Level.INFO,
                vip.name(),
                from.label() + " -> " + to + ": " + reason,
                Map.of("from", from.label(), "to", to, "reason", reason)));
    }

    /** When {@link #judge} is due though nothing is known anew; Long.MAX_VALUE for never. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Nothing before it is known how to word it. */
    WantedPaths wanted() {
        Map<IpPrefix, PathAttributes> announced = new LinkedHashMap<>();
        Set<IpPrefix> undecided = new HashSet<>();
        for (Vip vip : admitted()) {
            if (vip.isUndecided()) {
                undecided.add(vip.config().prefix());
            } else {
                wanted(vip).ifPresent(said -> announced.put(vip.config().prefix(), said));
            }
        }
        return new WantedPaths(announced, undecided);
    }

    Optional<PathAttributes> wanted(Vip vip) {
        return wording.flatMap(vip::wanted);
    }

    /** The first of the file, as many as may be announced: whatever else goes wrong, it is never more. */
    private List<Vip> admitted() {
        return named.values().stream().limit(most).toList();
    }

    boolean isAdmitted(Vip vip) {
        return named.size() <= most || admitted().contains(vip);
    }

    /** Whether none is announced or may be. */
    boolean areQuiet() {
        return named.values().stream().allMatch(vip -> vip.stance().announceAs().isEmpty() && !vip.isUndecided());
    }

    /** All leave, each in its time, unless that was ordered already. */
    void drain() {
        for (Vip vip : named.values()) {
            if (vip.order() == Order.NONE) {
                Duration lasting = vip.config().drainWait();
                vip.order(new Order.Drain(Optional.of(lasting), "the agent ends"));
            }
        }
    }

    /** Of those that are configured. */
    Duration longestDrain() {
        return named.values().stream()
                .map(vip -> vip.config().drainWait())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** All leave at once. */
    void withdraw() {
        named.values().forEach(vip -> vip.order(new Order.Withdraw("the agent ends")));
    }

    /** @param name empty for all */
    Collection<Vip> chosen(Optional<String> name) throws RefusedException {
        if (name.isEmpty()) {
            return all();
        }
        Vip vip = named.get(name.get());
        if (vip == null) {
            throw RefusedException.unknown("no VIP is named '" + name.get() + "'");
        }
        return List.of(vip);
    }

    Optional<Vip> find(String name) {
        return Optional.ofNullable(named.get(name));
    }

    Optional<Vip> find(IpPrefix prefix) {
        return Optional.ofNullable(at.get(prefix));
    }

    /** Of events about a prefix. */
    String subject(IpPrefix prefix) {
        return find(prefix).map(Vip::name).orElse(BgpEvent.AGENT);
    }

    Collection<Vip> all() {
        return new ArrayList<>(named.values());
    }
}
