package io.penstock.forwarder.balance;

import io.penstock.net.FlowHash;

/** Tables as production builds them, for tests. */
final class Tables {
    static final FlowHash HASH = new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    private Tables() {}

    static MaglevTable build(int tableSize, String[] ids, int[] weights) {
        return MaglevBuilder.build(tableSize, ids, weights, HASH::ofBytes);
    }

    static String[] ids(int count) {
        String[] ids = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = "backend-" + i;
        }
        return ids;
    }
}
