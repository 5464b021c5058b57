package io.penstock.forwarder.tcp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.collections.LongArrayList;

/**
 * Memory for what was read from a source and not yet taken by its sink. Blocks come in two sizes, are kept once
 * allocated, and together never exceed {@link #MAX_BYTES}; a relay that gets none leaves its data in the kernel
 * instead. NOT thread safe.
 */
final class RemainderPool {
    /** A worker's bound, reached only when hundreds of bulky peers stop reading at once. */
    static final long MAX_BYTES = 32L << 20;

    static final long NO_BLOCK = 0;

    private static final int SMALL_BYTES = 16 << 10;

    private final LongArrayList freeSmall = new LongArrayList();
    private final LongArrayList freeLarge = new LongArrayList();
    /** Keeps the blocks alive: addresses alone do not. */
    private final List<ByteBuffer> blocks = new ArrayList<>();

    private final int largeBytes;
    private final long maxBytes;
    private long allocatedBytes;

    /** Blocks hold up to {@code largeBytes}, all together {@code maxBytes}. */
    RemainderPool(int largeBytes, long maxBytes) {
        this.largeBytes = largeBytes;
        this.maxBytes = maxBytes;
    }

    /** Whether the next {@link #acquire} will succeed whatever its size. */
    boolean hasRoom() {
        return allocatedBytes + largeBytes <= maxBytes || (!freeLarge.isEmpty() && !freeSmall.isEmpty());
    }

    /** The address of a block for {@code length} bytes, or {@link #NO_BLOCK}. */
    long acquire(int length) {
        boolean small = length <= SMALL_BYTES;
        LongArrayList free = small ? freeSmall : freeLarge;
        if (!free.isEmpty()) {
            return free.popLong();
        }
        int size = small ? SMALL_BYTES : largeBytes;
        if (allocatedBytes + size > maxBytes) {
            return NO_BLOCK;
        }
        allocatedBytes += size;
        ByteBuffer block = ByteBuffer.allocateDirect(size);
        blocks.add(block);
        return BufferUtil.address(block);
    }

    /** Gives back a block with the length it was acquired for. */
    void release(long block, int length) {
        (length <= SMALL_BYTES ? freeSmall : freeLarge).pushLong(block);
    }

    long allocatedBytes() {
        return allocatedBytes;
    }
}
