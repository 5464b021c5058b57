package io.penstock.forwarder.table;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.UnixAddress;

/**
 * Where every worker listens: a TCP or UDP socket of its own, or a UNIX socket that all share.
 *
 * @param serviceIndex of the service in the forwarding table
 * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
 * @param bind without which it would be another socket
 * @param tcp of the accepted sockets, which inherit it; null for UDP
 * @param udp null for TCP
 */
public record ListenerSpec(
        int serviceIndex, Endpoint endpoint, boolean dualStack, BindOptions bind, TcpOptions tcp, UdpOptions udp) {
    /** For TCP. */
    public ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack, BindOptions bind, TcpOptions tcp) {
        this(serviceIndex, endpoint, dualStack, bind, tcp, null);
    }

    /** For UDP. */
    public ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack, BindOptions bind, UdpOptions udp) {
        this(serviceIndex, endpoint, dualStack, bind, null, udp);
    }

    /** At an address of this host, through whichever interface, with the kernel's own options. */
    public ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack) {
        this(serviceIndex, endpoint, dualStack, BindOptions.NONE, TcpOptions.KERNEL_DEFAULTS);
    }

    /** What makes it one socket: all that cannot change while it listens. */
    public record Address(Transport transport, Endpoint endpoint, boolean dualStack, BindOptions bind) {
        /** A UNIX socket, of which there is one for all workers. */
        public static Address of(UnixAddress unix) {
            return new Address(Transport.TCP, Endpoint.of(unix), false, BindOptions.NONE);
        }

        @Override
        public String toString() {
            String place = dualStack ? "*:" + endpoint.port() : endpoint.toString();
            String address = transport == Transport.UDP ? place + "/udp" : place;
            return bind.device().equals(BindOptions.ANY_DEVICE) ? address : address + " at " + bind.device();
        }
    }

    public Transport transport() {
        return udp == null ? Transport.TCP : Transport.UDP;
    }

    /** Whether it is a UNIX socket, which has none of TCP's options. */
    public boolean isUnix() {
        return endpoint.isUnix();
    }

    public Address address() {
        return new Address(transport(), endpoint, dualStack, bind.bound());
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
