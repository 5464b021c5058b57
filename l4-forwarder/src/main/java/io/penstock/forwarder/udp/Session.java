package io.penstock.forwarder.udp;

import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.udp.HandedSession.Progress;

/**
 * One client's address and port at one of ours, and the socket that its datagrams go on through. Used again for the next
 * session in its slot. Its client's addresses stand in the {@link SessionIndex}, its age in the {@link SessionAges}.
 *
 * <pre>
 *   FREE ── open ──► ONE_WAY ── reply ──► ANSWERED ── datagram ──► ESTABLISHED
 *     ▲                 │                     │                        │
 *     └──── end ────────┴─────────────────────┴────────────────────────┘
 * </pre>
 *
 * Belongs to its worker's thread; {@link Sessions} ends it and closes its socket.
 */
final class Session {
    enum State {
        FREE("free"),
        /** No reply yet: the client's address may be invented. */
        ONE_WAY("one-way"),
        /** A reply went out, and nothing came after it: the address may still be invented. */
        ANSWERED("answered"),
        /** The client spoke after a reply. */
        ESTABLISHED("established");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    static final int NO_FD = -1;
    private static final int NO_ENTRY = -1;
    private static final int ANY_LENGTH = Integer.MAX_VALUE;

    /** Bytes of one direction that are told of before a second is over: far more than most sessions carry. */
    private static final int TOLD_BYTES = 256 << 10;

    /** Of two to this power nanoseconds, 1.07 s, each begins with what is untold being told. */
    private static final int TOLD_SHIFT = 30;

    private final int slot;
    private State state = State.FREE;
    private int generation;
    private int fd = NO_FD;
    private UdpListener listener;
    private int serviceIndex;
    private int clientScope;
    private boolean perPacket;

    private Admission admission;
    private int admittedSource;

    private Backend backend;
    /** Of the backend's pool, where connections of TCP may wait for the place. */
    private PoolQueue queue;

    private int backendSource;
    private boolean unreachable;
    private boolean refused;
    private boolean replyAwaited;
    private long sinceNs;
    private long firstReplyNs;

    private long openedNs;
    private long activeNs;
    private long bytesToBackend;
    private long bytesToClient;
    private long datagramsToBackend;
    private long datagramsToClient;
    // Of these, what service and backend do not know of yet: less than a batch more than has to be told.
    private int untoldToBackend;
    private int untoldToClient;
    private long repliesAwaited;
    /** Datagrams of the client, less those of the backend since: with a reply to each, so many are on their way. */
    private long unanswered;

    private boolean leaving;
    private int backendCutLimit;
    private int clientCutLimit;
    private boolean queued;
    private boolean largeBuffers;

    // The first and last entry of the batch that is being forwarded.
    private int firstEntry = NO_ENTRY;
    private int lastEntry = NO_ENTRY;

    Session(int slot) {
        this.slot = slot;
    }

    // A session comes and goes.

    /** The client was let in, and its datagrams come through this listener. */
    void open(int generation, UdpListener listener, int clientScope, boolean perPacket, long nowNs) {
        this.generation = generation;
        this.listener = listener;
        serviceIndex = listener.serviceIndex();
        this.clientScope = clientScope;
        this.perPacket = perPacket;
        openedNs = nowNs;
        activeNs = nowNs;
        bytesToBackend = 0;
        bytesToClient = 0;
        datagramsToBackend = 0;
        datagramsToClient = 0;
        untoldToBackend = 0;
        untoldToClient = 0;
        firstReplyNs = FlowEnd.NEVER;
        repliesAwaited = 0;
        unanswered = 0;
        leaving = false;
        clientCutLimit = ANY_LENGTH;
        transitionTo(State.ONE_WAY);
    }

    /** What it holds of its service's limits. */
    void admitted(Admission admission, int source) {
        this.admission = admission;
        admittedSource = source;
    }

