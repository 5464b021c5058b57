package io.penstock.health;

import com.google.re2j.Pattern;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks for what is expected in octets that come in pieces, the first 64 KiB of them. One for each probe. NOT thread
 * safe.
 */
abstract class Expectation {
    static final int MAX_OCTETS = 64 * 1024;

    private int octets;

    static Expectation of(Probe.Expect expect) {
        if (expect instanceof Probe.Expect.Bytes bytes) {
            return new OfBytes(bytes.bytes().toBytes());
        }
        return new OfRegex(((Probe.Expect.Regex) expect).pattern());
    }

    /** Takes as much as it may; the rest does not count. Does not move the reader index. */
    final void add(ByteBuf piece) {
        int length = Math.min(piece.readableBytes(), MAX_OCTETS - octets);
        if (length > 0) {
            onOctets(piece, length);
            octets += length;
        }
    }

    final boolean isFull() {
        return octets == MAX_OCTETS;
    }

    final int octets() {
        return octets;
    }

    /** Takes the next octets, at least one, from the reader index on. */
    abstract void onOctets(ByteBuf piece, int length);

    /** Whether it is in what has come so far. May look at all of that: see {@link #isCheap}. */
    abstract boolean isFound();

    /** Whether asking after every piece is fine. */
    abstract boolean isCheap();

    /** Knuth, Morris and Pratt's search, which needs no octet twice. */
    private static final class OfBytes extends Expectation {
        private final byte[] wanted;
        private final int[] fallback;
        private int matched;

        OfBytes(byte[] wanted) {
            this.wanted = wanted;
            fallback = new int[wanted.length + 1];
            fallback[0] = -1;
            int prefix = -1;
            for (int i = 0; i < wanted.length; i++) {
                while (prefix >= 0 && wanted[prefix] != wanted[i]) {
                    prefix = fallback[prefix];
                }
                prefix++;
                fallback[i + 1] = prefix;
            }
        }

        @Override
        void onOctets(ByteBuf piece, int length) {
            int start = piece.readerIndex();
            for (int i = start; i < start + length && matched < wanted.length; i++) {
                byte octet = piece.getByte(i);
                while (matched >= 0 && wanted[matched] != octet) {
                    matched = fallback[matched];
                }
                matched++;
            }
        }

        @Override
        boolean isFound() {
            return matched == wanted.length;
        }

        @Override
        boolean isCheap() {
            return true;
        }
    }

    /** Time linear in what has come, each time it is asked. */
    private static final class OfRegex extends Expectation {
        private static final int FIRST_OCTETS = 256;

        private final Pattern pattern;
        private byte[] received = {};

        OfRegex(Pattern pattern) {
            this.pattern = pattern;
        }

        @Override
        void onOctets(ByteBuf piece, int length) {
            int size = octets();
            if (size + length > received.length) {
                received = Arrays.copyOf(received, Math.max(FIRST_OCTETS, Math.max(2 * size, size + length)));
            }
            piece.getBytes(piece.readerIndex(), received, size, length);
        }

        @Override
        boolean isFound() {
            return pattern.matcher(new String(received, 0, octets(), StandardCharsets.ISO_8859_1))
                    .find();
        }

        @Override
        boolean isCheap() {
            return false;
        }
    }
}
