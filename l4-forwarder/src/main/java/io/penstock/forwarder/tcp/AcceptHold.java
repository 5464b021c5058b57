package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.tcp.WaitingLine.Waiter;

/**
 * Holds a listener back while its service may take nobody more: its clients wait in the kernel, and epoll says nothing of
 * them. One listener's own, on the worker's thread.
 *
 * <pre>
 *            no room: in line          there is room, one client taken: to the end of the line
 *           ┌──────────────────▶ WAITING ◀──┐
 *           │                     │   └─────┘
 *   FREE ◀──┼─────────────────────┘ nobody is left
 *    ▲      │  no token
 *    │      └──────────────────▶ RESTING
 *    └────────────────────────────┘ there is one, or another table
 * </pre>
 *
 * Listeners wait for room as connections do in a pool's queue: whoever makes room calls the one that has waited longest,
 * which takes one client and goes to the end of the line. So each room wakes one worker, and none is left unused.
 */
final class AcceptHold implements WaitingLine.Customer {
    enum State {
        FREE,
        WAITING,
        RESTING
    }

    /** As fine as timers are: at high rates several tokens are ready then. */
    private static final long MIN_REST_NS = 1_000_000;

    private final TcpForwarder tcp;
    private final TcpListener listener;
    private State state = State.FREE;
    private long restUntilNs;
    /** Made when it first has to wait. */
    private Waiter waiter;

    private PoolQueue queue;

    AcceptHold(TcpForwarder tcp, TcpListener listener) {
        this.tcp = tcp;
        this.listener = listener;
    }

    boolean isFree() {
        return state == State.FREE;
    }

    /** Whether one client may be accepted; else the listener is held. */
    boolean tryEnter(Admission admission) {
        switch (admission.tryEnter(tcp.nowNs())) {
            case NONE -> {
                return true;
            }
            case RATE -> rest(tcp.nowNs() + Math.max(MIN_REST_NS, admission.waitNs(tcp.nowNs())));
            case SERVICE_FULL -> await(admission.serviceQueue(), TcpCounter.HELD_BY_SERVICE);
            case PROCESS_FULL -> {
                // Room in the service was taken for a moment, in which another may have found none.
                Admittance.onRoom(tcp, admission.serviceQueue());
                await(admission.processQueue(), TcpCounter.HELD_BY_PROCESS);
            }
        }
        return false;
    }

    private void rest(long untilNs) {
        tcp.counters().increment(TcpCounter.HELD_BY_RATE);
        release();
        listener.disarm();
        restUntilNs = untilNs;
        state = State.RESTING;
        tcp.rests().add(this);
    }

    /** In the queue that it stands in already it stays where it is. */
    private void await(PoolQueue full, TcpCounter counter) {
        if (state == State.WAITING && queue == full) {
            return;
        }
        tcp.counters().increment(counter);
        release();
        listener.disarm();
        enqueue(full);
    }

    private void enqueue(PoolQueue full) {
        if (waiter == null) {
            waiter = new Waiter(this);
        }
        boolean unbounded = tcp.waitingLines().of(full).tryAdd(waiter, tcp.nowNs());
        assert unbounded;
        queue = full;
        state = State.WAITING;
    }

    /** Out of whatever it waits for; the listener is for the caller to arm. */
    void release() {
        switch (state) {
            case FREE -> {}
            case WAITING -> waiter.leave();
            case RESTING -> tcp.rests().remove(this);
        }
        queue = null;
        state = State.FREE;
    }

    @Override
    public boolean tryLeaveQueue() {
        PoolQueue waitedIn = queue;
        boolean taken = listener.acceptOne();
        if (state != State.WAITING || queue != waitedIn) {
            // Accepting was paused, or something else holds it now.
            return true;
        }
        if (listener.isHeldBack()) {
            return false;
        }
        release();
        if (taken) {
            enqueue(waitedIn);
        } else {
            arm();
        }
        return true;
    }

    @Override
    public boolean couldLeaveQueue() {
        return listener.admission().hasRoom();
    }

    long restUntilNs() {
        return restUntilNs;
    }

    /** The rest is over. */
    void onRested() {
        release();
        arm();
    }

    /** The listener is another service's from now on. */
    void moveOn() {
        if (state != State.FREE) {
            release();
            arm();
        }
    }

    private void arm() {
        if (listener.arm() < 0) {
            tcp.pauseAccepting();
        }
    }
}