    /** Where it has a place, through a socket that is its own now. */
    void place(Backend backend, PoolQueue queue, int source, int fd, long nowNs) {
        this.backend = backend;
        this.queue = queue;
        backendSource = source;
        this.fd = fd;
        unreachable = false;
        refused = false;
        // What the backend before owed will not come any more.
        unanswered = 0;
        replyAwaited = true;
        sinceNs = nowNs;
        backendCutLimit = ANY_LENGTH;
        largeBuffers = false;
    }

    /** As another process has left it, with a backend by now. */
    void proceed(Progress progress, long nowNs) {
        openedNs = nowNs - progress.ageNs();
        activeNs = nowNs - progress.idleNs();
        sinceNs = openedNs;
        bytesToBackend = progress.bytesToBackend();
        bytesToClient = progress.bytesToClient();
        datagramsToBackend = progress.datagramsToBackend();
        datagramsToClient = progress.datagramsToClient();
        repliesAwaited = progress.repliesDue();
        transitionTo(
                switch (progress.stage()) {
                    case 0 -> State.ONE_WAY;
                    case 1 -> State.ANSWERED;
                    default -> State.ESTABLISHED;
                });
        replyAwaited = state == State.ONE_WAY;
    }

    /** What another process goes on from. */
    Progress progress(long nowNs) {
        return new Progress(
                switch (state) {
                    case FREE, ONE_WAY -> 0;
                    case ANSWERED -> 1;
                    case ESTABLISHED -> 2;
                },
                perPacket,
                repliesAwaited,
                nowNs - openedNs,
                nowNs - activeNs,
                bytesToBackend,
                bytesToClient,
                datagramsToBackend,
                datagramsToClient);
    }

    /** Gives the place back; the socket is closed by now, and the backend told of all bytes. */
    void leaveBackend(FlowOutcome outcome) {
        backend.load().traffic().onEnded(outcome);
        BackendSockets.onClosed(backend, backendSource);
        backend.load().release();
        queue.onRoom(null);
        backend = null;
        queue = null;
        fd = NO_FD;
    }

    void end() {
        transitionTo(State.FREE);
        admission.leave(admittedSource);
        if (admission.processQueue() != null) {
            admission.processQueue().onRoom(null);
        }
        admission = Admission.OPEN;
        admittedSource = SourceTable.UNTRACKED;
        listener = null;
    }

    private void transitionTo(State next) {
        state = next;
    }

    // Datagrams.

    /** From the client, handed to the backend; whether that says that there is a client. */
    boolean onForwarded(int datagrams, long bytes, int responses, long nowNs) {
        activeNs = nowNs;
        bytesToBackend += bytes;
        datagramsToBackend += datagrams;
        untoldToBackend += (int) bytes;
        repliesAwaited += (long) datagrams * responses;
        unanswered += datagrams;
        if (state != State.ANSWERED) {
            return false;
        }
        transitionTo(State.ESTABLISHED);
        return true;
    }

    /** From the backend; whether it was the first. */
    boolean onReplies(int datagrams, long bytes, long nowNs) {
        activeNs = nowNs;
        bytesToClient += bytes;
        datagramsToClient += datagrams;
        untoldToClient += (int) bytes;
        repliesAwaited -= datagrams;
        unanswered = Math.max(0, unanswered - datagrams);
        unreachable = false;
        if (replyAwaited) {
            replyAwaited = false;
            firstReplyNs = nowNs - sinceNs;
            backend.load().onFirstByte(firstReplyNs, nowNs);
        }
        if (state != State.ONE_WAY) {
            return false;
        }
        transitionTo(State.ANSWERED);
        return true;
    }

    /** Before datagrams are noted: whether bytes are to be told of after them. */
    boolean hasToTell(long nowNs) {
        return nowNs >>> TOLD_SHIFT != activeNs >>> TOLD_SHIFT
                || untoldToBackend >= TOLD_BYTES
                || untoldToClient >= TOLD_BYTES;
    }

