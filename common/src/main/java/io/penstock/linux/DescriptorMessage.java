package io.penstock.linux;

import static io.penstock.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static io.penstock.linux.SocketConstants.MSG_CTRUNC;
import static io.penstock.linux.SocketConstants.MSG_NOSIGNAL;
import static io.penstock.linux.SocketConstants.MSG_TRUNC;
import static io.penstock.linux.SocketConstants.SCM_RIGHTS;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message with descriptors beside it (SCM_RIGHTS; cmsg(3), unix(7)): the structs that sendmsg and recvmsg take, on
 * 64-bit Linux. NOT thread safe.
 *
 * <pre>
 * struct msghdr {                      struct cmsghdr {
 *     void         *msg_name;     0        size_t cmsg_len;     0
 *     socklen_t     msg_namelen;  8        int    cmsg_level;   8
 *     struct iovec *msg_iov;     16        int    cmsg_type;   12
 *     size_t        msg_iovlen;  24        int    fds[];       16
 *     void         *msg_control; 32    };
 *     size_t        msg_controllen; 40
 *     int           msg_flags;   48    struct iovec { void *iov_base; size_t iov_len; };
 * };                        size 56
 * </pre>
 */
public final class DescriptorMessage {
    /** SCM_MAX_FD of the kernel. */
    public static final int MAX_DESCRIPTORS = 253;

    private static final int IOV_OFFSET = 16;
    private static final int IOV_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int FLAGS_OFFSET = 48;
    private static final int HEADER_SIZE = 56;
    private static final int IOVEC_SIZE = 16;

    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int DATA_OFFSET = 16;

    private final Syscalls syscalls;
    private final UnsafeBuffer header = memory(HEADER_SIZE + IOVEC_SIZE);
    private final UnsafeBuffer control = memory(DATA_OFFSET + align(MAX_DESCRIPTORS * Integer.BYTES));
    private final UnsafeBuffer content;
    private final List<Integer> descriptors = new ArrayList<>();
    private int flags;

    /** @param capacity of the content, in octets */
    public DescriptorMessage(Syscalls syscalls, int capacity) {
        this.syscalls = syscalls;
        content = memory(capacity);
    }

    private static UnsafeBuffer memory(int size) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, Long.BYTES));
    }

    private static int align(int size) {
        return (size + Long.BYTES - 1) & -Long.BYTES;
    }

    /** What is sent next, or was received. */
    public MutableDirectBuffer content() {
        return content;
    }

    /** Of the last {@link #receive}; the caller's to close. */
    public List<Integer> descriptors() {
        return descriptors;
    }

    /** Whether the last {@link #receive} had room for all content and all descriptors. */
    public boolean isWhole() {
        return (flags & (MSG_TRUNC | MSG_CTRUNC)) == 0;
    }

    /** Whether it had room for all content; descriptors may be missing, the last ones, as this process may have no more. */
    public boolean hasAllContent() {
        return (flags & MSG_TRUNC) == 0;
    }

    /**
     * Sends the first octets of the content, as one message. {@code >= 0} or {@code -errno}.
     *
     * @param fds at most {@link #MAX_DESCRIPTORS}; they stay open here
     */
    public long send(int fd, int length, List<Integer> fds) {
        prepare(length, fds.isEmpty() ? 0 : DATA_OFFSET + align(fds.size() * Integer.BYTES));
        control.putLong(0, DATA_OFFSET + (long) fds.size() * Integer.BYTES, ByteOrder.nativeOrder());
        control.putInt(LEVEL_OFFSET, SOL_SOCKET, ByteOrder.nativeOrder());
        control.putInt(TYPE_OFFSET, SCM_RIGHTS, ByteOrder.nativeOrder());
        for (int i = 0; i < fds.size(); i++) {
            control.putInt(DATA_OFFSET + i * Integer.BYTES, fds.get(i), ByteOrder.nativeOrder());
        }
        return syscalls.sendmsg(fd, header.addressOffset(), MSG_NOSIGNAL);
    }

    /** Takes one message; how long it is, 0 when the other end is closed, or {@code -errno}. */
    public long receive(int fd) {
        prepare(content.capacity(), control.capacity());
        descriptors.clear();
        long result = syscalls.recvmsg(fd, header.addressOffset(), MSG_CMSG_CLOEXEC);
        if (result >= 0) {
            flags = header.getInt(FLAGS_OFFSET, ByteOrder.nativeOrder());
            takeDescriptors();
        }
        return result;
    }

    /** The kernel puts all that came into one block. */
    private void takeDescriptors() {
        long controlLength = header.getLong(CONTROL_LENGTH_OFFSET, ByteOrder.nativeOrder());
        if (controlLength < DATA_OFFSET
                || control.getInt(LEVEL_OFFSET, ByteOrder.nativeOrder()) != SOL_SOCKET
                || control.getInt(TYPE_OFFSET, ByteOrder.nativeOrder()) != SCM_RIGHTS) {
            return;
        }
        long end = control.getLong(0, ByteOrder.nativeOrder());
        for (int offset = DATA_OFFSET; offset < end; offset += Integer.BYTES) {
            descriptors.add(control.getInt(offset, ByteOrder.nativeOrder()));
        }
    }

    private void prepare(int length, int controlLength) {
        header.setMemory(0, HEADER_SIZE, (byte) 0);
        header.putLong(IOV_OFFSET, header.addressOffset() + HEADER_SIZE, ByteOrder.nativeOrder());
        header.putLong(IOV_COUNT_OFFSET, 1, ByteOrder.nativeOrder());
        header.putLong(CONTROL_OFFSET, controlLength == 0 ? 0 : control.addressOffset(), ByteOrder.nativeOrder());
        header.putLong(CONTROL_LENGTH_OFFSET, controlLength, ByteOrder.nativeOrder());
        header.putLong(HEADER_SIZE, content.addressOffset(), ByteOrder.nativeOrder());
        header.putLong(HEADER_SIZE + Long.BYTES, length, ByteOrder.nativeOrder());
    }
}
