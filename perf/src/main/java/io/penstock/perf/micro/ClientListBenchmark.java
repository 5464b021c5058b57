package io.penstock.perf.micro;

import io.penstock.forwarder.table.ClientList;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whether a client is denied, by a list of 100,000 prefixes of /12 to /32 at random places, nested ones too. Clients are from
 * anywhere, another each time; of the mixed list and its clients half are of IPv6, in 2000::/3.
 */
@State(Scope.Thread)
public class ClientListBenchmark {
    private static final int PREFIXES = 100_000;
    private static final int CLIENTS = 1 << 14;
    private static final long IPV4_MAPPED = 0x0000_ffff_0000_0000L;

    private final long[] highs = new long[CLIENTS];
    private final long[] lows4 = new long[CLIENTS];
    private final long[] mixedHighs = new long[CLIENTS];
    private final long[] mixedLows = new long[CLIENTS];
    private ClientList ipv4;
    private ClientList mixed;
    private int next;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(100_000);
        Set<IpPrefix> prefixes4 = new LinkedHashSet<>();
        Set<IpPrefix> prefixesMixed = new LinkedHashSet<>();
        while (prefixes4.size() < PREFIXES) {
            prefixes4.add(ipv4(random));
        }
        while (prefixesMixed.size() < PREFIXES) {
            prefixesMixed.add(random.nextBoolean() ? ipv4(random) : ipv6(random));
        }
        ipv4 = ClientList.of(List.of(), prefixes4, true);
        mixed = ClientList.of(List.of(), prefixesMixed, true);
        for (int i = 0; i < CLIENTS; i++) {
            lows4[i] = IPV4_MAPPED | Integer.toUnsignedLong(random.nextInt());
            boolean six = random.nextBoolean();
            mixedHighs[i] = six ? global(random) : 0;
            mixedLows[i] = six ? random.nextLong() : lows4[i];
        }
    }

    /** Most lists name networks of 256 addresses and single ones. */
    private static IpPrefix ipv4(SplittableRandom random) {
        int bits = random.nextBoolean() ? 32 : random.nextInt(12, 32);
        long address = random.nextInt() & 0xffff_ffffL & (-1L << (32 - bits));
        return new IpPrefix(new IpAddress(0, IPV4_MAPPED | address), 96 + bits);
    }

    private static IpPrefix ipv6(SplittableRandom random) {
        int bits = random.nextInt(28, 65);
        return new IpPrefix(new IpAddress(global(random) & (-1L << (64 - bits)), 0), bits);
    }

    private static long global(SplittableRandom random) {
        return random.nextLong() >>> 3 | 1L << 61;
    }

    @Benchmark
    public boolean ipv4() {
        next = (next + 1) & (CLIENTS - 1);
        return ipv4.allows(highs[next], lows4[next]);
    }

    @Benchmark
    public boolean mixed() {
        next = (next + 1) & (CLIENTS - 1);
        return mixed.allows(mixedHighs[next], mixedLows[next]);
    }
}
