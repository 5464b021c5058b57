package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.IPV6_V6ONLY;
import static io.penstock.linux.SocketConstants.IP_BIND_ADDRESS_NO_PORT;
import static io.penstock.linux.SocketConstants.SIOCINQ;
import static io.penstock.linux.SocketConstants.SIOCOUTQ;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_KEEPALIVE;
import static io.penstock.linux.SocketConstants.SO_LINGER;
import static io.penstock.linux.SocketConstants.SO_REUSEADDR;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static io.penstock.linux.SocketConstants.TCP_DEFER_ACCEPT;
import static io.penstock.linux.SocketConstants.TCP_FASTOPEN;
import static io.penstock.linux.SocketConstants.TCP_FASTOPEN_CONNECT;
import static io.penstock.linux.SocketConstants.TCP_INFO;
import static io.penstock.linux.SocketConstants.TCP_KEEPCNT;
import static io.penstock.linux.SocketConstants.TCP_KEEPIDLE;
import static io.penstock.linux.SocketConstants.TCP_KEEPINTVL;
import static io.penstock.linux.SocketConstants.TCP_NODELAY;
import static io.penstock.linux.SocketConstants.TCP_QUICKACK;
import static io.penstock.linux.SocketConstants.TCP_USER_TIMEOUT;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * TCP sockets as the data plane wants them, over one {@link Syscalls} and a few bytes of scratch memory. All sockets
 * are non-blocking and close-on-exec. Results are {@code >= 0} or {@code -errno}. NOT thread safe: one per thread.
 */
public final class Sockets {
    private static final int STREAM = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

