package io.penstock.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Feeds an expectation with what a target sends, and says when it is found. A regular expression is looked for in all
 * that has come, so a target that sends octet by octet makes that happen at most once in 20 ms. On the event loop.
 */
final class ExpectationReader {
    private static final long PAUSE_MS = 20;

    private final EventLoop loop;
    private final Expectation expectation;
    private final Runnable onFound;
    private Future<?> pause;
    private boolean found;

    ExpectationReader(EventLoop loop, Probe.Expect expect, Runnable onFound) {
        this.loop = loop;
        this.onFound = onFound;
        expectation = Expectation.of(expect);
    }

    void read(ByteBuf piece) {
        expectation.add(piece);
        if (expectation.isCheap() || expectation.isFull()) {
            look();
        } else if (pause == null) {
            look();
            pause = loop.schedule(this::onPauseOver, PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** No more comes; true when it is found, now or before. */
    boolean end() {
        look();
        return found;
    }

    boolean isFull() {
        return expectation.isFull();
    }

    int octets() {
        return expectation.octets();
    }

    private void onPauseOver() {
        pause = null;
        look();
    }

    private void look() {
        if (!found && expectation.isFound()) {
            found = true;
            onFound.run();
        }
    }
}
