package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_MTU_DISCOVER;
import static io.penstock.linux.SocketConstants.IPV6_RECVPKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_RECVTCLASS;
import static io.penstock.linux.SocketConstants.IPV6_V6ONLY;
import static io.penstock.linux.SocketConstants.IP_BIND_ADDRESS_NO_PORT;
import static io.penstock.linux.SocketConstants.IP_MTU_DISCOVER;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_PMTUDISC_DONT;
import static io.penstock.linux.SocketConstants.IP_PMTUDISC_PROBE;
import static io.penstock.linux.SocketConstants.IP_PMTUDISC_WANT;
import static io.penstock.linux.SocketConstants.IP_RECVTOS;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_DGRAM;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SOL_UDP;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.SO_RCVBUFFORCE;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static io.penstock.linux.SocketConstants.SO_SNDBUF;
import static io.penstock.linux.SocketConstants.SO_SNDBUFFORCE;
import static io.penstock.linux.SocketConstants.SO_TYPE;
import static io.penstock.linux.SocketConstants.UDP_GRO;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;

/**
 * UDP sockets as the data plane wants them, over one {@link Syscalls}. All are non-blocking and close-on-exec. Results are
 * {@code >= 0} or {@code -errno}. NOT thread safe: one per thread.
 */
public final class DatagramSockets {
    /** Of {@link #fragmentation}: DF where the path's MTU allows, larger ones go in fragments; the kernel's default. */
    public static final int DONT_FRAGMENT_AUTO = IP_PMTUDISC_WANT;

    /** DF always; the interface's MTU is the limit (EMSGSIZE), what routers have reported is not looked at. */
    public static final int DONT_FRAGMENT_ALWAYS = IP_PMTUDISC_PROBE;

    /** No DF: routers may make fragments. */
    public static final int DONT_FRAGMENT_NEVER = IP_PMTUDISC_DONT;

    private static final int DATAGRAM = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

    private final Syscalls syscalls;
    private final SocketOptions options;
    private final SocketAddress socketAddress = new SocketAddress();

