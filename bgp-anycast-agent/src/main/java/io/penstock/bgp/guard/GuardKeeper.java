package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.events.Event.Level;
import io.penstock.process.BugHandler;
import io.penstock.process.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's end of the pipe to its guard: starts one when there is something to be guarded, another when that has died, and gives it signs
 * of life while the agent's thread turns. On a thread of its own, {@code bgp-guard}; what is public is safe from any.
 */
public final class GuardKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(GuardKeeper.class);

    /** Signs in the time of a guard's patience: it may miss three in a row. */
    private static final int SIGNS = 4;

    /** A guard that has not answered for so many times its patience is put out of its misery. */
    private static final int SILENCES = 4;

    private static final Duration LEAST_SILENCE = Duration.ofSeconds(20);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** One that has lived so long did not die of how it was started. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private static final Duration END_LIMIT = Duration.ofSeconds(3);

    private final Supplier<ProcessBuilder> program;
    private final Duration patience;
    private final RunFile run;
    private final Watchdog.Watched agent;
    private final EventRecorder recorder;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile Optional<Charge> wanted = Optional.empty();
    private volatile boolean ending;

    private Optional<GuardChild> child = Optional.empty();
    private Optional<Charge> given = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private long startedNs;
    private long retryNs = System.nanoTime();
    private long answeredNs;
    private long signs;
    private boolean heard;
    private String trouble = "";
    private boolean over;

    /**
     * Its thread is started, a guard is not.
     *
     * @param program what starts a guard; see {@link GuardProgram}
     * @param patience of a guard
     * @param run of this agent, whose signs go there too
     * @param agent whose turns are signs of life
     */
    public static GuardKeeper start(
            Supplier<ProcessBuilder> program,
            Duration patience,
            RunFile run,
            Watchdog.Watched agent,
            EventRecorder recorder) {
        GuardKeeper keeper = new GuardKeeper(program, patience, run, agent, recorder);
        keeper.thread.start();
        return keeper;
    }

    private GuardKeeper(
            Supplier<ProcessBuilder> program,
            Duration patience,
            RunFile run,
            Watchdog.Watched agent,
            EventRecorder recorder) {
        this.program = program;
        this.patience = patience;
        this.run = run;
        this.agent = agent;
        this.recorder = recorder;
        signs = agent.signs();
        thread = BugHandler.thread(this::run, "bgp-guard");
    }

    /** From now on there is something to be guarded. */
    public void charge(DaemonConfig daemon, LargeCommunity owner) {
        wanted = Optional.of(new Charge(
                daemon, owner, patience, run.path(), ProcessHandle.current().pid()));
        wake.release();
    }

    private void run() {
        long intervalNs = patience.toNanos() / SIGNS;
        agent.ask();
        try {
            while (!ending) {
                turn();
                boolean unused = wake.tryAcquire(intervalNs, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() {
        boolean turning = agent.signs() != signs && !agent.hasEnded();
        signs = agent.signs();
        agent.ask();
        if (turning) {
            signRunFile();
        }
        long nowNs = System.nanoTime();
        if (child.isPresent() && !child.get().isAlive()) {
            hear(child.get(), nowNs);
            lost("ended", "the guard has ended, exit code " + child.get().exitCode(), nowNs);
        }
        if (child.isEmpty() && wanted.isPresent() && nowNs - retryNs >= 0) {
            begin(nowNs);
        }
        child.ifPresent(guard -> speak(guard, turning, nowNs));
    }

    private void signRunFile() {
        try {
            run.sign();
            trouble = "";
        } catch (IOException e) {
            onRunFileTrouble(e, "a companion takes the agent for frozen");
        }
    }

    /** Whether there is a guard that has read its charge: that of a former run stays until then. */
    private void setHeard(boolean now) {
        if (heard == now) {
            return;
        }
        heard = now;
        try {
            run.takeCharge(now);
        } catch (IOException e) {
            onRunFileTrouble(e, "a guard of a former run does not know whether to stay");
        }
    }

    private void onRunFileTrouble(IOException e, String effect) {
        if (!e.toString().equals(trouble)) {
            trouble = e.toString();
            LOG.warn("event=run-file-not-written cause=\"{}\" effect=\"{}\"", trouble, effect);
        }
    }

    private void begin(long nowNs) {
        try {
            child = Optional.of(GuardChild.start(program.get()));
            given = Optional.empty();
            startedNs = nowNs;
            answeredNs = nowNs;
            report(
                    Level.INFO,
                    "started",
                    "guard started, process " + child.get().pid());
        } catch (IOException e) {
            report(Level.ERROR, "not-started", "no guard: " + e.getMessage());
            retryLater(nowNs);
        }
    }

    private void speak(GuardChild guard, boolean turning, long nowNs) {
        try {
            tellCharge(guard);
            if (turning) {
                guard.say(WordReader.SIGN);
            }
        } catch (IOException e) {
            guard.kill();
            lost("ended", "the guard does not listen: " + e.getMessage(), nowNs);
            return;
        }
        hear(guard, nowNs);
        long rehearsalNs = Clearance.CALLS_IN_REHEARSAL
                * wanted.orElseThrow().daemon().timeout().toNanos();
        long silenceNs = Math.max(LEAST_SILENCE.toNanos() + rehearsalNs, SILENCES * patience.toNanos());
        if (!turning) {
            // Who is told nothing has nothing to answer.
            answeredNs = nowNs;
        } else if (nowNs - answeredNs > silenceNs) {
            guard.kill();
            lost("silent", "the guard has not answered for " + TimeUnit.NANOSECONDS.toSeconds(silenceNs) + " s", nowNs);
        }
    }

    private void tellCharge(GuardChild guard) throws IOException {
        if (!given.equals(wanted)) {
            guard.charge(wanted.orElseThrow());
            given = wanted;
        }
    }

    private void hear(GuardChild guard, long nowNs) {
        for (String answer : guard.answers()) {
            answeredNs = nowNs;
            setHeard(true);
            onAnswer(answer);
        }
    }

    private void onAnswer(String answer) {
        if (answer.equals(Guard.REHEARSED)) {
            report(Level.INFO, "ready", "the guard has seen the daemon");
        } else if (answer.startsWith(Guard.UNREACHABLE)) {
            report(Level.WARN, "unreachable", "the guard: " + answer.substring(Guard.UNREACHABLE.length()));
        } else if (answer.startsWith(Guard.WITHDREW)) {
            String count = answer.substring(Guard.WITHDREW.length());
            report(
                    Level.ERROR,
                    "withdrew",
                    "paths withdrawn by the guard, as the agent's thread did not turn: " + count);
        }
    }

    private void lost(String what, String text, long nowNs) {
        child = Optional.empty();
        setHeard(false);
        if (nowNs - startedNs > STEADY.toNanos()) {
            pause = FIRST_PAUSE;
        }
        report(Level.WARN, what, text);
        retryLater(nowNs);
    }

    private void retryLater(long nowNs) {
        retryNs = nowNs + pause.toNanos();
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private void report(Level level, String what, String text) {
        recorder.record(new BgpEvent(Kind.GUARD, level, BgpEvent.AGENT, text, Map.of("what", what)));
    }

    /** The agent ends as it should: whatever paths are left are meant to be. Returns when the guard has ended. */
    public void release() throws InterruptedException {
        endThread();
        if (child.isPresent()) {
            release(child.get());
        }
        forget();
    }

    private static void release(GuardChild guard) throws InterruptedException {
        try {
            guard.say(WordReader.RELEASE);
        } catch (IOException e) {
            // It ended by itself, or will be killed.
            LOG.debug("event=guard-not-released cause=\"{}\"", e.toString());
        }
        if (!guard.awaitEnd(END_LIMIT)) {
            // It may be in the middle of its start, and has not read it; nothing may be withdrawn after this.
            guard.kill();
        }
    }

    /**
     * As if the agent had died: the guard withdraws what is left, and outlives this process for that. One is started when there is none, if
     * there ever was anything to be guarded.
     */
    public void abandon() throws InterruptedException {
        endThread();
        child = child.filter(this::isCharged);
        if (child.isEmpty() && wanted.isPresent()) {
            begin(System.nanoTime());
            child = child.filter(this::isCharged);
        }
        if (wanted.isEmpty() && !over) {
            report(
                    Level.WARN,
                    "not-started",
                    "no guard: the daemon has not said who it is; what a former run may have left in it stays");
        }
        child.ifPresent(GuardChild::hangUp);
        forget();
    }

    private boolean isCharged(GuardChild guard) {
        try {
            tellCharge(guard);
            return guard.isAlive();
        } catch (IOException e) {
            report(Level.WARN, "ended", "the guard does not listen: " + e.getMessage());
            guard.kill();
            return false;
        }
    }

    /** Said a second time, there is nobody left to be told. */
    private void forget() {
        child = Optional.empty();
        wanted = Optional.empty();
        over = true;
    }

    private void endThread() throws InterruptedException {
        ending = true;
        wake.release();
        thread.join();
    }
}
