package io.penstock.perf.udp;

import io.penstock.net.IpAddress;

/**
 * Whose a client's datagrams are: sources of one port and as many addresses as there are flows, from 127.64.0.0 on. On
 * Linux all of 127.0.0.0/8 is this host, so a single socket can be thousands of clients. NOT thread safe.
 */
final class Flows {
    /** 127.64.0.0/10. */
    static final int MAX = 1 << 22;

    private static final int FIRST = 127 << 24 | 64 << 16;

    private final int count;
    private int next;

    /** @param count from 1 to {@link #MAX} */
    Flows(int count) {
        if (count < 1 || count > MAX) {
            throw new IllegalArgumentException("flows must be 1 to " + MAX + " (was " + count + ")");
        }
        this.count = count;
    }

    int count() {
        return count;
    }

    /** They take turns. */
    int next() {
        int flow = next;
        next = flow + 1 == count ? 0 : flow + 1;
        return flow;
    }

    /** As {@link IpAddress#low()}; of IPv4 addresses the high half is 0. */
    static long addressLow(int flow) {
        return IpAddress.ofIpv4(FIRST + flow).low();
    }
}
