package io.penstock.exec;

import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.io.File;
import java.io.IOException;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A pipe with the whole input of a program in it before the program starts: nobody waits for one that does not read. One
 * thread's own.
 */
final class InputPipe implements AutoCloseable {
    private final Syscalls syscalls;
    private final int readFd;

    /** @throws IOException also when it is more than a pipe holds, which is 64 KiB unless the host says less (pipe(7)) */
    InputPipe(Syscalls syscalls, byte[] input) throws IOException {
        this.syscalls = syscalls;
        UnsafeBuffer buffer =
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.max(input.length, 2 * Integer.BYTES), 8));
        int result = syscalls.pipe2(buffer.addressOffset(), O_CLOEXEC | O_NONBLOCK);
        if (result < 0) {
            throw new IOException("pipe: " + Errno.describe(-result));
        }
        readFd = buffer.getInt(0);
        int writeFd = buffer.getInt(Integer.BYTES);
        buffer.putBytes(0, input);
        long written = syscalls.write(writeFd, buffer.addressOffset(), input.length);
        syscalls.close(writeFd);
        if (written != input.length) {
            close();
            throw new IOException("input of " + input.length + " octets does not fit into a pipe");
        }
    }

    /** What a program may open as its input; it gets a blocking end of its own, and reads to the end of the file. */
    File readEnd() {
        return new File("/proc/self/fd/" + readFd);
    }

    @Override
    public void close() {
        syscalls.close(readFd);
    }
}
