package io.penstock.forwarder.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/** Reproducible bytes: the same seed and length are the same bytes on both ends. */
record Payload(long seed, long length) {
    private static final int CHUNK = 64 << 10;
    /** No multiple of any buffer's size, so that a lost or repeated buffer shows. */
    private static final byte[] NOISE = new byte[1_048_573];

    static {
        new Random(42).nextBytes(NOISE);
    }

    /** What arrived. */
    record Digest(long length, long crc) {}

    private interface Sink {
        void take(byte[] bytes, int offset, int length) throws IOException;
    }

    Digest digest() {
        CRC32 crc = new CRC32();
        try {
            generate(crc::update);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Digest(length, crc.getValue());
    }

    void writeTo(OutputStream out) throws IOException {
        generate(out::write);
    }

    private void generate(Sink sink) throws IOException {
        int at = (int) Math.floorMod(seed * 7919, (long) NOISE.length);
        for (long left = length; left > 0; ) {
            int size = (int) Math.min(left, Math.min(CHUNK, NOISE.length - at));
            sink.take(NOISE, at, size);
            at = (at + size) % NOISE.length;
            left -= size;
        }
    }

    /** Reads to the end of the stream, with a pause after each read. */
    static Digest read(InputStream in, long pauseNs) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[CHUNK];
        long total = 0;
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            crc.update(buffer, 0, length);
            total += length;
            if (pauseNs > 0) {
                LockSupport.parkNanos(pauseNs);
            }
        }
        return new Digest(total, crc.getValue());
    }
}
