package io.penstock.forwarder.it;

import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.UnixAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A UNIX socket that datagrams come to. It reads only when the test has it read: until then its queue fills, and stays full. */
final class SyslogReceiver implements AutoCloseable {
    private static final int MAX_OCTETS = 8 << 10;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_OCTETS, Long.BYTES));
    private final List<String> messages = new ArrayList<>();
    private final int fd;

    SyslogReceiver(Path path) throws IOException {
        fd = new UnixSockets(syscalls).bindDatagrams(new UnixAddress(path.toString()));
        if (fd < 0) {
            throw new IOException(Errno.describe(-fd));
        }
    }

    /** Takes what waits, and returns all that has come so far. */
    List<String> read() throws IOException {
        for (int length = receive(); length >= 0; length = receive()) {
            byte[] octets = new byte[length];
            buffer.getBytes(0, octets);
            messages.add(new String(octets, StandardCharsets.UTF_8));
        }
        return messages;
    }

    /** Returns its length; negative when none waits. */
    private int receive() throws IOException {
        int result = (int) syscalls.recv(fd, buffer.addressOffset(), MAX_OCTETS, MSG_DONTWAIT);
        if (result < 0 && result != -Errno.EAGAIN) {
            throw new IOException(Errno.describe(-result));
        }
        return result;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
