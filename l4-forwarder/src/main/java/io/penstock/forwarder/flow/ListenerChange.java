package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * What one worker is to do with its listening sockets: take those that are new, let others stand for something else, and
 * close some, in this order. A socket is known by its descriptor.
 *
 * @param opened the worker's own from now on
 * @param updated sockets that it has
 * @param closed sockets that it has, or that are opened here
 * @param parts changes that this one is made of
 */
public record ListenerChange(List<Listening> opened, List<Listening> updated, List<Listening> closed, int parts) {
    /**
     * A socket that listens.
     *
     * @param shared whether other workers accept from the same queue
     */
    public record Listening(int fd, ListenerSpec spec, boolean shared) {}

    public ListenerChange(List<Listening> opened, List<Listening> updated, List<Listening> closed) {
        this(List.copyOf(opened), List.copyOf(updated), List.copyOf(closed), 1);
    }

    /** The part that is for one protocol's sockets. */
    public ListenerChange of(Transport transport) {
        return new ListenerChange(of(transport, opened), of(transport, updated), of(transport, closed), parts);
    }

    private static List<Listening> of(Transport transport, List<Listening> sockets) {
        List<Listening> own = new ArrayList<>(sockets);
        own.removeIf(socket -> socket.spec().transport() != transport);
        return own;
    }

    /**
     * Both as one. A number that the first closes stands for no other socket in the second: it is not free before it is
     * closed.
     *
     * @param first null for none
     */
    public static ListenerChange join(ListenerChange first, ListenerChange second) {
        return first == null
                ? second
                : new ListenerChange(
                        joined(first.opened, second.opened),
                        joined(first.updated, second.updated),
                        joined(first.closed, second.closed),
                        first.parts + second.parts);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
