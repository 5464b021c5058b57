package io.penstock.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The streams of one listener: a bounded number of them, until all are ended. Safe from any thread. */
final class EventStreams {
    static final int MAX_STREAMS = 16;

    private final Set<EventStream> streams = new HashSet<>();
    private boolean closed;

    /** Empty when there are too many, or no more are wanted. */
    synchronized Optional<EventStream> tryOpen() {
        if (closed || streams.size() >= MAX_STREAMS) {
            return Optional.empty();
        }
        EventStream stream = new EventStream(this::remove);
        streams.add(stream);
        return Optional.of(stream);
    }

    private synchronized void remove(EventStream stream) {
        streams.remove(stream);
    }

    /** Ends all after what was sent so far; none is opened any more. */
    void close() {
        List<EventStream> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(streams);
        }
        last.forEach(EventStream::close);
    }
}
