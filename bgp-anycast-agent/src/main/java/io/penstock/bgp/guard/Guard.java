package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.guard.Clearance.Ending;
import io.penstock.bgp.guard.Clearance.Result;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's child: withdraws the agent's paths when the agent has died, or has not shown a sign of its thread for too long. On the main
 * thread of its process; another, {@code guard-in}, reads the pipe, and what is logged is written by a third, see {@link GuardLog}.
 *
 * <pre>
 * uncharged --charge--> watching --no sign--> cleared --sign--> watching
 *     any --release--> ended         any but uncharged --gone--> clears once more, ended; or stays, see {@link Succession}
 * </pre>
 */
public final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    /** To stdout, which the agent reads. */
    static final String REHEARSED = "rehearsed";

    static final String UNREACHABLE = "unreachable ";
    static final String ALIVE = "alive";
    static final String WITHDREW = "withdrew ";

    private static final int DONE = 0;
    private static final int NOT_DONE = 1;
    private static final int UNREADABLE = 2;

    /** A daemon that cannot be reached for so long was restarted, or is left to its neighbours' hold timers. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BlockingQueue<Word> words;
    private final Clearance clearance;
    private final PrintStream answers;
    private final GuardLog log;
    private Charge charge;
    private boolean cleared;
    private long nextRehearsalNs = System.nanoTime();

    /** Why the daemon was not seen since the charge; empty when it was. */
    private String trouble = "";

    /** Begins uncharged. */
    Guard(BlockingQueue<Word> words, Clearance clearance, PrintStream answers, GuardLog log) {
        this.words = words;
        this.clearance = clearance;
        this.answers = answers;
        this.log = log;
    }

    /**
     * Is a guard until the agent lets it go, or has gone and is cleared up after.
     *
     * @param in what the agent says
     * @param answers what it is told
     * @return the exit code of the process
     */
    public static int run(Function<DaemonConfig, BgpDaemon> opening, InputStream in, PrintStream answers)
            throws InterruptedException {
        BlockingQueue<Word> words = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> new WordReader(in).run(words::add), "guard-in");
        reader.setDaemon(true);
        reader.start();
        try (GuardLog log = new GuardLog()) {
            return new Guard(words, new Clearance(opening, LIMIT, log), answers, log).run();
        }
    }

    int run() throws InterruptedException {
        long silentNs = 0;
        while (true) {
            long sinceNs = System.nanoTime();
            Word word = words.poll(SLICE_NS, TimeUnit.NANOSECONDS);
            if (word == null) {
                // By what this process itself was awake for: one that stood still, with the whole host, knows nothing
                // of the agent.
                silentNs += Math.min(System.nanoTime() - sinceNs, 2 * SLICE_NS);
                if (charge != null && !cleared && silentNs >= charge.patience().toNanos()) {
                    cleared = clear("frozen", () -> !words.isEmpty()) != Ending.GIVEN_UP;
                }
                continue;
            }
            silentNs = 0;
            if (word instanceof Word.Charged charged) {
                take(charged.charge());
            } else if (word instanceof Word.Sign) {
                sign();
            } else if (word instanceof Word.Unreadable unreadable) {
                log.say(() -> LOG.error("event=guard-unreadable cause=\"{}\"", unreadable.cause()));
                return UNREADABLE;
            } else {
                return word instanceof Word.Gone && charge != null ? gone() : DONE;
            }
        }
    }

    private void take(Charge next) throws InterruptedException {
        charge = next;
        cleared = false;
        trouble = "";
        rehearse();
    }

    /** What is done for the first time takes long, and may not be possible at all: better known before it is needed. */
    private void rehearse() throws InterruptedException {
        Charge mine = charge;
        String before = trouble;
        long beganNs = System.nanoTime();
        trouble = clearance.rehearse(
                mine.daemon(),
                daemon -> CompletableFuture.completedFuture(mine.owner()),
                () -> words.contains(new Word.Gone()));
        long nowNs = System.nanoTime();
        // A daemon that is too slow for it is not to be kept busy with it.
        nextRehearsalNs = nowNs + (nowNs - beganNs);
        if (trouble.isEmpty()) {
            answer(REHEARSED);
        } else if (!trouble.equals(before)) {
            answer(UNREACHABLE + trouble.replaceAll("\\p{Cntrl}", " "));
        }
    }

    private void sign() throws InterruptedException {
        if (cleared) {
            log.say(() -> LOG.info("event=guard-agent-back"));
            cleared = false;
        }
        answer(ALIVE);
        if (!trouble.isEmpty() && words.isEmpty() && System.nanoTime() - nextRehearsalNs >= 0) {
            rehearse();
        }
    }

    private int gone() throws InterruptedException {
        Succession succession = new Succession(charge.run(), charge.agent());
        Ending ending;
        do {
            ending = clear("gone", succession::isTakenOver);
        } while (ending == Ending.CALLED_OFF && hasDied(succession));
        return ending == Ending.GIVEN_UP ? NOT_DONE : DONE;
    }

    /** Whether the run that has taken over has died before it had a guard of its own: then nobody would withdraw its paths. */
    private boolean hasDied(Succession succession) throws InterruptedException {
        if (succession.isSettled()) {
            return false;
        }
        log.say(() -> LOG.info("event=guard-stays cause=\"the agent's next run has no guard yet\""));
        return succession.awaitDeath();
    }

    private Ending clear(String agent, BooleanSupplier calledOff) throws InterruptedException {
        long sinceNs = System.nanoTime();
        Charge mine = charge;
        log.say(() -> LOG.error(
                "event=guard-withdraws agent={} daemon={}", agent, mine.daemon().address()));
        Result result =
                clearance.run(mine.daemon(), daemon -> CompletableFuture.completedFuture(mine.owner()), calledOff);
        log.report(result, System.nanoTime() - sinceNs);
        answer(WITHDREW + result.withdrawn());
        return result.ending();
    }

    /** To nobody, when the agent has gone. */
    private void answer(String line) {
        answers.println(line);
        answers.flush();
    }
}
