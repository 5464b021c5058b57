package io.penstock.bgp.guard;

import io.penstock.bgp.guard.RunFile.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Who answers for the paths of an agent that has gone, by its {@link RunFile}. One thread's own.
 *
 * <pre>
 * nobody --another run has the file--> heir --it has a guard, or is to have none; or ended as it should--> settled
 *             nobody &lt;--it has died-- heir
 * </pre>
 */
final class Succession {
    /** The next run has a guard some seconds after it has seen the daemon; without a daemon there are no paths. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final long POLL_MS = 50;

    private final Path file;
    private final long agent;
    private State state = State.NOBODY;

    /** Of the paths. */
    private enum State {
        /** They are left. */
        NOBODY,
        /** Another run of the agent has them, and nobody would withdraw them should it die. */
        HEIR,
        /** They are another guard's affair, or to stay. */
        SETTLED
    }

    /** @param agent the process id of the one that has gone, which may have the file until its process has ended */
    Succession(Path file, long agent) {
        this.file = file;
        this.agent = agent;
    }

    boolean isTakenOver() {
        look();
        return state != State.NOBODY;
    }

    boolean isSettled() {
        look();
        return state == State.SETTLED;
    }

    /** Of the run that has taken over: whether it dies before that is settled. */
    boolean awaitDeath() throws InterruptedException {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        look();
        while (state == State.HEIR && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            look();
        }
        return state == State.NOBODY;
    }

    private void look() {
        try {
            Look look = RunFile.look(file);
            // A file that is not there, or not one, says nothing.
            if (look.pid() != 0) {
                state = state(look);
            }
        } catch (IOException e) {
            // What cannot be read is taken for what it was.
            return;
        }
    }

    private State state(Look look) {
        if (look.released()) {
            return State.SETTLED;
        }
        if (!look.held() || look.pid() == agent) {
            return State.NOBODY;
        }
        return look.inCharge() ? State.SETTLED : State.HEIR;
    }
}
