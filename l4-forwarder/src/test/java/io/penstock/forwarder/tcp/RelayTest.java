package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.tcp.Relay.State;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One direction, one row for each state and event. FAILING has none: a rest is flushed before the source is read again,
 * so when the source's failure is read nothing is left and the relay has FAILED in the same turn.
 */
class RelayTest {
    private static final int FIN = EPOLLIN | EPOLLRDHUP;
    private static final int FAILED = EPOLLIN | EPOLLERR | EPOLLHUP | EPOLLRDHUP;

    enum Event {
        DATA,
        FIN,
        FIN_NOT_SENT,
        RESET,
        ZERO_AFTER_ERROR,
        ERROR_WITHOUT_READABLE_DATA,
        SINK_READY,
        SINK_FULL,
        SINK_FAILS,
        SINK_DEAD,
        SOURCE_DEAD
    }

    private final ScriptedSyscalls kernel = new ScriptedSyscalls();
    private final TcpForwarder tcp =
            new TcpForwarder(kernel, new Epoll(kernel), () -> {}, new ForwardingTable(1, List.of()), true, 0);
    private final Relay relay = new Relay();
    private Fd source;
    private Fd sink;

    @ParameterizedTest
    @CsvSource({
        "OPEN, DATA, OPEN",
        "OPEN, FIN, ENDED",
        "OPEN, FIN_NOT_SENT, SEVERED",
        "OPEN, RESET, FAILED",
        "OPEN, ZERO_AFTER_ERROR, FAILED",
        "OPEN, ERROR_WITHOUT_READABLE_DATA, OPEN",
        "OPEN, SINK_READY, OPEN",
        "OPEN, SINK_FULL, OPEN",
        "OPEN, SINK_FAILS, SEVERED",
        "OPEN, SINK_DEAD, SEVERED",
        "OPEN, SOURCE_DEAD, FAILED",
        // The end of the stream was read; a rest waits for the sink.
        "ENDING, DATA, ENDING",
        "ENDING, FIN, ENDING",
        "ENDING, RESET, ENDING",
        "ENDING, ZERO_AFTER_ERROR, ENDING",
        "ENDING, SINK_READY, ENDED",
        "ENDING, SINK_FULL, ENDING",
        "ENDING, SINK_FAILS, SEVERED",
        "ENDING, SINK_DEAD, SEVERED",
        "ENDING, SOURCE_DEAD, ENDING",
        "ENDED, DATA, ENDED",
        "ENDED, FIN, ENDED",
        "ENDED, RESET, ENDED",
        "ENDED, SINK_READY, ENDED",
        "ENDED, SINK_FAILS, ENDED",
        "ENDED, SINK_DEAD, SEVERED",
        "ENDED, SOURCE_DEAD, ENDED",
        // Its sink is about to be reset anyway.
        "FAILED, DATA, FAILED",
        "FAILED, FIN, FAILED",
        "FAILED, RESET, FAILED",
        "FAILED, SINK_READY, FAILED",
        "FAILED, SINK_FAILS, FAILED",
        "FAILED, SINK_DEAD, FAILED",
        "FAILED, SOURCE_DEAD, FAILED",
        "SEVERED, DATA, SEVERED",
        "SEVERED, FIN, SEVERED",
        "SEVERED, RESET, SEVERED",
        "SEVERED, SINK_READY, SEVERED",
        "SEVERED, SINK_FAILS, SEVERED",
        "SEVERED, SINK_DEAD, SEVERED",
        "SEVERED, SOURCE_DEAD, SEVERED",
    })
    void shouldGoFromStateToStateByEvent(State from, Event event, State to) {
        reach(from);
        assertEquals(from, relay.state());
        long receivedBefore = source.received;
        happen(event);
        turn();
        assertEquals(to, relay.state());
        assertEquals(to == State.ENDED, relay.isEnded());
        assertEquals(to == State.FAILED, relay.isFailed());
        assertEquals(to == State.SEVERED, relay.isSevered());
        assertEquals(to == State.OPEN, relay.isReading());
        assertEquals(to != State.OPEN && to != State.ENDING, relay.isOver());
        if (from != State.OPEN && to != State.SEVERED) {
            assertEquals(receivedBefore, source.received, "nothing is read any more");
        }
        relay.release(tcp);
        relay.release(tcp);
        assertEquals(0, tcp.remainders().inUse());
    }

    private void reach(State state) {
        source = socket();
        sink = socket();
        relay.open(source.number, sink.number);
        relay.onSinkEvent(EPOLLOUT);
        switch (state) {
            case OPEN -> turn();
            case ENDING -> {
                sink.writing(-Errno.EAGAIN);
                source.reading(3);
                relay.onSourceEvent(FIN);
                turn();
                assertEquals(1, tcp.remainders().inUse());
            }
            case ENDED -> {
                source.reading(0);
                relay.onSourceEvent(FIN);
                turn();
            }
            case FAILING, FAILED -> {
                source.reading(-Errno.ECONNRESET);
                relay.onSourceEvent(FAILED);
                turn();
            }
            case SEVERED -> relay.onSinkDead();
        }
    }

    private void happen(Event event) {
        switch (event) {
            case DATA -> source(EPOLLIN, 3);
            case FIN -> source(FIN, 0);
            case FIN_NOT_SENT -> {
                kernel.shutdownResult = -Errno.ENOTCONN;
                source(FIN, 0);
            }
            case RESET -> source(FAILED, -Errno.ECONNRESET);
            case ZERO_AFTER_ERROR -> source(FAILED, 0);
            case ERROR_WITHOUT_READABLE_DATA -> source(FAILED, -Errno.EAGAIN);
            case SINK_READY -> relay.onSinkEvent(EPOLLOUT);
            case SINK_FULL -> {
                sink.writing(-Errno.EAGAIN);
                relay.onSinkEvent(EPOLLOUT);
            }
            case SINK_FAILS -> {
                sink.writing(-Errno.EPIPE);
                relay.onSinkEvent(EPOLLOUT);
                source(EPOLLIN, 3);
            }
            case SINK_DEAD -> relay.onSinkDead();
            case SOURCE_DEAD -> {
                source.reading(0);
                relay.onSourceDead();
            }
        }
    }

    private void source(int events, long result) {
        source.reading(result);
        relay.onSourceEvent(events);
    }

    private void turn() {
        assertEquals(Relay.WAITING, relay.turn(tcp, TcpCounter.BYTES_TO_BACKENDS, false));
    }

    private Fd socket() {
        kernel.socket(0, 0, 0);
        return kernel.last();
    }
}
