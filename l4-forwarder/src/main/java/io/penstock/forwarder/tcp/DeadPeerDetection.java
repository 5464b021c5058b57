package io.penstock.forwarder.tcp;

import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_KEEPALIVE;

import io.penstock.forwarder.table.TcpOptions;
import io.penstock.linux.Errno;
import io.penstock.linux.Sockets;

/** The kernel's two ways to find that a peer is gone without a word: probes while idle, a limit while data waits. */
final class DeadPeerDetection {
    private DeadPeerDetection() {}

    /** Sets what the service asks for; no call when it asks for nothing. 0 or {@code -errno}. */
    static int enable(Sockets sockets, int fd, TcpOptions options) {
        int result = 0;
        if (options.keepAliveIdleS() > 0) {
            result = sockets.keepAlive(
                    fd, options.keepAliveIdleS(), options.keepAliveIntervalS(), options.keepAliveProbes());
        }
        if (result >= 0 && options.userTimeoutMs() > 0) {
            result = sockets.userTimeout(fd, options.userTimeoutMs());
        }
        return result;
    }

    /** Sets what the service asks for, and undoes what it no longer does. 0 or {@code -errno}. */
    static int renew(Sockets sockets, int fd, TcpOptions options) {
        int result = options.keepAliveIdleS() > 0 ? 0 : sockets.setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
        if (result >= 0 && options.userTimeoutMs() == 0) {
            result = sockets.userTimeout(fd, 0);
        }
        return result < 0 ? result : enable(sockets, fd, options);
    }

    /**
     * Whether a connection's error says that its peer is out of reach, and not that it reset. When routers reported why,
     * the kernel gives their reason instead of the timeout's own.
     */
    static boolean isGone(int error) {
        return error == -Errno.ETIMEDOUT || error == -Errno.EHOSTUNREACH || error == -Errno.ENETUNREACH;
    }
}
