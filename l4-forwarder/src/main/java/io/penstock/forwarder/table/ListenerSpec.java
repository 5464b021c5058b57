package io.penstock.forwarder.table;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.UnixAddress;

/**
 * Where every worker listens: a TCP socket of its own, or a UNIX socket that all share.
 *
 * @param serviceIndex of the service in the forwarding table
 * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
 * @param bind without which it would be another socket
 * @param tcp of the accepted sockets, which inherit it
 */
public record ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack, BindOptions bind, TcpOptions tcp) {
    /** At an address of this host, through whichever interface, with the kernel's own options. */
    public ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack) {
        this(serviceIndex, endpoint, dualStack, BindOptions.NONE, TcpOptions.KERNEL_DEFAULTS);
    }

    /** What makes it one socket: all that cannot change while it listens. */
    public record Address(Endpoint endpoint, boolean dualStack, BindOptions bind) {
        /** A UNIX socket, of which there is one for all workers. */
        public static Address of(UnixAddress unix) {
            return new Address(Endpoint.of(unix), false, BindOptions.NONE);
        }

        @Override
        public String toString() {
            String address = dualStack ? "*:" + endpoint.port() : endpoint.toString();
            return bind.device().equals(BindOptions.ANY_DEVICE) ? address : address + " at " + bind.device();
        }
    }

    /** Whether it is a UNIX socket, which has none of TCP's options. */
    public boolean isUnix() {
        return endpoint.isUnix();
    }

    public Address address() {
        return new Address(endpoint, dualStack, bind);
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
