package io.penstock.forwarder.tcp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.collections.LongArrayList;

/**
 * Memory for what was read from a source and not yet taken by its sink. Blocks come in two sizes, each with a bound of
 * its own, and are kept once allocated; together they never exceed {@link #MAX_BYTES}. A relay that gets none leaves its
 * data in the kernel instead. NOT thread safe.
 */
final class RemainderPool {
    /** A worker's bound, reached only when hundreds of peers stop reading at once. */
    static final long MAX_BYTES = 32L << 20;

    static final long NO_BLOCK = 0;

    static final int SMALL_BYTES = 16 << 10;

    /** The part of all memory that small blocks may take: were it one bound, either size could starve the other. */
    private static final int SMALL_SHARE = 4;

    private final LongArrayList freeSmall = new LongArrayList();
    private final LongArrayList freeLarge = new LongArrayList();
    /** Keeps the blocks alive: addresses alone do not. */
    private final List<ByteBuffer> blocks = new ArrayList<>();

    private final int largeBytes;
    private final long smallBlocks;
    private long smallLeft;
    private long largeLeft;
    private int inUse;
    private long allocatedBytes;

    /** Blocks hold up to {@code largeBytes}, all together {@code maxBytes}. */
    RemainderPool(int largeBytes, long maxBytes) {
        this.largeBytes = largeBytes;
        smallBlocks = maxBytes / SMALL_SHARE / SMALL_BYTES;
        smallLeft = smallBlocks;
        largeLeft = (maxBytes - maxBytes / SMALL_SHARE) / largeBytes;
    }

    /** Whether the next {@link #acquire} will succeed whatever its size. */
    boolean hasRoom() {
        return (largeLeft > 0 || !freeLarge.isEmpty()) && (smallLeft > 0 || !freeSmall.isEmpty());
    }

    /**
     * How much may be read so that a block for all of it is certain: {@code wanted} or less, 0 for nothing at all.
     *
     * @param wanted at least {@link #SMALL_BYTES}
     */
    int readRoom(int wanted) {
        boolean smallRoom = smallLeft > 0 || !freeSmall.isEmpty();
        if (!smallRoom) {
            return 0;
        }
        return wanted > SMALL_BYTES && hasRoom() ? wanted : SMALL_BYTES;
    }

    /**
     * How much may be read before there is anybody to send it to: as {@link #readRoom} for a small block, but nothing
     * once half of those are taken, since clients whose backends do not answer must not take the others' memory.
     */
    int readAheadRoom() {
        return smallLeft + freeSmall.size() > smallBlocks / 2 ? SMALL_BYTES : 0;
    }

    /** The address of a block for {@code length} bytes, or {@link #NO_BLOCK}. */
    long acquire(int length) {
        boolean small = length <= SMALL_BYTES;
        LongArrayList free = small ? freeSmall : freeLarge;
        if (free.isEmpty()) {
            if ((small ? smallLeft : largeLeft) == 0) {
                return NO_BLOCK;
            }
            free.pushLong(allocate(small));
        }
        inUse++;
        return free.popLong();
    }

    private long allocate(boolean small) {
        if (small) {
            smallLeft--;
        } else {
            largeLeft--;
        }
        ByteBuffer block = ByteBuffer.allocateDirect(small ? SMALL_BYTES : largeBytes);
        allocatedBytes += block.capacity();
        blocks.add(block);
        return BufferUtil.address(block);
    }

    /** Gives back a block with the length it was acquired for. */
    void release(long block, int length) {
        inUse--;
        (length <= SMALL_BYTES ? freeSmall : freeLarge).pushLong(block);
    }

    /** Blocks that someone holds. */
    int inUse() {
        return inUse;
    }

    long allocatedBytes() {
        return allocatedBytes;
    }
}