    private final Syscalls syscalls;
    private final SocketOptions options;
    private final SocketAddress socketAddress = new SocketAddress();
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, Long.BYTES));

    public Sockets(Syscalls syscalls) {
        this.syscalls = syscalls;
        options = new SocketOptions(syscalls);
    }

    /**
     * A socket in the SO_REUSEPORT group of its endpoint, to be given its options and then to {@link #listen}. It has
     * TCP_NODELAY already: accepted sockets inherit that and all other options, which saves calls a connection.
     *
     * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
     */
    public int bind(Endpoint endpoint, boolean dualStack) {
        return bind(endpoint, dualStack, BindOptions.NONE);
    }

    /** As {@link #bind(Endpoint, boolean)}, with options that have to be set before. */
    public int bind(Endpoint endpoint, boolean dualStack, BindOptions options) {
        int fd = bound(endpoint, dualStack, options, true);
        if (fd < 0) {
            return fd;
        }
        int result = noDelay(fd);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * Takes connections from now on; they wait in the kernel's queue until {@link #accept}.
     *
     * @param backlog how many may wait; the kernel lowers it to net.core.somaxconn
     */
    public int listen(int fd, int backlog) {
        return syscalls.listen(fd, backlog);
    }

    /**
     * Hands out a client only once it has sent something or this time is over. The kernel keeps it as a number of
     * retransmissions of the SYN-ACK, so it becomes 1, 3, 7, 15, 31 or 63 s, whichever is next above.
     *
     * @param seconds 0 to hand it out at once
     */
    public int deferAccept(int fd, int seconds) {
        return setOption(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, seconds);
    }

    /**
     * Takes data that comes with the SYN of a client that has been here before (RFC 7413), where net.ipv4.tcp_fastopen has
     * bit 2. A SYN that the network delivers twice may bring its data twice.
     *
     * @param queue how many such clients may be in their handshake, at least 1
     */
    public int fastOpen(int fd, int queue) {
        return setOption(fd, IPPROTO_TCP, TCP_FASTOPEN, queue);
    }

    /**
     * 0 when nobody listens on the endpoint. Asked before the first {@link #bind}, because SO_REUSEPORT would let a
     * second process of the same user take half of a running one's connections in silence.
     */
    public int probeFree(Endpoint endpoint, boolean dualStack) {
        return probeFree(endpoint, dualStack, BindOptions.NONE);
    }

    /** As {@link #probeFree(Endpoint, boolean)}, with options that have to be set before a bind. */
    public int probeFree(Endpoint endpoint, boolean dualStack, BindOptions options) {
        int fd = bound(endpoint, dualStack, options, false);
        return fd < 0 ? fd : syscalls.close(fd);
    }

    private int bound(Endpoint endpoint, boolean dualStack, BindOptions bindOptions, boolean shared) {
        boolean ipv4 = endpoint.address().isIpv4();
        int fd = syscalls.socket(ipv4 ? AF_INET : AF_INET6, STREAM, 0);
        if (fd < 0) {
            return fd;
        }
        int result = setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (result >= 0 && shared) {
            result = setOption(fd, SOL_SOCKET, SO_REUSEPORT, 1);
        }
        if (result >= 0 && !ipv4) {
            result = setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, dualStack ? 0 : 1);
        }
        result = result < 0 ? result : options.apply(fd, ipv4, bindOptions);
        socketAddress.set(endpoint.address(), endpoint.port());
        result = result < 0 ? result : syscalls.bind(fd, socketAddress.address(), socketAddress.length());
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * Sends and receives through this interface only; fails with ENODEV when there is none of the name.
     *
     * @param device ASCII, at most {@link BindOptions#MAX_DEVICE_CHARS}
     */
    public int bindToDevice(int fd, String device) {
        return options.bindToDevice(fd, device);
    }

    /** What a socket was bound with. */
    public BindOptions bindOptions(int fd, boolean ipv4) {
        return options.bindOptions(fd, ipv4);
    }

    /** Lets the socket have an address that is not this host's; fails with EPERM without CAP_NET_ADMIN or CAP_NET_RAW. */
    public int transparent(int fd, boolean ipv4) {
        return options.transparent(fd, ipv4);
    }

    /**
     * A socket whose connect is under way or already done; the caller waits for EPOLLOUT either way. Fails with the
     * errno of socket(2) or connect(2).
     *
     * @param dataFollows whether the first bytes are sent as soon as the socket is connected: then the acknowledgement
     *     that ends the handshake travels with them, one packet less, and the caller calls {@link #quickAck} after the
     *     first write and {@link #noDelay} before the second; the first is not delayed without it. Else the socket has
     *     TCP_NODELAY.
     */
    public int connect(IpAddress address, int port, boolean dataFollows) {
        int fd = stream(address.isIpv4(), dataFollows);
        if (fd < 0) {
            return fd;
        }
        int result = connect(fd, address, port);
        return result < 0 && result != -Errno.EINPROGRESS ? abandon(fd, result) : fd;
    }

    /** A socket to be given its options and its address, and then to {@link #connect(int, IpAddress, int)}. */
    public int stream(boolean ipv4, boolean dataFollows) {
        int fd = syscalls.socket(ipv4 ? AF_INET : AF_INET6, STREAM, 0);
        if (fd >= 0 && dataFollows) {
            setOption(fd, IPPROTO_TCP, TCP_QUICKACK, 0);
        } else if (fd >= 0) {
            noDelay(fd);
        }
        return fd;
    }

    /**
     * 0 when the connect is done, or waits for the first write ({@link #fastOpenConnect}); else {@code -errno}, as a rule
     * EINPROGRESS. EADDRNOTAVAIL says that the socket's address has no port left towards this one.
     */
    public int connect(int fd, IpAddress address, int port) {
        socketAddress.set(address, port);
        return syscalls.connect(fd, socketAddress.address(), socketAddress.length());
    }

    /**
     * Gives a socket its own address before it connects; its port is chosen by the connect, and has to be free only
     * towards the address that is connected to (IP_BIND_ADDRESS_NO_PORT, ip(7)). EADDRNOTAVAIL: not this host's.
     *
     * @param high and low: the halves of an IpAddress
     */
    public int bindSource(int fd, long high, long low) {
        int result = setOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        socketAddress.set(high, low, 0);
        return result < 0 ? result : syscalls.bind(fd, socketAddress.address(), socketAddress.length());
    }

    /** Lets the first write go with the SYN where the other side has given a cookie for that; else nothing changes. */
    public int fastOpenConnect(int fd) {
        return setOption(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
    }

    /**
     * Acknowledges what arrives at once again, as a new connection does: a peer with Nagle's algorithm that answers in two
     * writes would wait 40 ms for the acknowledgement of the first.
     */
    public int quickAck(int fd) {
        return setOption(fd, IPPROTO_TCP, TCP_QUICKACK, 1);
    }

    /** Lets a write go at once while an earlier one is not acknowledged. */
    public int noDelay(int fd) {
        return setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }

    /**
     * Probes a peer that is silent: one that vanished is found after the idle time and all probes. See tcp(7).
     *
     * @param idleS from 1 to 32767, as the interval
     * @param probes from 1 to 127
     */
    public int keepAlive(int fd, int idleS, int intervalS, int probes) {
        int result = setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, idleS);
        result = result < 0 ? result : setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, intervalS);
        result = result < 0 ? result : setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
        return result < 0 ? result : setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    }

    /**
     * Ends a connection whose peer has not acknowledged what it was sent, or not opened its window, for this long.
     *
     * @param milliseconds at least 1
     */
    public int userTimeout(int fd, int milliseconds) {
        return setOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, milliseconds);
    }

    /**
     * Whether a connect ended at its own socket: on one host, the kernel may give it as its own port the very port that it
     * asks for when nobody listens there, and the two SYNs meet (RFC 9293 section 3.5).
     *
     * @param port the one that was connected to
     */
    public boolean isSelfConnected(int fd, IpAddress address, int port) {
        SocketAddress own = local(fd);
        return own != null && own.port() == port && own.high() == address.high() && own.low() == address.low();
    }

    /** The next connection of a listening socket; its client is then at {@link #peer()}. */
    public int accept(int listenerFd) {
        socketAddress.prepare();
        return syscalls.accept4(
                listenerFd, socketAddress.address(), socketAddress.lengthAddress(), SOCK_NONBLOCK | SOCK_CLOEXEC);
    }

    /** The address of the last {@link #accept}, until the next call of any method here. */
    public SocketAddress peer() {
        return socketAddress;
    }

    /** The local address of a socket, until the next call of any method here; null when the kernel refuses. */
    public SocketAddress local(int fd) {
        socketAddress.prepare();
        int result = syscalls.getsockname(fd, socketAddress.address(), socketAddress.lengthAddress());
        return result < 0 ? null : socketAddress;
    }

    /** What failed on a socket, a connect for one: 0, or {@code -errno}; reading clears it. */
    public int takeError(int fd) {
        return options.takeError(fd);
    }

    /** Bytes the peer has not acknowledged yet. */
    public int unacknowledged(int fd) {
        int result = syscalls.ioctl(fd, SIOCOUTQ, scratch.addressOffset());
        return result < 0 ? result : scratch.getInt(0, ByteOrder.nativeOrder());
    }

    /** Bytes that have arrived and are not read yet. */
    public int unread(int fd) {
        int result = syscalls.ioctl(fd, SIOCINQ, scratch.addressOffset());
        return result < 0 ? result : scratch.getInt(0, ByteOrder.nativeOrder());
    }

    /** Asks the kernel all it knows of a TCP socket, for less than a microsecond. 0 or {@code -errno}. */
    public int info(int fd, TcpInfo info) {
        info.prepare();
        return syscalls.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info.address(), info.lengthAddress());
    }

    /** Closes so that the peer sees a reset, and whatever it has not been sent yet is dropped. */
    public int reset(int fd) {
        // struct linger { int l_onoff = 1; int l_linger = 0; }
        scratch.putInt(0, 1, ByteOrder.nativeOrder());
        scratch.putInt(Integer.BYTES, 0, ByteOrder.nativeOrder());
        syscalls.setsockopt(fd, SOL_SOCKET, SO_LINGER, scratch.addressOffset(), 2 * Integer.BYTES);
        return syscalls.close(fd);
    }

    /** Sets an option whose value is an int. */
    public int setOption(int fd, int level, int name, int value) {
        return options.set(fd, level, name, value);
    }

    /** The value of an option that is an int, 0 or more; or {@code -errno}. */
    public int option(int fd, int level, int name) {
        return options.get(fd, level, name);
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
