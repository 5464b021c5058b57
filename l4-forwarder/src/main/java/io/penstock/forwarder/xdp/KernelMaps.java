package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.forwarder.bpf.RingMap;
import io.penstock.linux.Errno;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agrona.BufferUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The maps of the loaded program. Those of which a reader may only see the old or the new whole are written by the order of stores:
 * the addresses into the half that nobody reads, then the number of that half. NOT thread safe; closed by who opened it, while the
 * maps stay with the program.
 */
final class KernelMaps implements PlaneMaps, AutoCloseable {
    /** From 16 microseconds to half a second. */
    private static final BucketScale FILL_SCALE = BucketScale.ofNanos(1024, 4, 19);

    private final BpfMap reals;
    private final BpfMap services;
    private final BpfMap rings;
    private final BpfMap ranges;
    private final BpfMap lease;
    private final BpfMap volumes;
    private final BpfMap interfaces;
    private final FigureMaps figures;
    private final SharedBuckets fills = new SharedBuckets(FILL_SCALE);
    private final MappedArray config;
    private final MappedArray vips;

    private final UnsafeBuffer key = buffer(Integer.BYTES);
    private final UnsafeBuffer value = buffer(Real.BYTES);
    private final UnsafeBuffer noVolume;
    private boolean closed;
    private final long pid = ProcessHandle.current().pid();

    /** @param object loaded */
    KernelMaps(BpfObject object) throws BpfException {
        reals = object.map("reals");
        services = object.map("services");
        rings = object.map("rings");
        ranges = object.map("ranges");
        lease = object.map("lease");
        volumes = object.map("volumes");
        interfaces = object.map("interfaces");
        figures = new FigureMaps(object);
        noVolume = buffer(volumes.lookupSize());
        config = object.map("config").mapped();
        vips = object.map("vips").mapped();
    }

