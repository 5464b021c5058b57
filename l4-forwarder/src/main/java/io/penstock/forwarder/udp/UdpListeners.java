package io.penstock.forwarder.udp;

import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import java.util.ArrayList;
import java.util.List;

/** One worker's listeners, each in a slot that its events name. Owns their sockets. NOT thread safe. */
final class UdpListeners {
    private final UdpForwarder udp;
    /** A slot without a listener is free. */
    private final List<UdpListener> slots = new ArrayList<>();

    private boolean listening;
    private boolean closed;
    private int uses;

    UdpListeners(UdpForwarder udp) {
        this.udp = udp;
    }

    private UdpListener add(Listening socket) {
        int slot = slots.indexOf(null);
        if (slot < 0) {
            slot = slots.size();
            slots.add(null);
        }
        // A slot that is used again has another number.
        int id = (uses++ * UdpListener.MAX_SLOTS) | slot;
        UdpListener listener = new UdpListener(udp, socket, slot, id);
        slots.set(slot, listener);
        listener.ignoreDrops();
        return listener;
    }

    /** Null when it has been closed. */
    UdpListener at(int slot) {
        return slots.get(slot);
    }

    /** Null when it has been closed. */
    UdpListener byId(int id) {
        UdpListener listener = slots.get(id & (UdpListener.MAX_SLOTS - 1));
        return listener == null || listener.id() != id ? null : listener;
    }

    /** 0 or {@code -errno}. */
    int resume() {
        listening = true;
        for (int slot = 0; slot < slots.size(); slot++) {
            UdpListener listener = slots.get(slot);
            int result = listener == null ? 0 : listener.resume();
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    /** Of all that were read since the last time. */
    void countDrops() {
        for (int slot = 0; slot < slots.size(); slot++) {
            UdpListener listener = slots.get(slot);
            if (listener != null) {
                listener.countDrops();
            }
        }
    }

    /** Datagrams wait in the kernel from now on. */
    void pause() {
        listening = false;
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) != null) {
                slots.get(slot).pause();
            }
        }
    }

    /** New sockets are closed again when this worker takes nobody any more. */
    void change(ListenerChange change) {
        for (Listening socket : change.opened()) {
            if (closed || udp.isStopping()) {
                udp.syscalls().close(socket.fd());
                continue;
            }
            UdpListener listener = add(socket);
            int result = listening ? listener.resume() : 0;
            if (result < 0) {
                throw new IllegalStateException("listener " + socket.spec() + ": " + -result);
            }
        }
        for (Listening socket : change.updated()) {
            UdpListener listener = of(socket.fd());
            if (listener != null) {
                listener.update(socket.spec());
            }
        }
        for (Listening socket : change.closed()) {
            UdpListener listener = of(socket.fd());
            if (listener != null) {
                close(listener);
            }
        }
    }

    /** Null when it is none of these. */
    UdpListener of(int fd) {
        for (int slot = 0; slot < slots.size(); slot++) {
            UdpListener listener = slots.get(slot);
            if (listener != null && listener.fd() == fd) {
                return listener;
            }
        }
        return null;
    }

    private void close(UdpListener listener) {
        udp.sessions().endAll(listener, EndReason.LISTENER_CLOSED);
        slots.set(listener.slot(), null);
        listener.close();
    }

    /** For good. */
    void close() {
        for (int slot = 0; slot < slots.size(); slot++) {
            if (slots.get(slot) != null) {
                close(slots.get(slot));
            }
        }
        closed = true;
    }
}
