package io.penstock.forwarder.listen;

import static io.penstock.linux.FcntlConstants.FD_CLOEXEC;
import static io.penstock.linux.FcntlConstants.F_GETFL;
import static io.penstock.linux.FcntlConstants.F_SETFD;
import static io.penstock.linux.FcntlConstants.F_SETFL;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;
import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static io.penstock.linux.SocketConstants.AF_UNIX;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPPROTO_UDP;
import static io.penstock.linux.SocketConstants.IPV6_V6ONLY;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_ACCEPTCONN;
import static io.penstock.linux.SocketConstants.SO_DOMAIN;
import static io.penstock.linux.SocketConstants.SO_PROTOCOL;
import static io.penstock.linux.SocketConstants.SO_TYPE;

import io.penstock.forwarder.table.ListenerSpec.Address;
import io.penstock.forwarder.table.Transport;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.Endpoint;
import java.util.Optional;

/** Finds out what a descriptor is that somebody else opened, and makes it one of this process's own. NOT thread safe. */
final class SocketInspector {
    private final Syscalls syscalls;
    private final Sockets sockets;

    SocketInspector(Syscalls syscalls) {
        this.syscalls = syscalls;
        sockets = new Sockets(syscalls);
    }

    /**
     * Where clients reach it; empty when it is neither a listening socket of TCP, nor one of a UNIX stream with a name, nor
     * a bound one of UDP. Non-blocking and close-on-exec from then on.
     */
    Optional<Address> adopt(int fd) {
        int domain = sockets.option(fd, SOL_SOCKET, SO_DOMAIN);
        if (domain == AF_UNIX) {
            return isListening(fd)
                    ? new UnixSockets(syscalls)
                            .name(fd)
                            .filter(name -> keep(fd))
                            .map(Address::of)
                    : Optional.empty();
        }
        boolean udp = sockets.option(fd, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_UDP;
        boolean usable = (domain == AF_INET || domain == AF_INET6) && (udp || isListening(fd));
        SocketAddress local = usable ? sockets.local(fd) : null;
        // UDP has no listen(2): one without a port gets nothing.
        if (local == null || local.port() == 0 || !keep(fd)) {
            return Optional.empty();
        }
        Endpoint endpoint = local.endpoint();
        boolean dualStack =
                domain == AF_INET6 && endpoint.address().isAny() && sockets.option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 0;
        Transport transport = udp ? Transport.UDP : Transport.TCP;
        return Optional.of(new Address(transport, endpoint, dualStack, sockets.bindOptions(fd, domain == AF_INET)));
    }

    private boolean isListening(int fd) {
        return sockets.option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM
                && sockets.option(fd, SOL_SOCKET, SO_ACCEPTCONN) > 0;
    }

    private boolean keep(int fd) {
        int flags = syscalls.fcntl(fd, F_GETFL, 0);
        return flags >= 0
                && syscalls.fcntl(fd, F_SETFL, flags | O_NONBLOCK) >= 0
                && syscalls.fcntl(fd, F_SETFD, FD_CLOEXEC) >= 0;
    }
}
