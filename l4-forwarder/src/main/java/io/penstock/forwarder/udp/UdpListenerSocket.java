package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Syscalls;

/** The options of a UDP socket that clients send to. Results are {@code >= 0} or {@code -errno}. */
public final class UdpListenerSocket {
    private UdpListenerSocket() {}

    /** One more socket in the group of its address; what the kernel queues from now on waits to be read. */
    public static int bind(Syscalls syscalls, DatagramSockets sockets, ListenerSpec spec) {
        int fd = sockets.bind(spec.endpoint(), spec.dualStack(), spec.bind());
        if (fd < 0) {
            return fd;
        }
        int result = configure(sockets, fd, spec);
        if (result < 0) {
            syscalls.close(fd);
            return result;
        }
        return fd;
    }

    /** The options of a socket that is bound already, whatever they were before. */
    public static int configure(DatagramSockets sockets, int fd, ListenerSpec spec) {
        UdpOptions options = spec.udp();
        boolean ipv4 = spec.endpoint().address().isIpv4();
        int result = sockets.prepareListener(fd, ipv4, hasAnyAddress(spec));
        result = result < 0 ? result : sockets.fragmentation(fd, ipv4, mode(options.fragmentation()));
        return result < 0 ? result : sockets.buffers(fd, options.receiveBufferBytes(), options.sendBufferBytes());
    }

    /** Whether datagrams come to other addresses than the one that it is bound to. */
    public static boolean hasAnyAddress(ListenerSpec spec) {
        return spec.bind().transparent() || spec.endpoint().address().isAny();
    }

    static int mode(Fragmentation fragmentation) {
        return switch (fragmentation) {
            case AUTO -> DatagramSockets.DONT_FRAGMENT_AUTO;
            case NEVER -> DatagramSockets.DONT_FRAGMENT_ALWAYS;
            case ALLOWED -> DatagramSockets.DONT_FRAGMENT_NEVER;
        };
    }
}
