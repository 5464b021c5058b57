package io.penstock.bgp.health;

import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.policy.Condition;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What is known of each VIP. Watches post, the agent reads; it is woken for what may change what it does, not for every answer that says
 * the same again. Safe from any thread; readers wait for nobody.
 */
final class ConditionBoard {
    private final Runnable wake;
    private final LongSupplier nowNs;
    private final Predicate<IpAddress> addresses;

    /** Guarded by this. */
    private Map<String, WatchedVip> vips = Map.of();

    private final Map<String, Condition> conditions = new ConcurrentHashMap<>();

    /**
     * Of no VIP yet.
     *
     * @param wake the agent, which then reads; must not block
     * @param nowNs the agent's clock
     * @param addresses whether this host has one now
     */
    ConditionBoard(Runnable wake, LongSupplier nowNs, Predicate<IpAddress> addresses) {
        this.wake = wake;
        this.nowNs = nowNs;
        this.addresses = addresses;
    }

    /** From now on of these. */
    void watch(Iterable<VipConfig> wanted) {
        synchronized (this) {
            long now = nowNs.getAsLong();
            Map<String, WatchedVip> next = new HashMap<>();
            for (VipConfig vip : wanted) {
                WatchedVip former = vips.get(vip.name());
                next.put(vip.name(), former == null ? new WatchedVip(vip, now) : former.with(vip, now));
            }
            vips = next;
            conditions.keySet().retainAll(next.keySet());
            boolean unused = judgeAll(now);
        }
        wake.run();
    }

    /** A service was judged, just now: the question or the probe that decided has come to its end. */
    void post(String vip, String service, VipVerdict verdict) {
        boolean changed = false;
        synchronized (this) {
            WatchedVip watched = vips.get(vip);
            if (watched != null) {
                long now = nowNs.getAsLong();
                watched.hear(service, verdict, now);
                changed = judge(vip, watched, now);
            }
        }
        wakeIf(changed);
    }

    /** An address came or went. */
    void onAddresses() {
        boolean changed;
        synchronized (this) {
            changed = judgeAll(nowNs.getAsLong());
        }
        wakeIf(changed);
    }

    /** Once a second. */
    void look() {
        boolean changed;
        synchronized (this) {
            long now = nowNs.getAsLong();
            vips.values().forEach(vip -> vip.look(now));
            changed = judgeAll(now);
        }
        wakeIf(changed);
    }

    private boolean judgeAll(long now) {
        boolean changed = false;
        for (Map.Entry<String, WatchedVip> vip : vips.entrySet()) {
            changed |= judge(vip.getKey(), vip.getValue(), now);
        }
        return changed;
    }

    private boolean judge(String name, WatchedVip vip, long now) {
        boolean changed = vip.judge(addresses, now);
        conditions.put(name, vip.condition());
        return changed;
    }

    private void wakeIf(boolean changed) {
        if (changed) {
            wake.run();
        }
    }

    /** By the VIP's name. */
    Map<String, Condition> now() {
        return Map.copyOf(conditions);
    }
}
