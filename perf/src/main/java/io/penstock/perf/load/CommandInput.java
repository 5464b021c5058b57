package io.penstock.perf.load;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.linux.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The lines of standard input, read by the event loop: the backend goes on serving while the next is waited for. What
 * comes during a run is kept for later.
 */
final class CommandInput implements EventHandler {
    private static final int STDIN = 0;

    private final EventLoop loop;
    private final int slot;
    private final StringBuilder partial = new StringBuilder();
    private final Queue<String> lines = new ArrayDeque<>();
    private boolean ended;

    CommandInput(EventLoop loop) {
        this.loop = loop;
        slot = loop.add(STDIN, EPOLLIN, this);
        if (slot < 0 && slot != -Errno.EPERM) {
            throw new LoadException("standard input: " + Errno.describe(-slot));
        }
    }

    /** Waits for the next line; null at the end of the input. */
    String next() {
        while (lines.isEmpty() && !ended) {
            if (slot >= 0) {
                loop.turn(-1);
            } else {
                // epoll_ctl(2) refuses files (EPERM), which never make anyone wait.
                onEvents(EPOLLIN);
            }
        }
        return lines.poll();
    }

    @Override
    public void onEvents(int events) {
        UnsafeBuffer buffer = loop.buffer();
        long read = loop.syscalls().read(STDIN, buffer.addressOffset(), buffer.capacity());
        if (read <= 0) {
            end();
            return;
        }
        byte[] bytes = new byte[(int) read];
        buffer.getBytes(0, bytes);
        for (char character : new String(bytes, StandardCharsets.US_ASCII).toCharArray()) {
            if (character == '\n') {
                lines.add(partial.toString().trim());
                partial.setLength(0);
            } else {
                partial.append(character);
            }
        }
    }

    private void end() {
        ended = true;
        if (slot >= 0) {
            loop.unwatch(STDIN, slot);
        }
    }
}
