package io.penstock.forwarder.flowlog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Standard output, which stays open when this is closed. A pipe that nobody reads blocks whoever writes. */
final class StdoutSink implements FlowSink {
    /** Never closed: the process's own. */
    @SuppressWarnings("resource")
    private final FileChannel channel = new FileOutputStream(FileDescriptor.out).getChannel();

    @Override
    public long write(ByteBuffer lines) throws IOException {
        while (lines.hasRemaining()) {
            channel.write(lines);
        }
        return DONE;
    }

    @Override
    public void reopen() {}

    @Override
    public void close() {}
}
