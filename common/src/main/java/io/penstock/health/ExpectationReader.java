package io.penstock.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Feeds an expectation with what a target sends, and says when it is found. A regular expression is looked for in all
 * that has come: a target that sends octet by octet makes that happen at most once in 20 ms, and for a tenth of the
 * event loop's time. On the event loop.
 */
final class ExpectationReader {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int REST_SHARE = 10;

    private final EventLoop loop;
    private final Expectation expectation;
    private final Runnable onFound;
    private boolean pausing;
    private boolean unseen;
    private boolean over;
    private boolean found;

    ExpectationReader(EventLoop loop, Probe.Expect expect, Runnable onFound) {
        this.loop = loop;
        this.onFound = onFound;
        expectation = Expectation.of(expect);
    }

    void read(ByteBuf piece) {
        if (over) {
            return;
        }
        expectation.add(piece);
        if (expectation.isFull()) {
            end();
        } else if (expectation.isCheap()) {
            look();
        } else if (pausing) {
            unseen = true;
        } else {
            lookAndPause();
        }
    }

    /** No more counts; true when it is found, now or before. */
    boolean end() {
        if (!over) {
            look();
            over = true;
        }
        return found;
    }

    boolean isFull() {
        return expectation.isFull();
    }

    int octets() {
        return expectation.octets();
    }

    private void lookAndPause() {
        long startNs = System.nanoTime();
        look();
        long pauseNs = Math.max(PAUSE_NS, REST_SHARE * (System.nanoTime() - startNs));
        pausing = true;
        var unused = loop.schedule(this::onPauseOver, pauseNs, TimeUnit.NANOSECONDS);
    }

    private void onPauseOver() {
        pausing = false;
        if (unseen && !over) {
            unseen = false;
            lookAndPause();
        }
    }

    private void look() {
        if (expectation.isFound()) {
            found = true;
            over = true;
            onFound.run();
        }
    }
}
