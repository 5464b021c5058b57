package io.penstock.bgp.guard;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.guard.Clearance.Ending;
import io.penstock.bgp.guard.Clearance.Result;
import io.penstock.bgp.guard.RunFile.Look;
import io.penstock.bgp.route.LargeCommunity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guard that is no child of the agent's: it looks at the agent's {@link RunFile}, so it outlives whatever ends the agent and all its
 * children. Withdraws when the agent has died without saying so, at once; and when its thread has not shown a sign for too long. One
 * thread's own.
 */
public final class Companion {
    private static final Logger LOG = LoggerFactory.getLogger(Companion.class);

    /** Looks in the time that an agent has for one sign. */
    private static final int LOOKS = 20;

    private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

    private final BgpConfig config;
    private final GuardLog log = new GuardLog();
    private final Clearance clearance;
    private final Path file;
    private final Duration patience;
    private final long pauseNs;
    private long signs = -1;
    private boolean wasHeld;
    private boolean cleared;
    private String trouble = "";

    /**
     * Connects to nobody yet.
     *
     * @param patience of the configuration's {@code guard}, which must have one
     */
    public Companion(BgpConfig config, Duration patience, Function<DaemonConfig, BgpDaemon> opening) {
        this.config = config;
        this.patience = patience;
        clearance = new Clearance(opening, Guard.LIMIT, log);
        file = config.stateDirectory().resolve(RunFile.NAME);
        pauseNs = Math.max(patience.toNanos() / LOOKS, LEAST_PAUSE.toNanos());
    }

    /** Until it is to end; once. */
    public void run(CountDownLatch ending) throws InterruptedException {
        try {
            watch(ending);
        } finally {
            log.close();
        }
    }

    private void watch(CountDownLatch ending) throws InterruptedException {
        String hindered = clearance.rehearse(config.daemon(), this::owner, () -> ending.getCount() == 0);
        log.say(() -> LOG.info(
                "event=companion-watches file={} daemon={} trouble=\"{}\"",
                file,
                config.daemon().address(),
                hindered));
        long silentNs = 0;
        long beforeNs = System.nanoTime();
        while (!ending.await(pauseNs, TimeUnit.NANOSECONDS)) {
            long nowNs = System.nanoTime();
            // By what this process itself was awake for: one that stood still knows nothing of the agent.
            silentNs += Math.min(nowNs - beforeNs, 2 * pauseNs);
            beforeNs = nowNs;
            Look look = look();
            if (look.signs() != signs || look.held() != wasHeld) {
                signs = look.signs();
                wasHeld = look.held();
                cleared = false;
                silentNs = 0;
            }
            if (cleared || look.released()) {
                // An agent that ends as it should gives no signs any more, and may take its time.
                continue;
            }
            if (!look.held()) {
                clear("gone", Look::held);
            } else if (silentNs >= patience.toNanos()) {
                clear("frozen", next -> next.signs() != look.signs() || !next.held() || next.released());
            }
        }
    }

    /** What cannot be read is taken for what it was: nobody is withdrawn for a full or broken file system. */
    private Look look() {
        try {
            Look look = RunFile.look(file);
            trouble = "";
            return look;
        } catch (IOException e) {
            if (!e.toString().equals(trouble)) {
                trouble = e.toString();
                log.say(() -> LOG.error("event=companion-blind cause=\"{}\"", e.toString()));
            }
            return new Look(false, false, true, 0, signs);
        }
    }

    private void clear(String agent, Predicate<Look> over) throws InterruptedException {
        log.say(() -> LOG.error(
                "event=guard-withdraws agent={} daemon={}",
                agent,
                config.daemon().address()));
        long sinceNs = System.nanoTime();
        Result result = clearance.run(config.daemon(), this::owner, () -> over.test(look()));
        log.report(result, System.nanoTime() - sinceNs);
        cleared = result.ending() == Ending.CLEAR;
    }

    private CompletableFuture<LargeCommunity> owner(BgpDaemon daemon) {
        return config.owner().isPresent()
                ? CompletableFuture.completedFuture(config.owner().get())
                : daemon.identity().thenApply(identity -> config.owner(identity.asn()));
    }
}
