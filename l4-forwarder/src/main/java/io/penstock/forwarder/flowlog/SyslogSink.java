package io.penstock.forwarder.flowlog;

import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A datagram for each line, to a UNIX socket or by UDP; the lines begin with their {@link SyslogHeader}. Never blocks: a
 * receiver that takes no more is asked again a moment later. NOT thread safe.
 */
final class SyslogSink implements FlowSink {
    /** Of a message; no line is half as long, as names are bounded. RFC 5424 section 6.1 has every receiver take 480, and most 2048. */
    private static final int MAX_OCTETS = 8 << 10;

    private static final int NO_FD = -1;

    /** In which a receiver that keeps up has taken what waited for it. */
    private static final long FULL_NS = 5_000_000;

    private final Syscalls syscalls;
    private final Endpoint receiver;
    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_OCTETS, Long.BYTES));
    private int fd = NO_FD;

    SyslogSink(Syscalls syscalls, Endpoint receiver) {
        this.syscalls = syscalls;
        this.receiver = receiver;
    }

    @Override
    public long write(ByteBuffer lines) throws IOException {
        if (fd == NO_FD) {
            fd = check(connect());
        }
        while (lines.hasRemaining()) {
            int length = 0;
            while (lines.get(lines.position() + length) != '\n') {
                length++;
            }
            int sent = Math.min(length, MAX_OCTETS);
            message.putBytes(0, lines, lines.position(), sent);
            int result = (int) syscalls.send(fd, message.addressOffset(), sent, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                return FULL_NS;
            }
            if (result == -Errno.EMSGSIZE) {
                // It would be too long each time.
                lines.position(lines.position() + length + 1);
            }
            check(result);
            lines.position(lines.position() + length + 1);
        }
        return DONE;
    }

    private int connect() {
        return receiver.isUnix()
                ? new UnixSockets(syscalls).connectDatagrams(receiver.unix().orElseThrow())
                : new DatagramSockets(syscalls).openConnected(receiver.address(), receiver.port());
    }

    /** Without the socket, where the call failed: the receiver may have come back as another. */
    private int check(int result) throws IOException {
        if (result < 0) {
            close();
            throw new IOException(Errno.describe(-result));
        }
        return result;
    }

    @Override
    public void reopen() {
        close();
    }

    @Override
    public void close() {
        if (fd != NO_FD) {
            syscalls.close(fd);
            fd = NO_FD;
        }
    }
}
