package io.penstock.exec;

import static io.penstock.linux.FcntlConstants.O_CLOEXEC;
import static io.penstock.linux.FcntlConstants.O_NONBLOCK;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A pipe for the output of a program, read without ever waiting: a pipe of Java's own blocks its reader for as long as
 * any grandchild holds the other end, long after the program itself is gone. Keeps the first octets. One thread's own.
 */
final class OutputPipe implements AutoCloseable {
    private static final int CHUNK_OCTETS = 4 * 1024;

    /** A program that writes faster than this in a turn waits for the next. */
    private static final int CHUNKS_A_TURN = 32;

    private final Syscalls syscalls;
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(CHUNK_OCTETS, 8));
    private final byte[] kept;
    private final int readFd;
    private int writeFd;
    private int size;

    OutputPipe(Syscalls syscalls, int maxOctets) throws IOException {
        this.syscalls = syscalls;
        kept = new byte[maxOctets];
        int result = syscalls.pipe2(buffer.addressOffset(), O_CLOEXEC | O_NONBLOCK);
        if (result < 0) {
            throw new IOException("pipe: " + Errno.describe(-result));
        }
        readFd = buffer.getInt(0);
        writeFd = buffer.getInt(Integer.BYTES);
    }

    /** What a program may open as its output, until {@link #closeWriteEnd}. It gets a blocking end of its own. */
    File writeEnd() {
        return new File("/proc/self/fd/" + writeFd);
    }

    void closeWriteEnd() {
        if (writeFd >= 0) {
            syscalls.close(writeFd);
            writeFd = -1;
        }
    }

    /** Takes what is there. */
    void drain() {
        for (int chunk = 0; chunk < CHUNKS_A_TURN; chunk++) {
            int length = (int) syscalls.read(readFd, buffer.addressOffset(), CHUNK_OCTETS);
            if (length <= 0) {
                return;
            }
            int taken = Math.min(length, kept.length - size);
            buffer.getBytes(0, kept, size, taken);
            size += taken;
        }
    }

    /** What was taken and kept. */
    String text() {
        return new String(kept, 0, size, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closeWriteEnd();
        syscalls.close(readFd);
    }
}
