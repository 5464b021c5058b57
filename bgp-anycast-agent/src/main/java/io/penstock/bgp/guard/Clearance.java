package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes an owner's paths out of a daemon, until its table shows none of them. With a connection of its own for each attempt. One thread's own. */
final class Clearance {
    private static final Logger LOG = LoggerFactory.getLogger(Clearance.class);

    /** Calls under way at a time. */
    private static final int WINDOW = 64;

    /** Calls of a rehearsal: the JVM compiles what was called some hundred times. */
    private static final int REHEARSED = 256;

    /** Of the daemon, one after the other, in a rehearsal: each may take as long as a call may. */
    static final int CALLS_IN_REHEARSAL = 2 + BgpDaemon.LIST_DEADLINES + REHEARSED / WINDOW;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Beyond the client's own deadline of a call. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** More than the longest timeout that can be configured makes of all calls of a rehearsal. */
    private static final Duration UNHURRIED = Duration.ofHours(1);

    private final Function<DaemonConfig, BgpDaemon> opening;
    private final Duration limit;
    private final GuardLog log;

    /** Whose paths. */
    interface Owner {
        /** By what a daemon says of itself, if that matters. */
        CompletableFuture<LargeCommunity> of(BgpDaemon daemon);
    }

    /** How it ended. */
    enum Ending {
        /** The table shows none. */
        CLEAR,
        /** Somebody answers for them again. */
        CALLED_OFF,
        /** Time is up. */
        GIVEN_UP
    }

    /**
     * What came of it.
     *
     * @param withdrawn how many paths the daemon took out
     * @param trouble the last one; empty when there was none
     */
    record Result(Ending ending, int withdrawn, String trouble) {}

    /** @param limit for all attempts together */
    Clearance(Function<DaemonConfig, BgpDaemon> opening, Duration limit, GuardLog log) {
        this.opening = opening;
        this.limit = limit;
        this.log = log;
    }

    /**
     * Tries until it is done.
     *
     * @param calledOff asked again and again: whether it is not to go on
     */
    Result run(DaemonConfig daemon, Owner owner, BooleanSupplier calledOff) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        Duration pause = FIRST_PAUSE;
        int withdrawn = 0;
        boolean again = false;
        String trouble = "";
        while (System.nanoTime() - deadlineNs < 0) {
            if (calledOff.getAsBoolean()) {
                return new Result(Ending.CALLED_OFF, withdrawn, trouble);
            }
            try (BgpDaemon client = opening.apply(daemon)) {
                Attempt attempt = new Attempt(client, daemon.timeout().plus(SLACK), deadlineNs, calledOff);
                List<IpPrefix> owned = attempt.owned(owner);
                if (owned.isEmpty()) {
                    return new Result(Ending.CLEAR, withdrawn, trouble);
                }
                withdrawn += attempt.withdraw(owned);
                if (!again) {
                    // The next look comes without a pause: it is to be empty now.
                    again = true;
                    continue;
                }
                trouble = "withdrawn, and there again: " + owned.size();
            } catch (DaemonException e) {
                if (!e.getMessage().equals(trouble)) {
                    log.say(() -> LOG.warn("event=guard-hindered cause=\"{}\"", e.getMessage()));
                }
                trouble = e.getMessage();
            }
            pause = pause(pause, calledOff);
        }
        return new Result(Ending.GIVEN_UP, withdrawn, trouble);
    }

    private static Duration pause(Duration length, BooleanSupplier calledOff) throws InterruptedException {
        long untilNs = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - untilNs < 0 && !calledOff.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE.toMillis());
        }
        Duration twice = length.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /**
     * As a {@link #run} does, and withdraws nothing: what is done for the first time takes long. In place of withdrawals the daemon is asked
     * who it is, by calls of the same kind. Returns why it could not; empty when it could.
     *
     * @param calledOff asked again and again: whether there is no time for it
     */
    String rehearse(DaemonConfig daemon, Owner owner, BooleanSupplier calledOff) throws InterruptedException {
        try (BgpDaemon client = opening.apply(daemon)) {
            long deadlineNs = System.nanoTime() + UNHURRIED.toNanos();
            Attempt attempt = new Attempt(client, daemon.timeout().plus(SLACK), deadlineNs, calledOff);
            List<IpPrefix> unused = attempt.owned(owner);
            int unusedCount = attempt.inTurn(Collections.nCopies(REHEARSED, client), BgpDaemon::identity);
            return "";
        } catch (DaemonException e) {
            return e.getMessage();
        }
    }

    /**
     * With one connection.
     *
     * @param atMost for a call but a list
     * @param deadlineNs of all that is waited for
     */
    private record Attempt(BgpDaemon client, Duration atMost, long deadlineNs, BooleanSupplier calledOff) {
        List<IpPrefix> owned(Owner owner) throws DaemonException, InterruptedException {
            LargeCommunity mark = await(owner.of(client));
            List<RibPath> paths;
            try {
                paths = await(client.paths(), atMost.multipliedBy(BgpDaemon.LIST_DEADLINES));
            } catch (DaemonException e) {
                if (e.kind() == DaemonException.Kind.REFUSED && !isStarted()) {
                    // It has no table: it was restarted since.
                    return List.of();
                }
                throw e;
            }
            return paths.stream()
                    .filter(path ->
                            path.local() && path.attributes().largeCommunities().contains(mark))
                    .map(RibPath::prefix)
                    .distinct()
                    .toList();
        }

        private boolean isStarted() throws DaemonException, InterruptedException {
            DaemonIdentity identity = await(client.identity());
            return identity.isStarted();
        }

        /** Returns how many the daemon took out. */
        int withdraw(List<IpPrefix> owned) throws DaemonException, InterruptedException {
            return inTurn(owned, client::withdraw);
        }

        /** A call for each, {@value #WINDOW} under way at a time. Returns how many were made and answered. */
        <E, T> int inTurn(List<E> each, Function<E, CompletableFuture<T>> call)
                throws DaemonException, InterruptedException {
            Deque<CompletableFuture<T>> underWay = new ArrayDeque<>();
            int begun = 0;
            for (E one : each) {
                if (begun % WINDOW == 0 && calledOff.getAsBoolean()) {
                    break;
                }
                if (underWay.size() == WINDOW) {
                    await(underWay.remove());
                }
                underWay.add(call.apply(one));
                begun++;
            }
            while (!underWay.isEmpty()) {
                await(underWay.remove());
            }
            return begun;
        }

        private <T> T await(CompletableFuture<T> call) throws DaemonException, InterruptedException {
            return await(call, atMost);
        }

        private <T> T await(CompletableFuture<T> call, Duration limit) throws DaemonException, InterruptedException {
            long limitNs = Math.min(limit.toNanos(), Math.max(0, deadlineNs - System.nanoTime()));
            try {
                return call.get(limitNs, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long limitMs = TimeUnit.NANOSECONDS.toMillis(limitNs);
                throw new DaemonException(DaemonException.Kind.LATE, "no answer within " + limitMs + " ms");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof DaemonException daemon) {
                    throw daemon;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
