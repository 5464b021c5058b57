package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * What is going on at one backend: its open connections, how fast and how well it answers, and its limits. Lives as long
 * as the backend is known, over all tables that hold it. Every worker writes to it, by atomic additions; any thread reads.
 *
 * <p>Sums only grow. Who wants a rate keeps the values of the last look.
 *
 * <p>Limits hold exactly: open and pending connections and trials are one word, so a place is taken by one compare-and-set,
 * or not at all. Were one counted and then given back, somebody else could be refused meanwhile although there was room,
 * and wait for a place that nobody will leave.
 */
public final class BackendLoad extends CacheLinePadded {
    public static final int UNLIMITED = Integer.MAX_VALUE;
    public static final long NEVER_SLOW = Long.MAX_VALUE;
    public static final long NOT_LOST = Long.MAX_VALUE;

    /** Of {@link #places}: open connections 28 bits, of these pending ones 24, trials that are left 12. */
    private static final int PENDING_SHIFT = 12;

    private static final int OPEN_SHIFT = 36;
    private static final long ONE_TRIAL = 1;
    private static final long ONE_PENDING = 1L << PENDING_SHIFT;
    private static final long ONE_OPEN = 1L << OPEN_SHIFT;
    private static final int PENDING_MASK = (1 << (OPEN_SHIFT - PENDING_SHIFT)) - 1;
    private static final long TRIALS_MASK = ONE_PENDING - 1;
    private static final long NOT_ON_TRIAL = TRIALS_MASK;

    public static final int MAX_TRIALS = (int) NOT_ON_TRIAL - 1;

    private static final VarHandle PLACES = field("places", long.class);
    private static final VarHandle CONNECT_FAILURES_IN_A_ROW = field("connectFailuresInARow", int.class);
    private static final VarHandle EARLY_RESETS_IN_A_ROW = field("earlyResetsInARow", int.class);
    private static final VarHandle CONNECTS = field("connects", long.class);
    private static final VarHandle CONNECT_NS = field("connectNs", long.class);
    private static final VarHandle SLOW_CONNECTS = field("slowConnects", long.class);
    private static final VarHandle CONNECT_FAILURES = field("connectFailures", long.class);
    private static final VarHandle FIRST_BYTES = field("firstBytes", long.class);
    private static final VarHandle FIRST_BYTE_NS = field("firstByteNs", long.class);
    private static final VarHandle SLOW_FIRST_BYTES = field("slowFirstBytes", long.class);
    private static final VarHandle EARLY_RESETS = field("earlyResets", long.class);

    private volatile long places = NOT_ON_TRIAL;

    private volatile int connectFailuresInARow;
    private volatile int earlyResetsInARow;
    private volatile long connects;
    private volatile long connectNs;
    private volatile long slowConnects;
    private volatile long connectFailures;
    private volatile long firstBytes;
    private volatile long firstByteNs;
    private volatile long slowFirstBytes;
    private volatile long earlyResets;

    private final ResponseTime responseTime = new ResponseTime();
    private final BackendTraffic traffic = new BackendTraffic();
    private final BackendNetwork network = new BackendNetwork();

    private volatile int maxOpen = UNLIMITED;
    private volatile int maxPending = UNLIMITED;
    private volatile long slowNs = NEVER_SLOW;
    private volatile int connectFailuresAlarm = Integer.MAX_VALUE;
    private volatile int earlyResetsAlarm = Integer.MAX_VALUE;
    private volatile long lostSinceNs = NOT_LOST;
    private volatile Runnable alarm = () -> {};

