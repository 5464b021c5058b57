package io.penstock.forwarder.tcp;

import io.penstock.forwarder.balance.FlowOutcome;

/** Why a connection ended; each has its counter. */
enum CloseReason {
    COMPLETED(TcpCounter.CLOSED_COMPLETED, FlowOutcome.COMPLETED),
    CLIENT_RESET(TcpCounter.CLOSED_CLIENT_RESET, FlowOutcome.CLIENT_FAILED),
    BACKEND_RESET(TcpCounter.CLOSED_BACKEND_RESET, FlowOutcome.BACKEND_RESET),
    CLIENT_TIMED_OUT(TcpCounter.CLOSED_CLIENT_TIMED_OUT, FlowOutcome.CLIENT_FAILED),
    BACKEND_TIMED_OUT(TcpCounter.CLOSED_BACKEND_TIMED_OUT, FlowOutcome.BACKEND_TIMED_OUT),
    CLIENT_GONE(TcpCounter.CLOSED_CLIENT_GONE, FlowOutcome.CLIENT_FAILED),
    PROXY_HEADER_INVALID(TcpCounter.CLOSED_PROXY_HEADER_INVALID),
    PROXY_HEADER_TIMEOUT(TcpCounter.CLOSED_PROXY_HEADER_TIMEOUT),
    CONNECT_FAILED(TcpCounter.CLOSED_CONNECT_FAILED),
    NO_BACKEND(TcpCounter.CLOSED_NO_BACKEND),
    NO_SERVICE(TcpCounter.CLOSED_NO_SERVICE),
    QUEUE_TIMEOUT(TcpCounter.CLOSED_QUEUE_TIMEOUT),
    QUEUE_FULL(TcpCounter.CLOSED_QUEUE_FULL),
    DENIED(TcpCounter.CLOSED_DENIED),
    SOURCE_CONNECTIONS(TcpCounter.CLOSED_SOURCE_CONNECTIONS),
    SOURCE_RATE(TcpCounter.CLOSED_SOURCE_RATE),
    FIRST_BYTE_TIMEOUT(TcpCounter.CLOSED_FIRST_BYTE_TIMEOUT, FlowOutcome.TIMED_OUT),
    NO_RESOURCES(TcpCounter.CLOSED_NO_RESOURCES),
    NO_PORT(TcpCounter.CLOSED_NO_PORT),
    NO_SOURCE(TcpCounter.CLOSED_NO_SOURCE),
    IDLE_TIMEOUT(TcpCounter.CLOSED_IDLE_TIMEOUT, FlowOutcome.TIMED_OUT),
    FIN_TIMEOUT(TcpCounter.CLOSED_FIN_TIMEOUT, FlowOutcome.TIMED_OUT),
    LIFETIME(TcpCounter.CLOSED_LIFETIME, FlowOutcome.TIMED_OUT),
    DRAINED(TcpCounter.CLOSED_DRAINED),
    KILLED(TcpCounter.CLOSED_KILLED),
    STOPPED(TcpCounter.CLOSED_STOPPED);

    private final TcpCounter counter;
    private final FlowOutcome outcome;

    CloseReason(TcpCounter counter) {
        this(counter, FlowOutcome.CUT);
    }

    CloseReason(TcpCounter counter, FlowOutcome outcome) {
        this.counter = counter;
        this.outcome = outcome;
    }

    TcpCounter counter() {
        return counter;
    }

    /** What it is to a backend that was connected. */
    FlowOutcome outcome() {
        return outcome;
    }

    /**
     * Whether somebody did not get what he came for, and neither he nor an operator, a limit or silence was the cause.
     */
    boolean isFailure() {
        return switch (this) {
            case BACKEND_RESET,
                    CLIENT_TIMED_OUT,
                    BACKEND_TIMED_OUT,
                    PROXY_HEADER_INVALID,
                    PROXY_HEADER_TIMEOUT,
                    CONNECT_FAILED,
                    NO_BACKEND,
                    QUEUE_TIMEOUT,
                    QUEUE_FULL,
                    NO_RESOURCES,
                    NO_PORT,
                    NO_SOURCE -> true;
            case COMPLETED,
                    CLIENT_RESET,
                    CLIENT_GONE,
                    NO_SERVICE,
                    DENIED,
                    SOURCE_CONNECTIONS,
                    SOURCE_RATE,
                    FIRST_BYTE_TIMEOUT,
                    IDLE_TIMEOUT,
                    FIN_TIMEOUT,
                    LIFETIME,
                    DRAINED,
                    KILLED,
                    STOPPED -> false;
        };
    }

    /**
     * Only a connection that both sides ended is closed with FIN. Every other end is a reset: a FIN would tell an
     * application that reads until the end of the stream that it has everything.
     */
    boolean isClean() {
        return this == COMPLETED;
    }
}
