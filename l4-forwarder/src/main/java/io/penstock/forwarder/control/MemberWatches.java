package io.penstock.forwarder.control;

import io.penstock.health.AgentCheck;
import io.penstock.health.AgentListener;
import io.penstock.health.AgentReport;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthListener;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthMonitor.Watch;
import io.penstock.health.HealthPlan;
import io.penstock.health.ProbeResult;
import io.penstock.health.ProbeTarget;
import io.penstock.net.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The checks of all members and the questions to their agents. Belongs to the control thread; what probes find comes
 * back to it, unless the watch it comes from has ended in the meantime.
 */
final class MemberWatches implements AutoCloseable {
    /** Told on the control thread. */
    interface Listener {
        void onCheck(Pool pool, Member member, boolean up, String evidence);

        void onAgent(Pool pool, Member member, AgentReport report);

        /** What it is now is what its checks say, and no more what was taken for granted; what they changed was told before. */
        void onJudged(Pool pool, Member member);
    }

    /** That its flows go on as they went is worth more than what the file takes for granted of those that nobody knows. */
    private static final String LEFT = "as the process before left it";

    private final ControlThread thread;
    private final Listener listener;
    private final ProbeTargets targets;
    private final AwaitedWays ways = new AwaitedWays();
    private final HealthMonitor monitor = new HealthMonitor("fwd-probe");
    private final Map<Pool, Map<Member, Begun>> checks = new HashMap<>();
    private final Map<Pool, Map<Member, Begun>> agents = new HashMap<>();

    /** @param asked what and where, as configured when it began: a {@link CheckedAt} or an {@link AgentCheck} */
    private record Begun(Object asked, Watch watch) {}

    private record CheckedAt(HealthPlan plan, ProbeTarget target) {}

    /** @param targets where checks go when they begin */
    MemberWatches(ControlThread thread, ProbeTargets targets, Listener listener) {
        this.thread = thread;
        this.targets = targets;
        this.listener = listener;
    }

    /** Probes exactly those members that are to be probed now, as the pool is configured now. */
    void watch(Pool pool) {
        Map<Member, CheckedAt> wanted = new LinkedHashMap<>();
        pool.config().health().ifPresent(plan -> pool.members().stream()
                .filter(member -> member.state().isChecked())
                .forEach(member ->
                        targets.of(pool, member).ifPresent(at -> wanted.put(member, new CheckedAt(plan, at)))));
        Set<Member> anew = endOthers(pool, checks, wanted);
        ways.retain(pool, wanted.keySet());
        long nowNs = System.nanoTime();
        wanted.forEach((member, at) -> {
            if (!checks.get(pool).containsKey(member)) {
                begin(pool, member, at, anew.contains(member), nowNs);
            }
        });
        Optional<AgentCheck> agent = pool.config().agent();
        Map<Member, AgentCheck> asked = new LinkedHashMap<>();
        agent.ifPresent(check -> pool.members().stream()
                .filter(member -> member.state().isAgentAsked())
                .forEach(member -> asked.put(member, check)));
        Set<Member> unused = endOthers(pool, agents, asked);
        asked.forEach((member, check) ->
                agents.get(pool).computeIfAbsent(member, key -> new Begun(check, ask(pool, key, check))));
    }

    private void begin(Pool pool, Member member, CheckedAt at, boolean anew, long nowNs) {
        AwaitedWays.Awaited way = ways.of(pool, member, at, () -> plan(pool, member, at.plan, anew), nowNs);
        if (targets.isReached(pool, member, at.target) || way.isOver(nowNs)) {
            ways.end(pool, member);
            checks.get(pool).put(member, new Begun(at, check(pool, member, at.target, way.plan())));
        }
    }

    /** Begins checks that have waited for a way. */
    void onTime() {
        ways.pools().forEach(this::watch);
    }

    /** Whether {@link #onTime} is due soon. */
    boolean isWaiting() {
        return !ways.pools().isEmpty();
    }

    /** The pool is gone. */
    void unwatch(Pool pool) {
        ways.forget(pool);
        end(checks.remove(pool));
        end(agents.remove(pool));
    }

