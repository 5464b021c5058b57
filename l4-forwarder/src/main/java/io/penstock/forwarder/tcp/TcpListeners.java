package io.penstock.forwarder.tcp;

import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.linux.TcpInfo;
import java.util.ArrayList;
import java.util.List;

/** One worker's listeners, each in a slot that its events name. Owns their sockets. NOT thread safe. */
final class TcpListeners {
    private static final long PERCENT = 100;

    private final TcpForwarder tcp;
    /** A slot without a listener is free. */
    private final List<TcpListener> slots = new ArrayList<>();

    private boolean stopped;

    TcpListeners(TcpForwarder tcp) {
        this.tcp = tcp;
    }

    /** Takes over a socket, from which nothing is accepted before it is resumed. */
    TcpListener add(Listening socket) {
        int slot = slots.indexOf(null);
        if (slot < 0) {
            slot = slots.size();
            slots.add(null);
        }
        TcpListener listener = new TcpListener(tcp, socket, slot);
        slots.set(slot, listener);
        return listener;
    }

    void onReadable(int slot) {
        TcpListener listener = slots.get(slot);
        if (listener != null) {
            listener.onReadable();
        }
    }

    /** 0 or {@code -errno}. */
    int resume() {
        for (int slot = 0; slot < slots.size(); slot++) {
            TcpListener listener = slots.get(slot);
            int result = listener == null ? 0 : listener.resume();
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    void pause() {
        for (int slot = 0; slot < slots.size(); slot++) {
            TcpListener listener = slots.get(slot);
            if (listener != null) {
                listener.pause();
            }
        }
    }

    /** How many clients wait in the kernel, of all listeners; sets what there is to tell of it. */
    long acceptQueue(TcpInfo info) {
        long waiting = 0;
        long fullest = 0;
        for (int slot = 0; slot < slots.size(); slot++) {
            TcpListener listener = slots.get(slot);
            if (listener == null || tcp.sockets().info(listener.fd(), info) < 0) {
                // None, or a UNIX socket, of which the kernel tells nothing.
                continue;
            }
            waiting += info.acceptQueue();
            fullest = Math.max(fullest, PERCENT * info.acceptQueue() / Math.max(1, info.acceptQueueLimit()));
        }
        tcp.gauges().set(TcpGauge.ACCEPT_QUEUE, waiting);
        tcp.gauges().set(TcpGauge.ACCEPT_QUEUE_PERCENT, fullest);
        return waiting;
    }

    /** New sockets are closed again when this worker has stopped to listen. */
    void change(ListenerChange change) {
        if (stopped) {
            change.opened().forEach(socket -> tcp.syscalls().close(socket.fd()));
            return;
        }
        for (Listening socket : change.opened()) {
            TcpListener listener = add(socket);
            if (!tcp.isAcceptingPaused() && listener.resume() < 0) {
                tcp.pauseAccepting();
            }
        }
        for (Listening socket : change.updated()) {
            slots.get(slotOf(socket.fd())).update(socket.spec());
        }
        List<TcpListener> closing = new ArrayList<>();
        for (Listening socket : change.closed()) {
            closing.add(slots.get(slotOf(socket.fd())));
        }
        closeEmptied(closing);
    }

    private int slotOf(int fd) {
        for (int slot = 0; slot < slots.size(); slot++) {
            TcpListener listener = slots.get(slot);
            if (listener != null && listener.fd() == fd) {
                return slot;
            }
        }
        throw new IllegalArgumentException("no listener " + fd);
    }

    /** Takes the clients that the kernel has queued already, then closes them all for good. */
    void stop() {
        List<TcpListener> closing = new ArrayList<>();
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) != null) {
                closing.add(slots.get(slot));
            }
        }
        closeEmptied(closing);
        stopped = true;
    }

    /**
     * Closing a listener resets who stands in its queue. It is deregistered before the queue is emptied: where another
     * process holds the same socket, or another worker, who comes later wakes only those, and the kernel's registration
     * would outlive this descriptor. All are closed last: a pause deregisters every listener by its number, and a client
     * would get a closed one's.
     */
    private void closeEmptied(List<TcpListener> closing) {
        for (TcpListener listener : closing) {
            listener.pause();
        }
        for (TcpListener listener : closing) {
            listener.acceptQueued();
        }
        for (TcpListener listener : closing) {
            close(listener);
        }
    }

    private void close(TcpListener listener) {
        slots.set(listener.slot(), null);
        listener.close();
    }

    /** At once; who is queued is reset, unless somebody else holds the socket too. */
    void close() {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) != null) {
                close(slots.get(slot));
            }
        }
        stopped = true;
    }
}
