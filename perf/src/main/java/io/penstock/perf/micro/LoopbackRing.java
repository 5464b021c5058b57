package io.penstock.perf.micro;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.FcntlConstants.F_SETPIPE_SZ;
import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.SPLICE_F_MOVE;
import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.SO_SNDBUF;

import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes that go round over one TCP connection on loopback: what the server side receives is sent again by the client
 * side. So an operation is what a relay does with them, and nobody else has to send or receive. The sockets block,
 * because the kernel may deliver a little later than it sends.
 */
final class LoopbackRing implements AutoCloseable {
    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(0x7f000001);

    /** Takes all that goes round, whoever reads; the kernel gives less when it has a lower limit. */
    private static final int SOCKET_BUFFER_BYTES = 1 << 20;

    private static final int PIPE_BYTES = 1 << 20;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final Epoll epoll = new Epoll(syscalls);
    private final UnsafeBuffer buffer;
    private final int bytes;
    private final int client;
    private final int server;
    private final int pipeReadEnd;
    private final int pipeWriteEnd;

    LoopbackRing(int bytes) {
        this.bytes = bytes;
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, Long.BYTES));
        int listener = done(sockets.bind(new Endpoint(LOOPBACK, 0), false));
        widen(listener);
        done(sockets.listen(listener, 1));
        client = done(syscalls.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        widen(client);
        done(sockets.noDelay(client));
        SocketAddress address = sockets.local(listener);
        done(syscalls.connect(client, address.address(), address.length()));
        server = done(syscalls.accept4(listener, 0, 0, SOCK_CLOEXEC));
        syscalls.close(listener);
        done(syscalls.pipe2(buffer.addressOffset(), O_CLOEXEC));
        pipeReadEnd = buffer.getInt(0, ByteOrder.nativeOrder());
        pipeWriteEnd = buffer.getInt(Integer.BYTES, ByteOrder.nativeOrder());
        done(syscalls.fcntl(pipeWriteEnd, F_SETPIPE_SZ, PIPE_BYTES));
        send();
        done(epoll.add(server, EPOLLIN, server));
        epoll.await(-1);
    }

    /** One copy relay: everything received, then sent. */
    void recvSend() {
        for (int received = 0; received < bytes; ) {
            received += moved(syscalls.recv(server, buffer.addressOffset() + received, (long) bytes - received, 0));
        }
        send();
    }

    private void send() {
        for (int sent = 0; sent < bytes; ) {
            sent += moved(syscalls.send(client, buffer.addressOffset() + sent, (long) bytes - sent, MSG_NOSIGNAL));
        }
    }

    /** One splice relay: from socket to pipe to socket, until everything has passed. */
    void splice() {
        for (int passed = 0; passed < bytes; ) {
            int held = moved(syscalls.splice(server, pipeWriteEnd, (long) bytes - passed, SPLICE_F_MOVE));
            passed += held;
            while (held > 0) {
                held -= moved(syscalls.splice(pipeReadEnd, client, held, SPLICE_F_MOVE));
            }
        }
    }

    /** One wait without waiting: the server side is ready as long as nobody receives. */
    long epollWait() {
        if (epoll.await(0) != 1) {
            throw new IllegalStateException("one descriptor is ready, epoll_wait has not seen it");
        }
        return epoll.token(0);
    }

    int setsockopt() {
        return done(sockets.noDelay(client));
    }

    private void widen(int fd) {
        done(sockets.setOption(fd, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER_BYTES));
        done(sockets.setOption(fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER_BYTES));
    }

    @Override
    public void close() {
        epoll.close();
        syscalls.close(client);
        syscalls.close(server);
        syscalls.close(pipeReadEnd);
        syscalls.close(pipeWriteEnd);
    }

    private static int done(int result) {
        if (result < 0) {
            throw new IllegalStateException(Errno.describe(-result));
        }
        return result;
    }

    private static int moved(long result) {
        if (result == 0) {
            throw new IllegalStateException("end of stream on a connection that nobody closed");
        }
        return done((int) result);
    }
}
