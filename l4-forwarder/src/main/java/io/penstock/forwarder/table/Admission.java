package io.penstock.forwarder.table;

/**
 * Who may come in to a service, and how fast. Clients pass twice: {@link #tryEnter} before one is accepted, by the limits
 * that hold all of them back, and {@link #admit} once its address is known, by those that refuse it. Immutable but for the
 * counts, which outlive it. Safe from any thread.
 */
public final class Admission {
    /** Nobody is kept out, and nothing is counted. */
    public static final Admission OPEN = new Admission(ClientList.EVERYBODY, null, null, null, null);

    /** The address is on a list, or on none where there is one. */
    public static final int DENIED = -5;

    /** Why nobody more can be accepted now. */
    public enum Hold {
        NONE,
        RATE,
        SERVICE_FULL,
        PROCESS_FULL
    }

    private final ClientList clients;
    private final SourceLimits sources;
    private final RateLimit rate;
    private final ConnectionLimit service;
    private final ConnectionLimit process;

    /**
     * Any but the first may be null for no limit.
     *
     * @param sources what refuses
     * @param rate what holds back, as the next two
     * @param service its connections
     * @param process connections of all services; the same in each
     */
    public Admission(
            ClientList clients,
            SourceLimits sources,
            RateLimit rate,
            ConnectionLimit service,
            ConnectionLimit process) {
        this.clients = clients;
        this.sources = sources;
        this.rate = rate;
        this.service = service;
        this.process = process;
    }

    /** Takes room for one client; {@link #leave} follows, or {@link #giveBack} when it does not come in. */
    public Hold tryEnter(long nowNs) {
        if (rate != null && !rate.tryTake(nowNs)) {
            return Hold.RATE;
        }
        if (service != null && !service.tryEnter()) {
            putBackToken();
            return Hold.SERVICE_FULL;
        }
        if (process != null && !process.tryEnter()) {
            if (service != null) {
                service.gate().leave();
            }
            putBackToken();
            return Hold.PROCESS_FULL;
        }
        return Hold.NONE;
    }

    private void putBackToken() {
        if (rate != null) {
            rate.putBack();
        }
    }

    /** Whether {@link #tryEnter} would be held by nothing but the rate. */
    public boolean hasRoom() {
        return (service == null || service.hasRoom()) && (process == null || process.hasRoom());
    }

    /** Until the rate lets somebody in. */
    public long waitNs(long nowNs) {
        return rate == null ? 0 : rate.waitNs(nowNs);
    }

    /** Where listeners wait for room in the service; null when it has no limit. */
    public PoolQueue serviceQueue() {
        return service == null ? null : service.gate().queue();
    }

    /** Where listeners wait for room in the process; null when it has no limit. */
    public PoolQueue processQueue() {
        return process == null ? null : process.gate().queue();
    }

    /**
     * Whether the client with this address may stay: an entry of {@link #sources}, {@link SourceTable#UNTRACKED}, or one of
     * {@link #DENIED}, {@link SourceTable#TOO_MANY} and {@link SourceTable#TOO_FAST}, after which {@link #giveBack} follows.
     * The halves are those of an IpAddress.
     */
    public int admit(long high, long low, long nowNs) {
        if (clients != ClientList.EVERYBODY && !clients.allows(high, low)) {
            return DENIED;
        }
        return sources == null ? SourceTable.UNTRACKED : sources.enter(high, low, nowNs);
    }

    /** Counts one that another process had let in, whatever the limits: its source, for {@link #leave}. */
    public int adopt(long high, long low, long nowNs) {
        if (service != null) {
            service.gate().enter();
        }
        if (process != null) {
            process.gate().enter();
        }
        return sources == null ? SourceTable.UNTRACKED : sources.adopt(high, low, nowNs);
    }

    /** Whether sources are counted, so that an untracked one escapes its limits. */
    public boolean limitsSources() {
        return sources != null;
    }

    /** A client that was admitted has gone. The queues are for the caller to tell. */
    public void leave(int source) {
        if (source >= 0) {
            sources.table().leave(source);
        }
        if (service != null) {
            service.gate().leave();
        }
        if (process != null) {
            process.gate().leave();
        }
    }

    /** Nobody was there, or the one who was may not stay: as if {@link #tryEnter} had not been called. */
    public void giveBack() {
        putBackToken();
        leave(SourceTable.UNTRACKED);
    }
}
