package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.IPV6_V6ONLY;
import static io.penstock.linux.SocketConstants.SIOCOUTQ;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_ERROR;
import static io.penstock.linux.SocketConstants.SO_KEEPALIVE;
import static io.penstock.linux.SocketConstants.SO_LINGER;
import static io.penstock.linux.SocketConstants.SO_REUSEADDR;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;
import static io.penstock.linux.SocketConstants.TCP_KEEPCNT;
import static io.penstock.linux.SocketConstants.TCP_KEEPIDLE;
import static io.penstock.linux.SocketConstants.TCP_KEEPINTVL;
import static io.penstock.linux.SocketConstants.TCP_NODELAY;

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
    private static final int LENGTH_OFFSET = 8;

    private static final int KEEPALIVE_IDLE_S = 120;
    private static final int KEEPALIVE_INTERVAL_S = 30;
    private static final int KEEPALIVE_PROBES = 4;

    private final Syscalls syscalls;
    private final SocketAddress socketAddress = new SocketAddress();
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, Long.BYTES));

    public Sockets(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * A listening socket in the SO_REUSEPORT group of its endpoint. TCP_NODELAY and SO_KEEPALIVE are set here because
     * accepted sockets inherit them, which saves two calls a connection.
     *
     * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
     */
    public int listen(Endpoint endpoint, boolean dualStack, int backlog) {
        int fd = bound(endpoint, dualStack, true);
        if (fd < 0) {
            return fd;
        }
        int result = setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        result = result < 0 ? result : keepAlive(fd);
        result = result < 0 ? result : syscalls.listen(fd, backlog);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * 0 when nobody listens on the endpoint. Asked before the first {@link #listen}, because SO_REUSEPORT would let a
     * second process of the same user take half of a running one's connections in silence.
     */
    public int probeFree(Endpoint endpoint, boolean dualStack) {
        int fd = bound(endpoint, dualStack, false);
        return fd < 0 ? fd : syscalls.close(fd);
    }

    private int bound(Endpoint endpoint, boolean dualStack, boolean shared) {
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
        socketAddress.set(endpoint.address(), endpoint.port());
        result = result < 0 ? result : syscalls.bind(fd, socketAddress.address(), socketAddress.length());
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * A socket whose connect is under way or already done; the caller waits for EPOLLOUT either way. Fails with the
     * errno of socket(2) or connect(2).
     */
    public int connect(IpAddress address, int port) {
        int fd = syscalls.socket(address.isIpv4() ? AF_INET : AF_INET6, STREAM, 0);
        if (fd < 0) {
            return fd;
        }
        setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        socketAddress.set(address, port);
        int result = syscalls.connect(fd, socketAddress.address(), socketAddress.length());
        return result < 0 && result != -Errno.EINPROGRESS ? abandon(fd, result) : fd;
    }

    /**
     * Probes a peer that is silent, so that one that vanished is found within four minutes; Linux alone would begin after
     * two hours, later than any idle timeout in use. See tcp(7).
     */
    public int keepAlive(int fd) {
        int result = setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
        result = result < 0 ? result : setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
        result = result < 0 ? result : setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
        return result < 0 ? result : setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    }

    /**
     * Whether a connect ended at its own socket: on one host, the kernel may give it as its own port the very port that it
     * asks for when nobody listens there, and the two SYNs meet (RFC 9293 section 3.5).
     *
     * @param port the one that was connected to, on this host
     */
    public boolean isSelfConnected(int fd, int port) {
        SocketAddress own = local(fd);
        return own != null && own.port() == port;
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

    /** What became of a connect: 0, or {@code -errno}; reading clears it. */
    public int takeError(int fd) {
        scratch.putInt(LENGTH_OFFSET, Integer.BYTES, ByteOrder.nativeOrder());
        int result = syscalls.getsockopt(
                fd, SOL_SOCKET, SO_ERROR, scratch.addressOffset(), scratch.addressOffset() + LENGTH_OFFSET);
        return result < 0 ? result : -scratch.getInt(0, ByteOrder.nativeOrder());
    }

    /** Bytes the peer has not acknowledged yet. */
    public int unacknowledged(int fd) {
        int result = syscalls.ioctl(fd, SIOCOUTQ, scratch.addressOffset());
        return result < 0 ? result : scratch.getInt(0, ByteOrder.nativeOrder());
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
        scratch.putInt(0, value, ByteOrder.nativeOrder());
        return syscalls.setsockopt(fd, level, name, scratch.addressOffset(), Integer.BYTES);
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
