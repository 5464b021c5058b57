package io.penstock.forwarder.tcp;

import io.penstock.linux.Syscalls;
import org.agrona.UnsafeApi;

/** What a direction copied from its source and its sink has not taken, in a block of the worker's pool. */
final class Remainder {
    private long block = RemainderPool.NO_BLOCK;
    private int capacity;
    private int offset;
    private int length;

    boolean isEmpty() {
        return length == 0;
    }

    /** Copies bytes into a block that the caller made sure there is; see {@link RemainderPool#readRoom}. */
    void keep(RemainderPool pool, long from, int bytes) {
        block = pool.acquire(bytes);
        capacity = bytes;
        offset = 0;
        length = bytes;
        UnsafeApi.copyMemory(null, from, null, block, bytes);
    }

    /** Sends as much as the socket takes: how many bytes, or {@code -errno}. */
    int drain(Syscalls syscalls, int sinkFd, int flags) {
        int sent = (int) syscalls.send(sinkFd, block + offset, length, flags);
        if (sent > 0) {
            offset += sent;
            length -= sent;
        }
        return sent;
    }

    /** As {@link #drain}, and keeps all of it. */
    int show(Syscalls syscalls, int sinkFd, int flags) {
        return (int) syscalls.send(sinkFd, block + offset, length, flags);
    }

    /** Copies what is left, and returns how much that is. */
    int copyTo(long to) {
        UnsafeApi.copyMemory(null, block + offset, null, to, length);
        return length;
    }

    /** So many bytes are with the sink. */
    void skip(int bytes) {
        offset += bytes;
        length -= bytes;
    }

    /** Gives the block back, if there is one; what stood in it is lost. */
    void release(RemainderPool pool) {
        if (block != RemainderPool.NO_BLOCK) {
            pool.release(block, capacity);
            block = RemainderPool.NO_BLOCK;
            length = 0;
        }
    }
}