    /** What was carried since the last time; not with each datagram, as a backend's numbers are every worker's. */
    void tellBytes(ServiceCounts services) {
        services.onBytes(serviceIndex, untoldToBackend, 0, untoldToClient, 0);
        backend.load().traffic().onBytes(untoldToBackend, 0, untoldToClient, 0);
        untoldToBackend = 0;
        untoldToClient = 0;
    }

    /** Whether its backend has not said anything yet. */
    boolean isReplyAwaited() {
        return replyAwaited;
    }

    /** How long that took, of the last backend. */
    long firstReplyNs() {
        return firstReplyNs;
    }

    /** Whether as many replies have come as were awaited. */
    boolean isComplete() {
        return repliesAwaited <= 0;
    }

    /** Whether the client may still wait for an answer: it spoke last, a moment ago. */
    boolean isAwaited(long momentNs, long nowNs) {
        return unanswered > 0 && nowNs - activeNs < momentNs;
    }

    /** It ends as soon as nobody waits for an answer. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Adds an entry of the batch that is being forwarded; the one before it, or -1 when it is the first. */
    int chain(int entry) {
        int before = lastEntry;
        if (before == NO_ENTRY) {
            firstEntry = entry;
        }
        lastEntry = entry;
        return before;
    }

    /** The first entry of the chain, which is empty from now on. */
    int takeChain() {
        int first = firstEntry;
        firstEntry = NO_ENTRY;
        lastEntry = NO_ENTRY;
        return first;
    }

    /** Whether there is reason to find it another backend. */
    boolean isUnreachable() {
        return unreachable;
    }

    /** The backend's host says that nobody is there; whether it is the first time since the session is with this backend. */
    boolean onUnreachable() {
        boolean first = !refused;
        refused = true;
        unreachable = true;
        return first;
    }

    boolean isQueued() {
        return queued;
    }

    /** Whether it stands in the queue of those that have more to read; whoever has its slot by then is read instead. */
    void queued(boolean queued) {
        this.queued = queued;
    }

    /** Whether its socket has the buffers of its service, and not the kernel's usual ones. */
    boolean hasLargeBuffers() {
        return largeBuffers;
    }

    void onLargeBuffers() {
        largeBuffers = true;
    }

    int backendCutLimit() {
        return backendCutLimit;
    }

    void backendCutLimit(int bytes) {
        backendCutLimit = bytes;
    }

    int clientCutLimit() {
        return clientCutLimit;
    }

    void clientCutLimit(int bytes) {
        clientCutLimit = bytes;
    }

    // What it is.

    int slot() {
        return slot;
    }

    boolean isFree() {
        return state == State.FREE;
    }

    boolean isOf(int generation) {
        return !isFree() && this.generation == generation;
    }

    State state() {
        return state;
    }

    int fd() {
        return fd;
    }

    UdpListener listener() {
        return listener;
    }

    int serviceIndex() {
        return serviceIndex;
    }

    int clientScope() {
        return clientScope;
    }

    /** Whether its client's next datagram may go to another backend, and so to another session. */
    boolean isPerPacket() {
        return perPacket;
    }

    Backend backend() {
        return backend;
    }

    long ageNs(long nowNs) {
        return nowNs - openedNs;
    }

    long activeNs() {
        return activeNs;
    }

    /** Of this session alone, for as long as the worker runs. */
    long token() {
        return EventToken.of(generation, slot, EventKind.UDP_BACKEND);
    }

    /** All but the client's address. */
    void describe(ConnectionDetails details, String service) {
        details.identify(token(), service, backend, state.word)
                .times(openedNs, activeNs)
                .bytes(bytesToBackend, bytesToClient);
    }

    /** All but the reason, and the addresses of the client and of the listener. */
    void describe(FlowEnd end, String service, long nowNs) {
        end.identify(true, token(), service)
                .times(openedNs, nowNs)
                .backend(backend, 1, 0, FlowEnd.NEVER, firstReplyNs)
                .bytes(bytesToBackend, bytesToClient, 0)
                .datagrams(datagramsToBackend, datagramsToClient);
    }
}