    public DatagramSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
        options = new SocketOptions(syscalls);
    }

    /**
     * A socket in the SO_REUSEPORT group of its endpoint; datagrams come from now on. Without SO_REUSEADDR, which would
     * let any process take a UDP port over, not only one of the same user.
     *
     * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
     */
    public int bind(Endpoint endpoint, boolean dualStack, BindOptions options) {
        return bound(endpoint, dualStack, options, true);
    }

    /** 0 when nobody is bound to the endpoint, EADDRINUSE else. Asked before the first {@link #bind}. */
    public int probeFree(Endpoint endpoint, boolean dualStack, BindOptions options) {
        int fd = bound(endpoint, dualStack, options, false);
        return fd < 0 ? fd : syscalls.close(fd);
    }

    private int bound(Endpoint endpoint, boolean dualStack, BindOptions bindOptions, boolean shared) {
        boolean ipv4 = endpoint.address().isIpv4();
        int fd = open(ipv4);
        if (fd < 0) {
            return fd;
        }
        int result = shared ? options.set(fd, SOL_SOCKET, SO_REUSEPORT, 1) : 0;
        if (result >= 0 && !ipv4) {
            result = options.set(fd, IPPROTO_IPV6, IPV6_V6ONLY, dualStack ? 0 : 1);
        }
        result = result < 0 ? result : options.apply(fd, ipv4, bindOptions);
        socketAddress.set(endpoint.address(), endpoint.port());
        result = result < 0 ? result : syscalls.bind(fd, socketAddress.address(), socketAddress.length());
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * Has the kernel put datagrams of one sender together (UDP_GRO), and say with each its traffic class and, where it is
     * needed, its destination. What came before that is without.
     *
     * @param ipv4 whether the socket is of AF_INET; one of AF_INET6 gets both families' options, being dual-stack maybe
     * @param anyAddress whether it has no address of its own: a wildcard, or a transparent one
     */
    public int prepareListener(int fd, boolean ipv4, boolean anyAddress) {
        int result = groupReceived(fd);
        result = result < 0 ? result : options.set(fd, IPPROTO_IP, IP_RECVTOS, 1);
        if (result >= 0 && anyAddress) {
            result = options.set(fd, IPPROTO_IP, IP_PKTINFO, 1);
        }
        if (result >= 0 && !ipv4) {
            result = options.set(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
        }
        if (result >= 0 && !ipv4 && anyAddress) {
            result = options.set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        }
        return result;
    }

    /** UDP_GRO, which is there since Linux 5.0; 0 where it is not. */
    public int groupReceived(int fd) {
        int result = options.set(fd, SOL_UDP, UDP_GRO, 1);
        return result == -Errno.ENOPROTOOPT ? 0 : result;
    }

    /**
     * Room for what waits to be read, and to be sent; the kernel doubles it for its own needs. With CAP_NET_ADMIN there is
     * no limit, else net.core.rmem_max and wmem_max cut it without a word.
     *
     * @param receiveBytes 0 leaves what the kernel gives, as {@code sendBytes} does
     */
    public int buffers(int fd, int receiveBytes, int sendBytes) {
        int result = buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, receiveBytes);
        return result < 0 ? result : buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, sendBytes);
    }

    private int buffer(int fd, int force, int ask, int bytes) {
        if (bytes == 0) {
            return 0;
        }
        int result = options.set(fd, SOL_SOCKET, force, bytes);
        return result == -Errno.EPERM ? options.set(fd, SOL_SOCKET, ask, bytes) : result;
    }

    /**
     * What becomes of datagrams larger than the path's MTU (ip(7), IP_MTU_DISCOVER).
     *
     * @param ipv4 whether the socket is of AF_INET
     * @param mode {@link #DONT_FRAGMENT_AUTO}, {@link #DONT_FRAGMENT_ALWAYS} or {@link #DONT_FRAGMENT_NEVER}
     */
    public int fragmentation(int fd, boolean ipv4, int mode) {
        int result = options.set(fd, IPPROTO_IP, IP_MTU_DISCOVER, mode);
        return result < 0 || ipv4 ? result : options.set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, mode);
    }

    /** A socket to be given its options and its address, and then to {@link #connect}. */
    public int open(boolean ipv4) {
        return syscalls.socket(ipv4 ? AF_INET : AF_INET6, DATAGRAM, 0);
    }

    /** Has the kernel choose a port when there is none yet; EAGAIN when it has none left (inet_autobind). */
    public int connect(int fd, IpAddress address, int port) {
        socketAddress.set(address, port);
        return syscalls.connect(fd, socketAddress.address(), socketAddress.length());
    }

    /** {@link #open}, {@link #connect} and {@link #groupReceived}: what a session without wishes of its own needs. */
    public int openConnected(IpAddress address, int port) {
        int fd = open(address.isIpv4());
        if (fd < 0) {
            return fd;
        }
        int result = connect(fd, address, port);
        result = result < 0 ? result : groupReceived(fd);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * Gives a socket its own address before it connects. EADDRNOTAVAIL: not this host's.
     *
     * @param high and low: the halves of an IpAddress
     * @param port 0 has {@link #connect} choose one; it is this socket's alone all the same, because UDP's ports are
     *     chosen without a look at where the socket connects to
     */
    public int bindSource(int fd, long high, long low, int port) {
        int result = port == 0 ? options.set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1) : 0;
        socketAddress.set(high, low, port);
        return result < 0 ? result : syscalls.bind(fd, socketAddress.address(), socketAddress.length());
    }

    /** As {@link Sockets#bindToDevice}. */
    public int bindToDevice(int fd, String device) {
        return options.bindToDevice(fd, device);
    }

    /** As {@link Sockets#transparent}. */
    public int transparent(int fd, boolean ipv4) {
        return options.transparent(fd, ipv4);
    }

    /** What a socket was bound with. */
    public BindOptions bindOptions(int fd, boolean ipv4) {
        return options.bindOptions(fd, ipv4);
    }

    /** Whether a descriptor that somebody else opened is a datagram socket; false when it is no socket at all. */
    public boolean isDatagram(int fd) {
        return options.get(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM;
    }

    /** The local address of a socket, until the next call of any method here; null when the kernel refuses. */
    public SocketAddress local(int fd) {
        socketAddress.prepare();
        int result = syscalls.getsockname(fd, socketAddress.address(), socketAddress.lengthAddress());
        return result < 0 ? null : socketAddress;
    }

    /**
     * How many datagrams the kernel has dropped at this socket since it was opened, by whichever process: mostly at a full
     * receive buffer, else for a wrong checksum. From 0 to 2^32 - 1, and then from 0 again; or {@code -errno} (SO_MEMINFO is
     * there since Linux 4.12).
     */
    public long receiveDrops(int fd) {
        return options.receiveDrops(fd);
    }

    /** What failed on a socket, an ICMP message that came for one: 0, or {@code -errno}; reading clears it. */
    public int takeError(int fd) {
        return options.takeError(fd);
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
