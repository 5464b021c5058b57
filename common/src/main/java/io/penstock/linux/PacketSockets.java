package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_UNIX;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_SEQPACKET;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_PEERCRED;
import static io.penstock.linux.SocketConstants.SO_RCVTIMEO;
import static io.penstock.linux.SocketConstants.SO_SNDTIMEO;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * UNIX sockets that keep the bounds of messages (SOCK_SEQPACKET), for two processes of one host; see unix(7). They block.
 * Results are {@code >= 0} or {@code -errno}. NOT thread safe.
 */
public final class PacketSockets {
    /** Of a path, in octets: sun_path with a zero at its end. */
    public static final int MAX_PATH_OCTETS = 107;

    private static final int TYPE = SOCK_SEQPACKET | SOCK_CLOEXEC;
    private static final int PATH_OFFSET = 2;
    private static final int LENGTH_OFFSET = 112;
    private static final int MEMORY_SIZE = 120;
    /** struct ucred { pid_t pid; uid_t uid; gid_t gid; } */
    private static final int CREDENTIALS_SIZE = 12;

    private static final int UID_OFFSET = 4;

    /** Who is at the other end: when it connected, or when it began to listen. */
    public record Credentials(int pid, int uid) {}

    private final Syscalls syscalls;
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_SIZE, Long.BYTES));

    public PacketSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** A socket with this name, to be given to {@link #listen}; nobody can connect before. */
    public int bind(Path path) {
        int fd = syscalls.socket(AF_UNIX, TYPE, 0);
        if (fd < 0) {
            return fd;
        }
        int length = putAddress(path);
        int result = syscalls.bind(fd, scratch.addressOffset(), length);
        return result < 0 ? abandon(fd, result) : fd;
    }

    public int listen(int fd, int backlog) {
        return syscalls.listen(fd, backlog);
    }

    /** Waits for somebody; after shutdown(2) of the socket this ends with EINVAL. */
    public int accept(int fd) {
        return syscalls.accept4(fd, 0, 0, SOCK_CLOEXEC);
    }

    /** ENOENT or ECONNREFUSED when nobody listens there. */
    public int connect(Path path) {
        int fd = syscalls.socket(AF_UNIX, TYPE, 0);
        if (fd < 0) {
            return fd;
        }
        int length = putAddress(path);
        int result = syscalls.connect(fd, scratch.addressOffset(), length);
        return result < 0 ? abandon(fd, result) : fd;
    }

    /** How long a receive or a send may block before it ends with EAGAIN. */
    public int timeout(int fd, int seconds) {
        // struct timeval { time_t tv_sec; suseconds_t tv_usec; }
        scratch.putLong(0, seconds, ByteOrder.nativeOrder());
        scratch.putLong(Long.BYTES, 0, ByteOrder.nativeOrder());
        int result = syscalls.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, scratch.addressOffset(), 2 * Long.BYTES);
        return result < 0
                ? result
                : syscalls.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, scratch.addressOffset(), 2 * Long.BYTES);
    }

    /** Of a listening socket they are those of its own process. Null when the kernel refuses. */
    public Credentials credentials(int fd) {
        scratch.putInt(LENGTH_OFFSET, CREDENTIALS_SIZE, ByteOrder.nativeOrder());
        int result = syscalls.getsockopt(
                fd, SOL_SOCKET, SO_PEERCRED, scratch.addressOffset(), scratch.addressOffset() + LENGTH_OFFSET);
        return result < 0
                ? null
                : new Credentials(
                        scratch.getInt(0, ByteOrder.nativeOrder()),
                        scratch.getInt(UID_OFFSET, ByteOrder.nativeOrder()));
    }

    private int putAddress(Path path) {
        byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
        if (octets.length > MAX_PATH_OCTETS) {
            throw new IllegalArgumentException("longer than " + MAX_PATH_OCTETS + " octets: " + path);
        }
        scratch.setMemory(0, MEMORY_SIZE, (byte) 0);
        scratch.putShort(0, (short) AF_UNIX, ByteOrder.nativeOrder());
        scratch.putBytes(PATH_OFFSET, octets);
        return PATH_OFFSET + octets.length + 1;
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
