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
import io.penstock.net.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * The checks of all members and the questions to their agents. Belongs to the control thread; what probes find comes
 * back to it, unless the watch it comes from has ended in the meantime.
 */
final class MemberWatches implements AutoCloseable {
    /** Told on the control thread. */
    interface Listener {
        void onCheck(Pool pool, Member member, boolean up, String evidence);

        void onAgent(Pool pool, Member member, AgentReport report);

        /** Each of its checks has had a result, and a check that changed it was told before. */
        void onJudged(Pool pool, Member member);
    }

    private final ControlThread thread;
    private final Listener listener;
    private final HealthMonitor monitor = new HealthMonitor("fwd-probe");
    private final Map<Pool, Map<Member, Begun>> checks = new HashMap<>();
    private final Map<Pool, Map<Member, Begun>> agents = new HashMap<>();

    /** @param plan as configured when it began: a {@link HealthPlan} or an {@link AgentCheck} */
    private record Begun(Object plan, Watch watch) {}

    MemberWatches(ControlThread thread, Listener listener) {
        this.thread = thread;
        this.listener = listener;
    }

    /** Probes exactly those members that are to be probed now, as the pool is configured now. */
    void watch(Pool pool) {
        Optional<HealthPlan> plan = pool.config().health();
        Set<Member> anew = watch(
                pool, checks, plan, member -> plan.isPresent() && member.state().isChecked());
        for (Member member : pool.members()) {
            if (plan.isPresent() && member.state().isChecked()) {
                checks.get(pool)
                        .computeIfAbsent(
                                member, key -> new Begun(plan.get(), check(pool, key, known(key, plan.get(), anew))));
            }
        }
        Optional<AgentCheck> agent = pool.config().agent();
        Set<Member> unused = watch(
                pool,
                agents,
                agent,
                member -> agent.isPresent() && member.state().isAgentAsked());
        for (Member member : pool.members()) {
            if (agent.isPresent() && member.state().isAgentAsked()) {
                agents.get(pool).computeIfAbsent(member, key -> new Begun(agent.get(), ask(pool, key, agent.get())));
            }
        }
    }

    /** The pool is gone. */
    void unwatch(Pool pool) {
        end(checks.remove(pool));
        end(agents.remove(pool));
    }

    private static void end(Map<Member, Begun> ended) {
        if (ended != null) {
            ended.values().forEach(begun -> begun.watch.close());
        }
    }

    /** Ends what is out of date; whose was, though they are to be watched. */
    private static Set<Member> watch(
            Pool pool, Map<Pool, Map<Member, Begun>> all, Optional<?> plan, Predicate<Member> isWatched) {
        Set<Member> anew = new HashSet<>();
        all.computeIfAbsent(pool, key -> new HashMap<>()).entrySet().removeIf(entry -> {
            Member member = entry.getKey();
            boolean wanted = pool.contains(member) && isWatched.test(member);
            if (wanted && entry.getValue().plan.equals(plan.get())) {
                return false;
            }
            entry.getValue().watch.close();
            if (wanted) {
                anew.add(member);
            }
            return true;
        });
        return anew;
    }

    /** Other checks of a member begin with what is known of it. */
    private static HealthPlan known(Member member, HealthPlan plan, Set<Member> anew) {
        boolean up = member.state().isUpByChecks();
        return anew.contains(member) || up != plan.isUpAtFirst() ? plan.beginning(up) : plan;
    }

    private Watch check(Pool pool, Member member, HealthPlan plan) {
        Endpoint target = member.endpoint();
        member.checkResults().retain(plan.checks());
        // Told apart from an earlier watch of the same member, whose last words may still be in the queue.
        AtomicReference<Watch> self = new AtomicReference<>();
        self.set(monitor.watch(target, plan, new HealthListener() {
            private final ProbeLog log = log(pool, member);

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
            }

            @Override
            public void onJudged() {
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
