package io.penstock.forwarder.control;

import io.penstock.forwarder.table.ListenerSpec;
import java.util.List;

/** The sockets that clients connect to, over all workers. The control thread's. */
public interface Listeners {
    /** Of workers that listen nowhere. */
    Listeners NONE = wanted -> new Change() {
        @Override
        public void commit() {}

        @Override
        public void abandon() {}
    };

    /**
     * Opens what is new and takes note of what is gone; nobody is accepted anew and nothing is closed yet.
     *
     * @param wanted all that shall listen from now on
     * @throws ListenException when one cannot be opened; nothing has changed then
     */
    Change prepare(List<ListenerSpec> wanted) throws ListenException;

    /** What {@link #prepare} made ready; one of the two methods follows. */
    interface Change {
        /** New ones accept, those that stay take their new settings, others take what the kernel has queued and close. */
        void commit();

        /** Closes what was opened. */
        void abandon();
    }

    /** An address cannot be listened on; the message says which and why. */
    final class ListenException extends Exception {
        private static final long serialVersionUID = 1;

        public ListenException(String message) {
            super(message);
        }
    }
}
