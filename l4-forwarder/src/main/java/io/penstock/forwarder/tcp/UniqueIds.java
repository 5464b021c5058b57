package io.penstock.forwarder.tcp;

import java.security.SecureRandom;

/**
 * Unique ids of connections, as 32 hexadecimal digits: 16 that this worker drew when it was made, and 16 that count its
 * connections. So no two are alike, over all forwarders and restarts, and one worker's are in order. The worker's own.
 */
final class UniqueIds {
    private static final int DIGITS = 16;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final byte[] text = new byte[2 * DIGITS];
    private long count;

    UniqueIds() {
        put(0, new SecureRandom().nextLong());
    }

    /** In US-ASCII; until the next call, which writes to the same place. */
    byte[] next() {
        put(DIGITS, ++count);
        return text;
    }

    private void put(int at, long number) {
        for (int i = DIGITS - 1; i >= 0; i--) {
            text[at + i] = HEX[(int) (number >>> (4 * (DIGITS - 1 - i))) & 0xf];
        }
    }
}
