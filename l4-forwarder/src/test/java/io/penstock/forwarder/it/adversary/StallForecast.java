package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Op.Kind;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells scripts that come to an end by themselves from those that may wait for a timeout, such as two peers that both
 * want to receive first. Plays a script on paper, once with less buffer than any kernel gives and then with no end of it,
 * one side hurrying ahead of the other, or taking its time.
 */
final class StallForecast {
    /** What fits between a sender and a receiver with the kernel's default buffers, at the least. */
    private static final long DEFAULT_ROOM_BYTES = 32 << 10;

    /** The same for a receiver with a small SO_RCVBUF. */
    private static final long SMALL_ROOM_BYTES = 1 << 10;

    /** What lies between the two sides. */
    private enum Kernel {
        TIGHT,
        /** Endless; a step that receives by the way finds that nothing has come. */
        LATE,
        /** Endless; a step that receives by the way finds everything that was sent before it. */
        EARLY,
        /** Endless; a step that receives by the way takes so long that it finds whatever is sent meanwhile, too. */
        SLOW
    }

    private static final class Side {
        private final List<Op> ops;
        private final long least;
        private final Kernel kernel;
        private int at;
        private long left;
        /** Bytes on their way to this side. */
        private long incoming;

        private boolean hasEnded;

        private Side(List<Op> ops, Kernel kernel) {
            this.ops = ops;
            this.kernel = kernel;
            boolean small = ops.stream().anyMatch(op -> op.kind() == Kind.BUFFER);
            least = small ? SMALL_ROOM_BYTES : DEFAULT_ROOM_BYTES;
            begin();
        }

        private void begin() {
            hasEnded |= isOver();
            left = isOver() ? 0 : ops.get(at).amount();
        }

        private boolean isOver() {
            return at == ops.size();
        }

        /** Does what can be done of the current step; whether anything could. */
        private boolean tryStep(Side peer) {
            if (isOver()) {
                return false;
            }
            Op op = ops.get(at);
            long before = left + incoming;
            boolean done =
                    switch (op.kind()) {
                        case SEND -> trySend(peer);
                        case DUPLEX -> tryDuplex(peer);
                        case RECEIVE -> tryReceive(peer);
                        default -> true;
                    };
            boolean moved = done || left + incoming != before;
            if (done) {
                hasEnded |= op.kind() == Kind.HALF_CLOSE;
                at++;
                begin();
            }
            return moved;
        }

        private boolean trySend(Side peer) {
            if (peer.isOver()) {
                return true;
            }
            long room = kernel != Kernel.TIGHT && !peer.isOver() ? left : peer.least - peer.incoming;
            long sent = Math.max(0, Math.min(left, room));
            peer.incoming += sent;
            left -= sent;
            return left == 0;
        }

        private boolean tryDuplex(Side peer) {
            if (kernel == Kernel.LATE) {
                peer.incoming += left;
                return true;
            }
            if (kernel == Kernel.SLOW) {
                peer.incoming += left;
                left = 0;
                incoming = 0;
                return false;
            }
            incoming = 0;
            return trySend(peer);
        }

        /** Ends a step that receives by the way, when nothing more will come before it does. */
        private boolean tryEndDuplex() {
            boolean lasts = kernel == Kernel.SLOW && !isOver() && ops.get(at).kind() == Kind.DUPLEX;
            if (lasts) {
                at++;
                begin();
            }
            return lasts;
        }

        private boolean tryReceive(Side peer) {
            long received = Math.min(left, incoming);
            incoming -= received;
            left -= received;
            return left == 0 || peer.hasEnded;
        }
    }

    private StallForecast() {}

    static boolean mayStall(Script script) {
        return waitsForMuch(script.client())
                || waitsForMuch(script.backend())
                || stalls(script.client(), script.backend(), Kernel.TIGHT)
                || Stream.of(Kernel.LATE, Kernel.EARLY, Kernel.SLOW)
                        .anyMatch(kernel -> stalls(script.client(), script.backend(), kernel)
                                || stalls(script.backend(), script.client(), kernel));
    }

    /** More than any kernel takes for a peer that does not read, which it may never come to. */
    private static boolean waitsForMuch(List<Op> ops) {
        long sent = 0;
        for (Op op : ops) {
            if (op.kind() == Kind.WAIT_ACKNOWLEDGED && sent > SMALL_ROOM_BYTES) {
                return true;
            }
            sent += op.kind() == Kind.SEND || op.kind() == Kind.DUPLEX ? op.amount() : 0;
        }
        return false;
    }

    /** With endless room the first side takes all the steps that it can before each of the other's. */
    private static boolean stalls(List<Op> firstOps, List<Op> secondOps, Kernel kernel) {
        Side first = new Side(firstOps, kernel);
        Side second = new Side(secondOps, kernel);
        int lead = kernel == Kernel.TIGHT ? 1 : Integer.MAX_VALUE;
        while (!first.isOver() || !second.isOver()) {
            boolean moved = false;
            for (int steps = 0; steps < lead && first.tryStep(second); steps++) {
                moved = true;
            }
            moved |= second.tryStep(first);
            if (!moved && !first.tryEndDuplex() && !second.tryEndDuplex()) {
                return true;
            }
        }
        return false;
    }
}
