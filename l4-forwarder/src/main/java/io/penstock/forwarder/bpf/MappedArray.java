package io.penstock.forwarder.bpf;

import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An ARRAY of the kernel in this process's memory: element {@code i} begins at {@code i * stride()}. Programs read it
 * without locks, so whoever writes decides by the order of stores what they may see. No access after {@link #close}, which
 * would end the process.
 */
public final class MappedArray implements AutoCloseable {
    private final long length;
    private final int stride;
    private final UnsafeBuffer buffer;

    private MappedArray(long address, long length, MapShape shape) {
        this.length = length;
        stride = shape.stride();
        buffer = new UnsafeBuffer(address, shape.stride() * shape.entries());
    }

    static MappedArray of(int fd, MapShape shape, String name) throws BpfException {
        long length = (long) shape.stride() * shape.entries();
        long address = SixArguments.mmap(fd, length);
        if (address < 0) {
            throw BpfException.of("cannot map the array " + name, (int) address);
        }
        return new MappedArray(address, length, shape);
    }

    public AtomicBuffer buffer() {
        return buffer;
    }

    /** Octets from one element to the next: the size of a value, rounded up to 8. */
    public int stride() {
        return stride;
    }

    /** The map stays. */
    @Override
    public void close() {
        long address = buffer.addressOffset();
        if (buffer.capacity() > 0) {
            buffer.wrap(0, 0);
            SixArguments.munmap(address, length);
        }
    }
}
