package io.penstock.forwarder.listen;

import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.table.ListenerSpec;

/**
 * One descriptor of a listening socket, and the worker that has it.
 *
 * @param duplicate of a descriptor that another worker has: the socket is the same
 * @param shared whether there are others of the same socket
 */
record ListeningSocket(int worker, int fd, boolean duplicate, boolean shared) {
    Listening as(ListenerSpec spec) {
        return new Listening(fd, spec, shared);
    }
}
