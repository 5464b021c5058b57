package io.penstock.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One stream of events, from before its client knows of it. Safe from any thread; writes on the event loop of the
 * connection, a batch at a time.
 *
 * <pre>
 *   OPENING -- begin --> OPEN -- close --> CLOSING -- all is sent --> CLOSED
 *      \___________________\__ the client is gone, or too slow _________/
 * </pre>
 */
final class EventStream implements EventSink {
    /** Of one client: a replay of thousands of events fits, and a client that stands still costs no more than this. */
    static final int MAX_UNSENT_OCTETS = 4 << 20;

    /** Below the idle timeouts of what may stand between, which are rarely under half a minute. */
    private static final int HEARTBEAT_SECONDS = 15;

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        OPENING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private State state = State.OPENING;
    private final Queue<byte[]> unsent = new ArrayDeque<>();
    private final List<Runnable> onClosed = new ArrayList<>();
    private long unsentOctets;
    private boolean flushing;
    private boolean progressed;
    private ChannelHandlerContext context;
    private ConnectionClock clock;
    private Future<?> heartbeat;
    private final Consumer<EventStream> onGone;

    /** @param onGone is told when nothing of the stream is held any more; maybe more than once, on any thread */
    EventStream(Consumer<EventStream> onGone) {
        this.onGone = onGone;
    }

    @Override
    public boolean trySend(ServerSentEvent event) {
        return tryAdd(event.text().getBytes(StandardCharsets.UTF_8));
    }

    private boolean tryAdd(byte[] octets) {
        synchronized (this) {
            if (state != State.OPENING && state != State.OPEN) {
                return false;
            }
            if (unsentOctets + octets.length <= MAX_UNSENT_OCTETS) {
                unsent.add(octets);
                unsentOctets += octets.length;
                flushSoon();
                return true;
            }
        }
        abort();
        return false;
    }

    @Override
    public void onClosed(Runnable action) {
        synchronized (this) {
            if (state == State.OPENING || state == State.OPEN) {
                onClosed.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state == State.OPENING || state == State.OPEN) {
                state = State.CLOSING;
                flushSoon();
            }
        }
        runOnClosed();
    }

    /** Ends the stream without a word: the client is gone, or does not take what it asked for. */
    void abort() {
        ChannelHandlerContext connection;
        synchronized (this) {
            state = State.CLOSED;
            unsent.clear();
            connection = context;
            stopHeartbeat();
        }
        runOnClosed();
        onGone.accept(this);
        if (connection != null) {
            var unused = connection.close();
        }
    }

    private void runOnClosed() {
        List<Runnable> actions;
        synchronized (this) {
            actions = List.copyOf(onClosed);
            onClosed.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** The head of the answer is written. On the event loop. */
    void begin(ChannelHandlerContext connection, ConnectionClock connectionClock) {
        boolean aborted;
        synchronized (this) {
            context = connection;
            clock = connectionClock;
            aborted = state == State.CLOSED || !connection.channel().isActive();
            if (state == State.OPENING && !aborted) {
                state = State.OPEN;
                heartbeat = connection
                        .executor()
                        .scheduleAtFixedRate(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
            }
            flushSoon();
        }
        if (aborted) {
            abort();
        }
    }

    /** Shows both sides that the other is there; a client that has taken nothing since the last one is given up. */
    private void beat() {
        boolean stalled;
        synchronized (this) {
            stalled = unsentOctets > 0 && !progressed;
            progressed = false;
        }
        if (stalled) {
            abort();
        } else {
            boolean unused = tryAdd(HEARTBEAT);
        }
    }

    /** With the lock. */
    private void stopHeartbeat() {
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
    }

    /** With the lock. */
    private void flushSoon() {
        if (context != null && !flushing && state != State.CLOSED) {
            flushing = true;
            context.executor().execute(this::flush);
        }
    }

    private void flush() {
        List<byte[]> batch;
        boolean last;
        synchronized (this) {
            flushing = false;
            if (state == State.CLOSED) {
                return;
            }
            batch = List.copyOf(unsent);
            unsent.clear();
            last = state == State.CLOSING;
            if (last) {
                state = State.CLOSED;
                stopHeartbeat();
            }
        }
        for (byte[] octets : batch) {
            context.write(new DefaultHttpContent(Unpooled.wrappedBuffer(octets)))
                    .addListener(sent -> {
                        onSent(octets.length);
                        if (!sent.isSuccess()) {
                            abort();
                        }
                    });
        }
        if (last) {
            clock.closeAfter(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
        } else {
            context.flush();
        }
    }

    private synchronized void onSent(int octets) {
        unsentOctets -= octets;
        progressed = true;
    }
}
