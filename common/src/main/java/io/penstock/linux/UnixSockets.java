package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_UNIX;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_DGRAM;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_STREAM;

import io.penstock.net.UnixAddress;
import java.nio.ByteOrder;
import java.util.Optional;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * UNIX sockets over one {@link Syscalls} and a {@code struct sockaddr_un}, without allocating. All are close-on-exec; those
 * of streams are non-blocking. Results are {@code >= 0} or {@code -errno}. NOT thread safe: one per thread.
 */
public final class UnixSockets {
    private static final int STREAM = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    private static final int DATAGRAMS = SOCK_DGRAM | SOCK_CLOEXEC;
    private static final int PATH_OFFSET = 2;
    private static final int ADDRESS_SIZE = 110;
    private static final int LENGTH_OFFSET = 112;
    private static final int MEMORY_SIZE = 120;

    private final Syscalls syscalls;
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_SIZE, Long.BYTES));

    public UnixSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** A socket with this name; nobody can connect before it listens. EADDRINUSE where there is a file. */
    public int bind(UnixAddress name) {
        return bind(name, STREAM);
    }

    /** A socket with this name that datagrams come to, and that blocks. EADDRINUSE where there is a file. */
    public int bindDatagrams(UnixAddress name) {
        return bind(name, DATAGRAMS);
    }

    private int bind(UnixAddress name, int type) {
        int fd = syscalls.socket(AF_UNIX, type, 0);
        if (fd < 0) {
            return fd;
        }
        int length = put(name);
        int result = syscalls.bind(fd, scratch.addressOffset(), length);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * A socket that is connected: nothing is ever pending. ECONNREFUSED or ENOENT when nobody listens, EAGAIN when as many
     * wait to be accepted as may.
     */
    public int connect(UnixAddress name) {
        return connect(name, STREAM);
    }

    /** A socket whose datagrams go there, and that blocks while the peer's queue is full. ECONNREFUSED or ENOENT when there is none. */
    public int connectDatagrams(UnixAddress name) {
        return connect(name, DATAGRAMS);
    }

    private int connect(UnixAddress name, int type) {
        int fd = syscalls.socket(AF_UNIX, type, 0);
        if (fd < 0) {
            return fd;
        }
        int length = put(name);
        int result = syscalls.connect(fd, scratch.addressOffset(), length);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /** The name that a socket was bound to; empty when it has none, or one that {@link UnixAddress} does not take. */
    public Optional<UnixAddress> name(int fd) {
        scratch.putInt(LENGTH_OFFSET, ADDRESS_SIZE, ByteOrder.nativeOrder());
        int result = syscalls.getsockname(fd, scratch.addressOffset(), scratch.addressOffset() + LENGTH_OFFSET);
        int length = Math.min(scratch.getInt(LENGTH_OFFSET, ByteOrder.nativeOrder()), ADDRESS_SIZE) - PATH_OFFSET;
        if (result < 0 || length <= 0 || scratch.getShort(0, ByteOrder.nativeOrder()) != AF_UNIX) {
            return Optional.empty();
        }
        boolean isAbstract = scratch.getByte(PATH_OFFSET) == 0;
        StringBuilder name = new StringBuilder(isAbstract ? "@" : "");
        for (int i = isAbstract ? 1 : 0; i < length; i++) {
            char next = (char) (scratch.getByte(PATH_OFFSET + i) & 0xff);
            if (next == 0 && !isAbstract) {
                break;
            }
            name.append(next);
        }
        return UnixAddress.ofName(name.toString());
    }

    /** Returns its length: an abstract name has no zero at its end, which would be part of it. */
    private int put(UnixAddress address) {
        String name = address.name();
        scratch.putShort(0, (short) AF_UNIX, ByteOrder.nativeOrder());
        for (int i = 0; i < name.length(); i++) {
            scratch.putByte(PATH_OFFSET + i, (byte) name.charAt(i));
        }
        if (address.isAbstract()) {
            scratch.putByte(PATH_OFFSET, (byte) 0);
            return PATH_OFFSET + name.length();
        }
        scratch.putByte(PATH_OFFSET + name.length(), (byte) 0);
        return PATH_OFFSET + name.length() + 1;
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