    private static void end(Map<Member, Begun> ended) {
        if (ended != null) {
            ended.values().forEach(begun -> begun.watch.close());
        }
    }

    /** Ends all but what is wanted; whose was ended, though they are to be watched. */
    private static Set<Member> endOthers(Pool pool, Map<Pool, Map<Member, Begun>> all, Map<Member, ?> wanted) {
        Set<Member> anew = new HashSet<>();
        all.computeIfAbsent(pool, key -> new HashMap<>()).entrySet().removeIf(entry -> {
            Member member = entry.getKey();
            boolean isWanted = pool.contains(member) && wanted.containsKey(member);
            if (isWanted && entry.getValue().asked.equals(wanted.get(member))) {
                return false;
            }
            entry.getValue().watch.close();
            if (isWanted) {
                anew.add(member);
            }
            return true;
        });
        return anew;
    }

    private HealthPlan plan(Pool pool, Member member, HealthPlan plan, boolean anew) {
        if (!targets.isOfPackets(pool) || !member.onPacketChecks()) {
            return known(member, plan, anew);
        }
        Optional<Boolean> left = targets.leftUp(pool, member);
        left.filter(up -> up != member.state().isUpByChecks())
                .ifPresent(up -> listener.onCheck(pool, member, up, LEFT));
        return left.map(plan::beginning).orElseGet(() -> known(member, plan, anew));
    }

    /** Other checks of a member begin with what is known of it. */
    private static HealthPlan known(Member member, HealthPlan plan, boolean anew) {
        boolean up = member.state().isUpByChecks();
        return anew || up != plan.isUpAtFirst() ? plan.beginning(up) : plan;
    }

    private Watch check(Pool pool, Member member, ProbeTarget target, HealthPlan plan) {
        member.checkResults().retain(plan.checks());
        // Told apart from an earlier watch of the same member, whose last words may still be in the queue.
        AtomicReference<Watch> self = new AtomicReference<>();
        self.set(monitor.watch(target, plan, new HealthListener() {
            private final ProbeLog log = log(pool, member);
            private final Judgement judgement = new Judgement(targets.isOfPackets(pool), this::onKnown);

            @Override
            public void onTransition(boolean up, String evidence) {
                thread.execute(() -> {
                    if (isCurrent(checks, pool, member, self.get())) {
                        listener.onCheck(pool, member, up, evidence);
                    }
                });
            }

            @Override
            public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
                member.checkResults().onResult(check, result, durationNs);
                log.onCheck(check, result);
                judgement.onResult(result.outcome());
            }

            @Override
            public void onJudged() {
                judgement.onAll();
            }

            @Override
            public void onConfirmed() {
                judgement.onConfirmed();
            }

            private void onKnown() {
                thread.execute(() -> {
                    if (isCurrent(checks, pool, member, self.get())) {
                        listener.onJudged(pool, member);
                    }
                });
            }
        }));
        return self.get();
    }

    private Watch ask(Pool pool, Member member, AgentCheck agent) {
        AtomicReference<Watch> self = new AtomicReference<>();
        self.set(monitor.watchAgent(new Endpoint(member.address(), agent.port()), agent, new AgentListener() {
            private final ProbeLog log = log(pool, member);

            @Override
            public void onReport(AgentReport report) {
                thread.execute(() -> {
                    if (isCurrent(agents, pool, member, self.get())) {
                        listener.onAgent(pool, member, report);
                    }
                });
            }

            @Override
            public void onAnswer() {
                log.onAgentAnswered();
            }

            @Override
            public void onNoReport(String evidence) {
                log.onAgentSilent(evidence);
            }
        }));
        return self.get();
    }

    private static boolean isCurrent(Map<Pool, Map<Member, Begun>> all, Pool pool, Member member, Watch watch) {
        Begun begun = all.getOrDefault(pool, Map.of()).get(member);
        return begun != null && begun.watch == watch;
    }

    private static ProbeLog log(Pool pool, Member member) {
        return new ProbeLog(pool.config().name() + "/" + member.id());
    }

    /** Ends all probes; what they found may still come. From any thread. */
    @Override
    public void close() {
        monitor.close();
    }
}
