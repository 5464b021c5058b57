package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The maps of decap.bpf.c, by their pins. Whoever opened them closes them. NOT thread safe.
 *
 * <pre>
 * struct decap_config {        struct source_prefix {
 *     __u32 abi;    0              __u32 bits;               0  IPv4 from 96 on
 *     __u32 flags;  4              __u8 address[16];         4  in network order
 * };       size 8              };                      size 20
 * </pre>
 */
final class DecapMaps implements AutoCloseable {
    static final int ABI = 1;

    private static final int CHECK_SOURCES = 1;
    private static final int FLAGS = Integer.BYTES;
    private static final int ADDRESS_BYTES = 16;
    private static final int SOURCE_BYTES = Integer.BYTES + ADDRESS_BYTES;

    /** More than either map can have: a walk that others disturb ends too. */
    private static final int WALK_MAX = 4_096;

    private final BpfMap config;
    private final BpfMap vips;
    private final BpfMap sources;
    private final BpfMap counters;

    private DecapMaps(BpfMap config, BpfMap vips, BpfMap sources, BpfMap counters) {
        this.config = config;
        this.vips = vips;
        this.sources = sources;
        this.counters = counters;
    }

    static DecapMaps open(Path pins) throws BpfException {
        List<BpfMap> opened = new ArrayList<>();
        try {
            for (String name : List.of("decap_config", "decap_vips", "decap_sources", "decap_counters")) {
                opened.add(BpfMap.openPinned(pins.resolve(name)));
            }
        } catch (BpfException e) {
            opened.forEach(BpfMap::close);
            throw e;
        }
        return new DecapMaps(opened.get(0), opened.get(1), opened.get(2), opened.get(3));
    }

    /** 0 when nobody has said yet. */
    int abi() {
        return configuration().getInt(0);
    }

    /** Who may send. */
    Sources allowed() {
        boolean checks = (configuration().getInt(FLAGS) & CHECK_SOURCES) != 0;
        return checks ? Sources.of(sources()) : Sources.ANY;
    }

    private DirectBuffer configuration() {
        UnsafeBuffer value = buffer(Long.BYTES);
        config.lookup(buffer(Integer.BYTES), value);
        return value;
    }

    boolean has(IpAddress vip) {
        return vips.lookup(address(vip), buffer(Integer.BYTES));
    }

    void add(IpAddress vip) throws BpfException {
        vips.update(address(vip), one());
    }

    boolean remove(IpAddress vip) {
        return vips.delete(address(vip));
    }

    boolean isEmpty() {
        return !vips.nextKey(null, buffer(ADDRESS_BYTES));
    }

    List<IpPrefix> sources() {
        List<IpPrefix> found = new ArrayList<>();
        UnsafeBuffer key = buffer(SOURCE_BYTES);
        boolean more = sources.nextKey(null, key);
        for (int i = 0; more && i < WALK_MAX; i++) {
            found.add(new IpPrefix(
                    new IpAddress(
                            key.getLong(Integer.BYTES, ByteOrder.BIG_ENDIAN),
                            key.getLong(Integer.BYTES + Long.BYTES, ByteOrder.BIG_ENDIAN)),
                    key.getInt(0)));
            UnsafeBuffer last = buffer(SOURCE_BYTES);
            last.putBytes(0, key, 0, SOURCE_BYTES);
            more = sources.nextKey(last, key);
        }
        return found;
    }

    /** These and no others may send; none of them is for all. At no time is a packet of one dropped that may before and after. */
    void allow(List<IpPrefix> wanted) throws BpfException {
        for (IpPrefix prefix : wanted) {
            sources.update(key(prefix), one());
        }
        UnsafeBuffer value = buffer(Long.BYTES);
        value.putInt(0, ABI);
        value.putInt(FLAGS, wanted.isEmpty() ? 0 : CHECK_SOURCES);
        config.update(buffer(Integer.BYTES), value);
        for (IpPrefix had : sources()) {
            if (!wanted.contains(had)) {
                sources.delete(key(had));
            }
        }
    }

    /** Of all CPUs together. */
    long count(DecapCounter counter) {
        UnsafeBuffer key = buffer(Integer.BYTES);
        key.putInt(0, counter.index());
        UnsafeBuffer values = buffer(counters.lookupSize());
        counters.lookup(key, values);
        long sum = 0;
        for (int at = 0; at < values.capacity(); at += Long.BYTES) {
            sum += values.getLong(at);
        }
        return sum;
    }

    private static UnsafeBuffer key(IpPrefix prefix) {
        UnsafeBuffer key = buffer(SOURCE_BYTES);
        key.putInt(0, prefix.bits());
        put(key, Integer.BYTES, prefix.first());
        return key;
    }

    private static UnsafeBuffer address(IpAddress address) {
        UnsafeBuffer key = buffer(ADDRESS_BYTES);
        put(key, 0, address);
        return key;
    }

    private static void put(UnsafeBuffer buffer, int at, IpAddress address) {
        buffer.putLong(at, address.high(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(at + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
    }

    private static UnsafeBuffer one() {
        UnsafeBuffer one = buffer(Integer.BYTES);
        one.putInt(0, 1);
        return one;
    }

    private static UnsafeBuffer buffer(int bytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, Long.BYTES));
    }

    @Override
    public void close() {
        config.close();
        vips.close();
        sources.close();
        counters.close();
    }
}
