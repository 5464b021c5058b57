package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.flow.FlowEnd;
import java.nio.ByteBuffer;

/** Lines on their way to the sink, and how many of them are still to go. NOT thread safe: the writer's own. */
final class Batch {
    /** About 150 lines: of more a single write gains nothing. */
    private static final int FULL_BYTES = 64 << 10;

    private static final int ROOM_BYTES = 4 << 10;
    private static final long NS_PER_MS = 1_000_000;

    private final LineBuffer lines = new LineBuffer(FULL_BYTES + ROOM_BYTES);
    private final FlowLine line;
    /** Null where lines have none. */
    private final SyslogHeader header;

    private ByteBuffer rest = lines.view();
    private int linesLeft;

    Batch(FlowLogConfig.Format format, SyslogHeader header) {
        line = FlowLine.of(format);
        this.header = header;
    }

    /** For other lines, when all have gone. */
    void clear() {
        lines.clear();
        linesLeft = 0;
    }

    boolean isFull() {
        return lines.length() >= FULL_BYTES;
    }

    /** @param wallNs what is to be added to System.nanoTime to get nanoseconds since 1970 */
    void add(FlowEnd end, int worker, long wallNs) {
        if (header != null) {
            header.put(lines, end.isFailure(), Math.floorDiv(end.endedNs() + wallNs, NS_PER_MS));
        }
        line.put(lines, end, wallNs, worker);
        lines.put('\n');
        linesLeft++;
    }

    /** Nothing more comes before these have gone. */
    void close() {
        rest = lines.view();
    }

    /** What is left, to be taken from its beginning. */
    ByteBuffer rest() {
        return rest;
    }

    boolean hasRest() {
        return linesLeft > 0;
    }

    int linesLeft() {
        return linesLeft;
    }

    /** How many lines have gone since the last time; one that has half gone has not. */
    int takeGone() {
        int left = 0;
        for (int at = rest.position(); at < rest.limit(); at++) {
            if (rest.get(at) == '\n') {
                left++;
            }
        }
        int gone = linesLeft - left;
        linesLeft = left;
        return gone;
    }
}
