package io.penstock.ecmp.health;

import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest verdict on each VIP. Watches post, the agent reads; it is woken for what may change what it does, not for
 * every answer that says the same again. Safe from any thread.
 */
public final class VerdictBoard {
    private final Map<String, VipVerdict> verdicts = new ConcurrentHashMap<>();
    private final Runnable wake;
    private volatile Set<String> awaited = Set.of();

    /** @param wake the agent, which then reads; must not block */
    public VerdictBoard(Runnable wake) {
        this.wake = wake;
    }

    /** The agent wants to know at once when one of these is served, also if that is what it was told before. */
    public void await(Set<String> vips) {
        awaited = Set.copyOf(vips);
    }

    void post(String vip, VipVerdict verdict) {
        VipVerdict before = verdicts.put(vip, verdict);
        boolean news = before == null || before.kind() != verdict.kind();
        if (news || (verdict.kind() == Kind.SERVED && awaited.contains(vip))) {
            wake.run();
        }
    }

    /** What was said of these is nothing any more. */
    void forget(Set<String> vips) {
        verdicts.keySet().removeAll(vips);
    }

    /** By the VIP's name; one of which nothing was heard yet is not there. */
    public Map<String, VipVerdict> verdicts() {
        return Map.copyOf(verdicts);
    }
}