    private static UnsafeBuffer buffer(int octets) {
        UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(octets, Long.BYTES));
        buffer.setMemory(0, octets, (byte) 0);
        return buffer;
    }

    /** 0 for maps that nobody has written to. */
    int abi() {
        return config.buffer().getInt(Abi.CONFIG_ABI);
    }

    /** These maps are written as this version says. */
    void putAbi() {
        config.buffer().putIntOrdered(Abi.CONFIG_ABI, Abi.VERSION);
    }

    /** One of so many packets; 0 for none. */
    int traceEvery() {
        return config.buffer().getIntVolatile(Abi.CONFIG_TRACE_EVERY);
    }

    void endTrace() {
        config.buffer().putIntOrdered(Abi.CONFIG_TRACE_EVERY, 0);
    }

    @Override
    public void putKey(FlowHash hash) {
        AtomicBuffer buffer = config.buffer();
        buffer.putLong(Abi.CONFIG_KEY0, hash.k0());
        buffer.putLong(Abi.CONFIG_KEY1, hash.k1());
    }

    @Override
    public void putNumbers(int newFlows, int entropyBits, IpAddress local4, IpAddress local6) {
        AtomicBuffer buffer = config.buffer();
        buffer.putInt(Abi.CONFIG_NEW_FLOWS, newFlows);
        buffer.putInt(Abi.CONFIG_ENTROPY_BITS, entropyBits);
        Addresses16.put(buffer, Abi.CONFIG_LOCAL4, local4);
        Addresses16.put(buffer, Abi.CONFIG_LOCAL6, local6);
    }

    @Override
    public void putReal(int id, Real real) throws BpfException {
        real.put(value, 0);
        reals.update(key(id), value);
    }

    @Override
    public Real real(int id) {
        return reals.lookup(key(id), value) ? Real.get(value, 0) : Real.ABSENT;
    }

    @Override
    public void putService(int index, ServiceEntry entry) throws BpfException {
        entry.put(value, 0);
        services.update(key(index), value);
    }

    @Override
    public ServiceEntry service(int index) {
        return services.lookup(key(index), value) ? ServiceEntry.get(value, 0) : ServiceEntry.EMPTY;
    }

    @Override
    public void putRing(int id, int[] slots) throws BpfException {
        try (RingMap ring = RingMap.create(slots.length)) {
            long startNs = System.nanoTime();
            ring.fill(slots);
            fills.record(System.nanoTime() - startNs);
            value.putInt(0, ring.fd());
            rings.update(key(id), value);
        }
    }

    @Override
    public Optional<int[]> ring(int id) throws BpfException {
        if (!rings.lookup(key(id), value)) {
            return Optional.empty();
        }
        try (RingMap ring = RingMap.byId(value.getInt(0))) {
            return Optional.of(ring.read());
        } catch (BpfException e) {
            // Maps by their number are for CAP_SYS_ADMIN, which no other user is given for this.
            if (e.errno() == Errno.EPERM) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public boolean hasRing(int id) {
        return rings.lookup(key(id), value);
    }

    @Override
    public void removeRing(int id) {
        rings.delete(key(id));
    }

    @Override
    public void putVips(VipEntries entries) throws BpfException {
        AtomicBuffer in = config.buffer();
        boolean first = in.getInt(Abi.CONFIG_VIP_BASE) == 0;
        int base = first ? Abi.VIP_SLOTS : 0;
        int rangesBase = first ? Abi.MAX_RANGES : 0;
        VipTable table = VipTable.of(entries.entries(), in.getLong(Abi.CONFIG_VIP_SEED));
        int at = rangesBase;
        for (PortRange range : entries.ranges()) {
            value.putShort(0, (short) range.low());
            value.putShort(Short.BYTES, (short) range.high());
            value.putInt(2 * Short.BYTES, range.service());
            ranges.update(key(at), value);
            at++;
        }
        table.put(vips.buffer(), base, rangesBase);
        in.putLongOrdered(Abi.CONFIG_VIP_SEED, table.seed());
        in.putIntOrdered(Abi.CONFIG_VIP_BASE, base);
        in.putIntOrdered(Abi.CONFIG_GENERATION, in.getInt(Abi.CONFIG_GENERATION) + 1);
    }

    @Override
    public Set<Integer> servicesOfVips() {
        Set<Integer> all = new HashSet<>();
        for (VipEntry entry : VipTable.read(vips.buffer(), config.buffer().getInt(Abi.CONFIG_VIP_BASE))) {
            if (entry.ranges() == 0 && entry.protocol() != 0) {
                all.add(entry.service());
            }
            for (int i = 0; i < entry.ranges(); i++) {
                if (ranges.lookup(key(entry.firstRange() + i), value)) {
                    all.add(value.getInt(2 * Short.BYTES));
                }
            }
        }
        return all;
    }

    @Override
    public long packets(int id) {
        synchronized (figures) {
            PlaneFigures.Volume volume = figures.volumes(List.of(id)).get(id);
            return volume == null ? 0 : volume.packets();
        }
    }

    @Override
    public void putInterface(int place, int link, Mac mac) throws BpfException {
        value.putInt(0, link);
        mac.put(value, Abi.INTERFACE_MAC);
        value.putShort(Abi.INTERFACE_ZERO, (short) 0);
        interfaces.update(key(place), value);
    }

    @Override
    public void clearVolume(int id) throws BpfException {
        volumes.update(key(id), noVolume);
    }

    @Override
    public void putLease(long untilNs) throws BpfException {
        value.putLong(0, untilNs);
        value.putLong(Abi.LEASE_PID, untilNs == 0 ? 0 : pid);
        lease.update(key(0), value);
    }

    /** What the program has counted for what is there. Any thread, one at a time, until {@link #close}. */
    PlaneFigures figures(PlaneStatus status) {
        synchronized (figures) {
            if (closed) {
                return new PlaneFigures(Map.of(), Map.of(), fills.counts());
            }
            return new PlaneFigures(
                    figures.counters(),
                    figures.volumes(status.backends().stream()
                            .map(PlaneStatus.Backend::id)
                            .toList()),
                    fills.counts());
        }
    }

    private UnsafeBuffer key(int index) {
        key.putInt(0, index);
        return key;
    }

    @Override
    public void close() {
        synchronized (figures) {
            closed = true;
        }
        vips.close();
        config.close();
    }
}
