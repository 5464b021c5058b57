package io.penstock.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.io.OutputStream;

/**
 * An answer of megabytes while it is written, in pooled memory off the heap: an array of that size goes straight to the
 * JVM's old generation, and every few of them would stop all threads for a full collection. Grows by pieces, so that
 * nothing is copied. NOT thread safe.
 */
final class OffHeapOutput extends OutputStream {
    private static final int PIECE_BYTES = 256 << 10;

    private final ByteBufAllocator allocator;
    private final CompositeByteBuf whole;
    private ByteBuf piece;

    OffHeapOutput(ByteBufAllocator allocator) {
        this.allocator = allocator;
        whole = allocator.compositeDirectBuffer(Integer.MAX_VALUE);
        piece = allocator.directBuffer(PIECE_BYTES, PIECE_BYTES);
    }

    @Override
    public void write(int octet) {
        if (!piece.isWritable()) {
            nextPiece();
        }
        piece.writeByte(octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!piece.isWritable()) {
                nextPiece();
            }
            int now = Math.min(left, piece.writableBytes());
            piece.writeBytes(bytes, from, now);
            from += now;
            left -= now;
        }
    }

    private void nextPiece() {
        whole.addComponent(true, piece);
        piece = allocator.directBuffer(PIECE_BYTES, PIECE_BYTES);
    }

    /** All that was written, for the caller to release; nothing may be written any more. */
    ByteBuf content() {
        return whole.addComponent(true, piece);
    }

    /** In place of {@link #content}. */
    void abandon() {
        whole.release();
        piece.release();
    }
}
