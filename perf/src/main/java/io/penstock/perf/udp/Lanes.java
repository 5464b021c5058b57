package io.penstock.perf.udp;

import java.util.Arrays;

/**
 * What is in flight: some lanes, each with a window of datagrams that wait for their answers. A lane may send again when
 * there is room for a whole burst. NOT thread safe.
 */
final class Lanes {
    /** A lane's datagrams in flight are bits of a word. */
    static final int MAX_WINDOW = Long.SIZE;

    static final int UNKNOWN = -1;
    static final int LATE = 0;
    static final int ANSWERED = 1;

    private final int window;
    private final int burst;
    private final long[] next;
    private final long[] inFlight;
    private final long[] progressNs;
    private final int[] ready;
    private final boolean[] isReady;
    private int readyCount;

    /**
     * All of them ready to send.
     *
     * @param window of a lane, from 1 to {@link #MAX_WINDOW}
     * @param burst how many are sent at once, from 1 to {@code window}
     */
    Lanes(int count, int window, int burst) {
        if (count < 1 || window < 1 || window > MAX_WINDOW || burst < 1 || burst > window) {
            throw new IllegalArgumentException("no such lanes: " + count + ", window " + window + ", burst " + burst);
        }
        this.window = window;
        this.burst = burst;
        next = new long[count];
        inFlight = new long[count];
        progressNs = new long[count];
        ready = new int[count];
        isReady = new boolean[count];
        for (int lane = 0; lane < count; lane++) {
            makeReady(lane);
        }
    }

    /** One that may have room, taken from those that have; -1 when there is none. */
    int takeReady() {
        if (readyCount == 0) {
            return UNKNOWN;
        }
        int lane = ready[--readyCount];
        isReady[lane] = false;
        return lane;
    }

    /** Whether a burst fits: fewer than a window wait, and none that is older than the word holds. */
    boolean hasRoom(int lane) {
        long burstBits = Long.rotateLeft(burst == Long.SIZE ? -1 : (1L << burst) - 1, (int) next[lane]);
        return Long.bitCount(inFlight[lane]) + burst <= window && (inFlight[lane] & burstBits) == 0;
    }

    /** The sequence number of the lane's next datagram, in flight from now on. */
    long send(int lane, long nowNs) {
        if (inFlight[lane] == 0) {
            progressNs[lane] = nowNs;
        }
        long sequence = next[lane]++;
        inFlight[lane] |= 1L << sequence;
        return sequence;
    }

    /** {@link #ANSWERED}, {@link #LATE} when it was given up or has been answered before, or {@link #UNKNOWN}. */
    int answer(int lane, long sequence, long nowNs) {
        if (lane < 0 || lane >= next.length || sequence < 0 || sequence >= next[lane]) {
            return UNKNOWN;
        }
        if (next[lane] - sequence > Long.SIZE || (inFlight[lane] & 1L << sequence) == 0) {
            return LATE;
        }
        inFlight[lane] &= ~(1L << sequence);
        progressNs[lane] = nowNs;
        makeReady(lane);
        return ANSWERED;
    }

    /** Gives up what lanes wait for that have had no answer for so long, or all when that is 0; how many were lost. */
    int giveUp(long nowNs, long timeoutNs) {
        int lost = 0;
        for (int lane = 0; lane < next.length; lane++) {
            if (inFlight[lane] != 0 && nowNs - progressNs[lane] >= timeoutNs) {
                lost += Long.bitCount(inFlight[lane]);
                inFlight[lane] = 0;
                makeReady(lane);
            }
        }
        return lost;
    }

    boolean areIdle() {
        return Arrays.stream(inFlight).allMatch(bits -> bits == 0);
    }

    private void makeReady(int lane) {
        if (!isReady[lane]) {
            isReady[lane] = true;
            ready[readyCount++] = lane;
        }
    }
}
