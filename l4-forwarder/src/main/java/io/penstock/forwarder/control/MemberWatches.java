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
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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
    }

    private final ControlThread thread;
    private final Listener listener;
    private final HealthMonitor monitor = new HealthMonitor("fwd-probe");
    private final Map<Pool, Map<Member, Watch>> checks = new HashMap<>();
    private final Map<Pool, Map<Member, Watch>> agents = new HashMap<>();

    MemberWatches(ControlThread thread, Listener listener) {
        this.thread = thread;
        this.listener = listener;
    }

    /** Probes exactly those members that are to be probed now. */
    void watch(Pool pool) {
        pool.config()
                .health()
                .ifPresent(plan -> watch(
                        pool,
                        checks.computeIfAbsent(pool, key -> new HashMap<>()),
                        member -> member.state().isChecked(),
                        member -> check(pool, member, plan)));
        pool.config()
                .agent()
                .ifPresent(agent -> watch(
                        pool,
                        agents.computeIfAbsent(pool, key -> new HashMap<>()),
                        member -> member.state().isAgentAsked(),
                        member -> ask(pool, member, agent)));
    }

    private static void watch(
            Pool pool, Map<Member, Watch> watches, Predicate<Member> isWatched, Function<Member, Watch> begin) {
        for (Iterator<Map.Entry<Member, Watch>> all = watches.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Member, Watch> watch = all.next();
            if (!pool.contains(watch.getKey()) || !isWatched.test(watch.getKey())) {
                watch.getValue().close();
                all.remove();
            }
        }
        for (Member member : pool.members()) {
            if (isWatched.test(member)) {
                watches.computeIfAbsent(member, begin);
            }
        }
    }

    private Watch check(Pool pool, Member member, HealthPlan plan) {
        // Without a port for the checks that need none: programs, and those with a port of their own.
        Endpoint target = new Endpoint(member.address(), member.config().port());
        // Told apart from an earlier watch of the same member, whose last words may still be in the queue.
        AtomicReference<Watch> self = new AtomicReference<>();
        self.set(monitor.watch(target, plan, new HealthListener() {
            private final ProbeLog log = log(pool, member);

            @Override
            public void onTransition(boolean up, String evidence) {
                thread.execute(() -> {
                    if (checks.get(pool).get(member) == self.get()) {
                        listener.onCheck(pool, member, up, evidence);
                    }
                });
            }

            @Override
            public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
                log.onCheck(check, result);
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
                    if (agents.get(pool).get(member) == self.get()) {
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

    private static ProbeLog log(Pool pool, Member member) {
        return new ProbeLog(pool.config().name() + "/" + member.id());
    }

    /** Ends all probes; what they found may still come. From any thread. */
    @Override
    public void close() {
        monitor.close();
    }
}
