package io.penstock.bgp.control;

import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The agent's thread without a thread, at virtual time, with a daemon that is a list. */
final class Rig {
    private static final long STEP_NS = 10_000_000;
    private static final int MOST_TURNS = 100_000;

    final FakeDaemon daemon;
    final Map<String, Condition> conditions = new HashMap<>();
    final List<BgpEvent> events = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final Controller controller;
    long nowNs = 1_000_000_000_000L;

    Rig(BgpConfig config, FakeDaemon daemon, Path stateDirectory) throws IOException {
        this(config, daemon, stateDirectory, Instant.ofEpochSecond(1_700_000_000));
    }

    Rig(BgpConfig config, FakeDaemon daemon, Path stateDirectory, Instant at) throws IOException {
        this.daemon = daemon;
        long startNs = nowNs;
        OrderFile file = new OrderFile(stateDirectory, () -> at.plusNanos(nowNs - startNs));
        controller = new Controller(config, daemon, () -> Map.copyOf(conditions), events::add, file, () -> nowNs);
        controller.tellOfDrains(new DrainListener() {
            @Override
            public void onWithdrawnAfterDrain(String vip) {
                told.add("drained " + vip);
            }

            @Override
            public void onResume(String vip) {
                told.add("resumed " + vip);
            }
        });
        controller.tellOfCharges(owner -> told.add("owner " + owner));
        config.vips().keySet().forEach(name -> conditions.put(name, condition(Level.UP)));
        controller.begin();
    }

    private Condition condition(Level level) {
        return new Condition(level, true, nowNs, "because of the test");
    }

    /** Health says so now, as of this time. */
    void health(String vip, Level level) {
        conditions.put(vip, condition(level));
        controller.onConditions();
    }

    void present(String vip, boolean present) {
        Condition known = conditions.get(vip);
        conditions.put(vip, new Condition(known.level(), present, nowNs, known.reason()));
        controller.onConditions();
    }

    /** Lets everything happen that needs no time. */
    Rig settle() {
        for (int i = 0; i < MOST_TURNS; i++) {
            controller.turn(0);
            boolean acted = daemon.answerOne();
            acted |= daemon.tellOne();
            if (!acted) {
                controller.turn(0);
                if (daemon.frozen || daemon.waiting() == 0) {
                    return this;
                }
            }
        }
        throw new AssertionError("it never comes to rest");
    }

    Rig pass(Duration time) {
        long endNs = nowNs + time.toNanos();
        settle();
        while (nowNs < endNs) {
            nowNs = Math.min(endNs, nowNs + STEP_NS);
            settle();
        }
        return this;
    }

    /** An order, as another thread gives it. */
    interface Asked {
        void ask() throws RefusedException;
    }

    void ask(Asked order) throws RefusedException {
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
            try {
                order.ask();
            } catch (RefusedException e) {
                throw new CompletionException(e);
            }
        });
        while (!asked.isDone()) {
            controller.turn(0);
            Thread.onSpinWait();
        }
        try {
            Void unused = asked.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
        settle();
    }

    VipStatus vip(String name) {
        return controller.status().vips().stream()
                .filter(vip -> vip.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    State state(String vip) {
        return vip(vip).stance().state();
    }

    List<BgpEvent> events(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    /** What the daemon was told since the last time this was asked. */
    List<String> log() {
        List<String> since = List.copyOf(daemon.log);
        daemon.log.clear();
        return since;
    }

    long count(AgentCounter counter) {
        return controller.figures().value(counter);
    }
}
