package io.penstock.bgp.control;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.BgpDaemon.Watch;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.operate.AgentStatus.Link;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the daemon. Each attempt is a generation of its own: what a former one brings is not heard. Of the agent's thread.
 *
 * <pre>
 * PAUSED -> ASKING -> WATCHING -> LISTING -> UP
 *             |  ^
 *             v  |
 *      NOT_STARTED    STARTING -> ASKING        any -> PAUSED when a call fails or the watch is lost
 * </pre>
 */
final class DaemonLink {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonLink.class);

    static final long FIRST_PAUSE_NS = 50_000_000;

    /** An attempt costs a packet or two when nobody listens, and a daemon that is back is to be found soon. */
    static final long LONGEST_PAUSE_NS = 500_000_000;

    static final long FIRST_POLL_NS = 250_000_000;
    static final long LONGEST_POLL_NS = 5_000_000_000L;

    /** Between looks at all of the table because of what was told, which may be often. */
    static final long LOOK_PAUSE_NS = 1_000_000_000;

    private static final long AT_ONCE = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final BgpDaemon daemon;
    private final Calls calls;
    private final LinkListener listener;
    private final LinkEvents events;
    private final AgentFigures figures;
    private final Backoff pauses = new Backoff(FIRST_PAUSE_NS, LONGEST_PAUSE_NS);
    private final Backoff polls = new Backoff(FIRST_POLL_NS, LONGEST_POLL_NS);
    private BgpConfig config;
    private State state = State.PAUSED;
    private Link shown = Link.DOWN;
    private String trouble = "";
    private long deadlineNs = AT_ONCE;
    private long lookedNs;

    /** When all of the table is to be looked at though it is not time, from the last look on. */
    private long lookAfterNs = NEVER;

    private long generation;
    private boolean everUp;
    private Optional<DaemonIdentity> identity = Optional.empty();
    private Optional<Watch> watch = Optional.empty();

    /** Of the way. */
    enum State {
        /** Until the next attempt. */
        PAUSED,
        /** Who it is. */
        ASKING,
        /** Nobody has started BGP in it; until it is asked again. */
        NOT_STARTED,
        STARTING,
        /** Until it tells what happens. */
        WATCHING,
        /** What had happened before. */
        LISTING,
        UP
    }

    DaemonLink(
            BgpConfig config,
            BgpDaemon daemon,
            Calls calls,
            LinkListener listener,
            LinkEvents events,
            AgentFigures figures) {
        this.config = config;
        this.daemon = daemon;
        this.calls = calls;
        this.listener = listener;
        this.events = events;
        this.figures = figures;
    }

    /** What it is to be started with may be known by now. */
    void reconfigure(BgpConfig wanted) {
        config = wanted;
        if (state == State.NOT_STARTED) {
            polls.reset();
            deadlineNs = AT_ONCE;
        } else if (state == State.UP) {
            trouble = mismatch();
        }
    }

    /** When {@link #onTime} is due; Long.MAX_VALUE when it is waited for an answer. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Returns whether something was due. */
    boolean onTime(long nowNs) {
        if (nowNs < deadlineNs) {
            return false;
        }
        deadlineNs = NEVER;
        switch (state) {
            case PAUSED, NOT_STARTED -> ask();
            case UP -> resync();
            case WATCHING -> lost(new DaemonException(Kind.LATE, "it does not begin to tell what happens"));
            case ASKING, STARTING, LISTING -> {}
        }
        return true;
    }

    private void ask() {
        generation++;
        transitionTo(State.ASKING, shown);
        call(daemon.identity(), this::onIdentity, this::lost);
    }

    private void onIdentity(DaemonIdentity found) {
        identity = Optional.of(found);
        if (found.isStarted()) {
            polls.reset();
            listener.onIdentity(found);
            watch();
        } else if (config.global().isPresent()) {
            start(config.global().get());
        } else {
            pollAgain("BGP was not started in it, and the configuration has no 'global'");
        }
    }

    private void pollAgain(String why) {
        if (!why.equals(trouble)) {
            events.notStarted(why);
        }
        trouble = why;
        transitionTo(State.NOT_STARTED, Link.NOT_STARTED);
        deadlineNs = calls.nowNs() + polls.failed();
    }

    /** Only of one that has just said that it was not: a running one would begin anew. */
    private void start(GlobalConfig global) {
        transitionTo(State.STARTING, shown);
        call(
                daemon.start(global),
                done -> {
                    events.started(global);
                    ask();
                },
                failure -> {
                    if (failure.kind() == Kind.REFUSED) {
                        pollAgain("BGP cannot be started in it: " + failure.getMessage());
                    } else {
                        lost(failure);
                    }
                });
    }

    /** Its client bounds the time that it takes, too; there is no way on from here but by an answer. */
    private void watch() {
        transitionTo(State.WATCHING, Link.SYNCHRONISING);
        deadlineNs = calls.nowNs() + 2 * config.daemon().timeout().toNanos();
        watch = Optional.of(daemon.watch(new Relay(calls, this, listener, generation)));
    }

    /** What happens from now on is told, so that a list is not out of date when it comes. */
    void onWatching() {
        deadlineNs = NEVER;
        transitionTo(State.LISTING, shown);
        list();
    }

    private void list() {
        lookedNs = calls.nowNs();
        lookAfterNs = NEVER;
        call(
                listener.onListing().map(daemon::paths).orElseGet(daemon::paths),
                paths -> {
                    onSynchronised();
                    listener.onListed(paths);
                },
                this::lost);
        call(daemon.peers(), listener::onPeers, this::lost);
    }

    private void onSynchronised() {
        deadlineNs =
                lookAfterNs == NEVER ? calls.nowNs() + config.daemon().resync().toNanos() : lookedNs + lookAfterNs;
        if (state == State.UP) {
            // It has lasted.
            pauses.reset();
            return;
        }
        if (everUp) {
            figures.count(AgentCounter.RECONNECTS);
        }
        everUp = true;
        trouble = mismatch();
        transitionTo(State.UP, Link.UP);
        identity.ifPresent(found -> events.connected(found, trouble));
    }

    /** It is never restarted for that: somebody else has configured it. */
    private String mismatch() {
        if (config.global().isEmpty() || identity.isEmpty()) {
            return "";
        }
        GlobalConfig wanted = config.global().get();
        DaemonIdentity found = identity.get();
        boolean same =
                wanted.asn() == found.asn() && wanted.routerId().toString().equals(found.routerId());
        return same
                ? ""
                : "it runs as AS " + found.asn() + ", router-id " + found.routerId() + ", not as AS " + wanted.asn()
                        + ", router-id " + wanted.routerId() + " of 'global'";
    }

    private void resync() {
        figures.count(AgentCounter.RESYNCS);
        call(
                daemon.identity(),
                found -> {
                    if (identity.equals(Optional.of(found))) {
                        list();
                    } else {
                        String why = found.isStarted() ? "it runs as another than before" : "BGP was stopped in it";
                        lost(new DaemonException(Kind.REFUSED, why));
                    }
                },
                this::lost);
    }

    /** What was told leaves open what is in the table: it is to be looked at, so long after the last time. */
    void look(long afterNs) {
        lookAfterNs = Math.min(lookAfterNs, afterNs);
        if (state == State.UP && deadlineNs != NEVER) {
            deadlineNs = Math.min(deadlineNs, lookedNs + lookAfterNs);
        }
    }

    /** Of its answers only those are heard that were asked for in this attempt. */
    <T> void call(CompletableFuture<T> call, Consumer<T> done, Consumer<DaemonException> failed) {
        long mine = generation;
        calls.await(
                call,
                result -> {
                    if (mine == generation) {
                        done.accept(result);
                    }
                },
                failure -> {
                    if (mine == generation) {
                        failed.accept(failure);
                    }
                });
    }

    /** The daemon does not answer, or not as it did: all begins anew, after a pause. */
    void lost(DaemonException why) {
        boolean news = state == State.UP || !why.getMessage().equals(trouble);
        close();
        trouble = why.getMessage();
        transitionTo(State.PAUSED, Link.DOWN);
        deadlineNs = calls.nowNs() + pauses.failed();
        listener.onLost();
        if (news) {
            events.lost(why);
        }
    }

    private void transitionTo(State next, Link link) {
        LOG.debug("event=link from={} to={} generation={}", state, next, generation);
        state = next;
        shown = link;
    }

    boolean isUp() {
        return state == State.UP;
    }

    Link shown() {
        return shown;
    }

    /** Which attempt this is. */
    long generation() {
        return generation;
    }

    /** As last heard. */
    Optional<DaemonIdentity> identity() {
        return identity;
    }

    /** Why it is not up, or what is wrong though it is; empty for neither. */
    String trouble() {
        return trouble;
    }

    /** Nothing is heard any more. */
    void close() {
        generation++;
        watch.ifPresent(Watch::close);
        watch = Optional.empty();
    }
}
