package io.penstock.perf.lab;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.stream.IntStream;

/** The addresses that clients of a lab have. */
public final class Sources {
    private static final int BITS = 128;

    private Sources() {}

    /**
     * The first addresses of a block of IPv4, without that of the block itself.
     *
     * @param count at most as many as the block has
     */
    public static List<IpAddress> of(IpPrefix block, int count) {
        int room = room(block);
        if (!block.isIpv4() || count < 1 || count > room) {
            throw new IllegalArgumentException(block + " does not have " + count + " IPv4 addresses");
        }
        int first = block.first().ipv4();
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> IpAddress.ofIpv4(first + i))
                .toList();
    }

    /** How many there are, as far as an int counts. */
    static int room(IpPrefix block) {
        return (1 << Math.min(BITS - block.bits(), 30)) - 1;
    }
}