    /** Never changed in place. As many as groups that hold the backend and whose policy keeps an account of it. */
    private volatile LoadWatcher[] watchers = {};

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(BackendLoad.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // What workers tell.

    /**
     * Takes a place for a connection that is about to be made; false when a limit is reached, or the backend is on trial
     * and its trials are used up. After true comes {@link #onConnected}, {@link #onConnectFailed} or {@link #onAbandoned}.
     */
    public boolean tryAcquire() {
        long before = places;
        while (!isFull(before)) {
            long after = before + ONE_OPEN + ONE_PENDING - (isOnTrial(before) ? ONE_TRIAL : 0);
            long found = (long) PLACES.compareAndExchange(this, before, after);
            if (found == before) {
                tellAcquired();
                return true;
            }
            before = found;
        }
        return false;
    }

    private boolean isFull(long places) {
        return open(places) >= maxOpen || pending(places) >= maxPending || (places & TRIALS_MASK) == 0;
    }

    private static boolean isOnTrial(long places) {
        return (places & TRIALS_MASK) != NOT_ON_TRIAL;
    }

    private static int open(long places) {
        return (int) (places >>> OPEN_SHIFT);
    }

    private static int pending(long places) {
        return (int) (places >>> PENDING_SHIFT) & PENDING_MASK;
    }

    /** The backend accepted. {@link #release} follows when the connection ends. */
    public void onConnected(long tookNs, long nowNs) {
        CONNECT_NS.getAndAdd(this, tookNs);
        if (tookNs >= slowNs) {
            SLOW_CONNECTS.getAndAdd(this, 1L);
        }
        responseTime.onSample(tookNs, nowNs);
        onConnected();
    }

    /**
     * As {@link #onConnected(long, long)}, without a handshake that would say how fast it answers: a session of UDP has its
     * backend at once.
     */
    public void onConnected() {
        // A volatile write costs as much as an addition, and most find nothing to clear.
        if (connectFailuresInARow != 0) {
            connectFailuresInARow = 0;
        }
        CONNECTS.getAndAdd(this, 1L);
        long before = (long) PLACES.getAndAdd(this, -ONE_PENDING);
        if (pending(before) >= maxPending) {
            tellChanged();
        }
    }

    /** The connect failed or was late; the place is free again. */
    public void onConnectFailed() {
        CONNECT_FAILURES.getAndAdd(this, 1L);
        boolean alarming = (int) CONNECT_FAILURES_IN_A_ROW.getAndAdd(this, 1) + 1 == connectFailuresAlarm;
        PLACES.getAndAdd(this, -(ONE_OPEN + ONE_PENDING));
        tellChanged();
        if (alarming) {
            alarm.run();
        }
    }

    /**
     * The attempt was given up for a reason that says nothing about the backend; the place is free again, and so is the
     * trial that it may have been, as it would otherwise never be decided.
     */
    public void onAbandoned() {
        long before = places;
        long found;
        while ((found = (long) PLACES.compareAndExchange(this, before, abandoned(before))) != before) {
            before = found;
        }
        tellChanged();
    }

    /** The first byte came from the backend, this long after the connect or, when the client spoke later, after that. */
    public void onFirstByte(long tookNs, long nowNs) {
        if (earlyResetsInARow != 0) {
            earlyResetsInARow = 0;
        }
        FIRST_BYTES.getAndAdd(this, 1L);
        FIRST_BYTE_NS.getAndAdd(this, tookNs);
        if (tookNs >= slowNs) {
            SLOW_FIRST_BYTES.getAndAdd(this, 1L);
        }
        responseTime.onSample(tookNs, nowNs);
    }

    /** The backend reset or vanished before its first byte. */
    public void onEarlyReset() {
        EARLY_RESETS.getAndAdd(this, 1L);
        if ((int) EARLY_RESETS_IN_A_ROW.getAndAdd(this, 1) + 1 == earlyResetsAlarm) {
            alarm.run();
        }
    }

    /** One that another process had there goes on in this one, whatever the limits. {@link #release} follows when it ends. */
    public void adopt() {
        PLACES.getAndAdd(this, ONE_OPEN);
        tellChanged();
    }

    /** A connection that was {@linkplain #onConnected connected} ended. */
    public void release() {
        PLACES.getAndAdd(this, -ONE_OPEN);
        tellChanged();
    }

    /** A trial may have ended, or another have begun, while the connect was under way. */
    private static long abandoned(long places) {
        boolean returns = isOnTrial(places) && (places & TRIALS_MASK) < MAX_TRIALS;
        return places - ONE_OPEN - ONE_PENDING + (returns ? ONE_TRIAL : 0);
    }

    // What the controller sets.

    /** {@link #UNLIMITED} for no limit. What is open already stays. */
    public void limit(int maxOpen, int maxPending) {
        this.maxOpen = maxOpen;
        this.maxPending = maxPending;
        tellChanged();
    }

    /** From which time on a connect or first byte counts as slow. */
    public void slowFrom(long slowNs) {
        this.slowNs = slowNs;
    }

    /**
     * Lets so many connections through, and no more until this is called again or {@link #endTrial}.
     *
     * @param connections 1 to {@link #MAX_TRIALS}
     */
    public void beginTrial(int connections) {
        trials(connections);
    }

    public void endTrial() {
        trials(NOT_ON_TRIAL);
    }

    private void trials(long trials) {
        long before = places;
        long found;
        while ((found = (long) PLACES.compareAndExchange(this, before, (before & ~TRIALS_MASK) | trials)) != before) {
            before = found;
        }
        tellChanged();
    }

    /**
     * Runs the alarm when so many failures in a row have come, on the thread of the worker that saw the last of them: it
     * must not block.
     *
     * @param connectFailures failed connects without a successful one between
     * @param earlyResets resets before the first byte without a first byte between
     */
    public void alarmAt(int connectFailures, int earlyResets, Runnable alarm) {
        this.alarm = alarm;
        connectFailuresAlarm = connectFailures;
        earlyResetsAlarm = earlyResets;
    }

    /** Nobody wants to be told any more. */
    public void noAlarm() {
        alarmAt(Integer.MAX_VALUE, Integer.MAX_VALUE, () -> {});
    }

    /** Begins to count failures in a row anew. */
    public void clearFailuresInARow() {
        connectFailuresInARow = 0;
        earlyResetsInARow = 0;
    }

    /** From now on this one is told too. One thread at a time. */
    void watch(LoadWatcher watcher) {
        LoadWatcher[] more = Arrays.copyOf(watchers, watchers.length + 1);
        more[watchers.length] = watcher;
        watchers = more;
    }

    /** From now on this one is not told, but for changes under way. One thread at a time. */
    void unwatch(LoadWatcher watcher) {
        LoadWatcher[] before = watchers;
        LoadWatcher[] fewer = new LoadWatcher[before.length];
        int left = 0;
        for (LoadWatcher other : before) {
            if (other != watcher) {
                fewer[left++] = other;
            }
        }
        watchers = Arrays.copyOf(fewer, left);
    }

    int watcherCount() {
        return watchers.length;
    }

    private void tellAcquired() {
        for (LoadWatcher watcher : watchers) {
            watcher.onAcquired();
        }
    }

    private void tellChanged() {
        for (LoadWatcher watcher : watchers) {
            watcher.onChanged();
        }
    }

    /**
     * It serves nobody since then, whatever it still holds; {@link #NOT_LOST} when it does. One that only takes nobody new,
     * as its operator wishes, is not lost.
     */
    public void lostSince(long nowNs) {
        // Told with each table, and read with each datagram.
        if (lostSinceNs != nowNs) {
            lostSinceNs = nowNs;
        }
    }

    // What policies and the controller read.

    /** Since when it has served nobody, or {@link #NOT_LOST}. */
    public long lostSinceNs() {
        return lostSinceNs;
    }

    /** Connections placed and not ended, those still being connected included. */
    public int open() {
        return open(places);
    }

    /** Of these, those still being connected. */
    public int pending() {
        return pending(places);
    }

    /** Whether {@link #tryAcquire} would refuse. */
    public boolean isFull() {
        return isFull(places);
    }

    /** Attempts that are decided, well or badly, at all of these. */
    static long attempts(BackendLoad[] loads) {
        long attempts = 0;
        for (BackendLoad load : loads) {
            attempts += load.connects + load.connectFailures;
        }
        return attempts;
    }

    /** Failed connects since the last successful one. */
    public int connectFailuresInARow() {
        return connectFailuresInARow;
    }

    /** Resets before the first byte since the last first byte. */
    public int earlyResetsInARow() {
        return earlyResetsInARow;
    }

    public long connects() {
        return connects;
    }

    /** Of all connects, added up. */
    public long connectNs() {
        return connectNs;
    }

    public long slowConnects() {
        return slowConnects;
    }

    public long connectFailures() {
        return connectFailures;
    }

    public long firstBytes() {
        return firstBytes;
    }

    /** Of all first bytes, added up. */
    public long firstByteNs() {
        return firstByteNs;
    }

    public long slowFirstBytes() {
        return slowFirstBytes;
    }

    public long earlyResets() {
        return earlyResets;
    }

    /** How connections to it fare on the network. */
    public BackendNetwork network() {
        return network;
    }

    public ResponseTime responseTime() {
        return responseTime;
    }

    /** For people, not for policies. */
    public BackendTraffic traffic() {
        return traffic;
    }
}
