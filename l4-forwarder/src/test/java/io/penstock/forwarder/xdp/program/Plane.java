package io.penstock.forwarder.xdp.program;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.forwarder.bpf.RingMap;
import io.penstock.forwarder.bpf.TestRun;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The forwarder's program with maps that a test fills as it likes, by maps.h alone: what Java writes is not asked. */
final class Plane implements AutoCloseable {
    static final int RING_SLOTS = 65537;
    static final long KEY0 = 0x0706050403020100L;
    static final long KEY1 = 0x0f0e0d0c0b0a0908L;
    static final String TUNNEL_SOURCE4 = "10.0.0.1";
    static final String TUNNEL_SOURCE6 = "2001:db8:a::1";

    private static final int FLOW_ENTRIES = 1024;
    private static final int LOOPBACK = 1;
    private static final int INTERFACE_OCTETS = 12;
    private static final int BUDGET_OCTETS = 16;
    private static final int CONFIG_OCTETS = 80;
    private static final int MEMORY_OCTETS = 12;
    private static final int ABI = 2;

    private static final Pattern COUNTER = Pattern.compile("^\\s+([A-Z][A-Z0-9_]+)(?: = 0)?,");

    private final BpfObject object;
    private final int possibleCpus = BpfMap.possibleCpus();
    private Config config = new Config();
    /** Rings that lead to one backend: to put one in place takes the kernel long. */
    private final Map<Integer, Integer> rings = new HashMap<>();

    private final Set<Integer> services = new HashSet<>();
    private final Set<Integer> reals = new HashSet<>();

    /** {@code struct config}; {@link #write} after a change. */
    final class Config {
        int vipBase;
        int newFlows;
        int traceEvery;
        int entropyBits;

        void write() throws BpfException {
            map("config").update(key(0), layout(vipBase, newFlows, traceEvery, entropyBits));
        }
    }

    /** {@code struct config} that says nothing but keys and addresses. */
    static UnsafeBuffer keys() {
        return layout(0, 0, 0, 0);
    }

    private static UnsafeBuffer layout(int vipBase, int newFlows, int traceEvery, int entropyBits) {
        return new Layout(CONFIG_OCTETS)
                .u32(ABI)
                .u32(1)
                .u64(KEY0)
                .u64(KEY1)
                .u64(VipSlots.SEED)
                .u32(vipBase)
                .u32(newFlows)
                .u32(traceEvery)
                .u32(entropyBits)
                .address(TUNNEL_SOURCE4)
                .address(TUNNEL_SOURCE6)
                .buffer();
    }

    Plane() throws BpfException {
        object = BpfObject.open("penstock.bpf.o");
        object.entries("flows", FLOW_ENTRIES);
        object.load();
        config.write();
    }

    Config config() {
        return config;
    }

    /** Nothing is there any more but rings, which no service refers to, and what has been counted. */
    void reset() throws BpfException {
        try (MappedArray vips = map("vips").mapped()) {
            vips.buffer().setMemory(0, vips.buffer().capacity(), (byte) 0);
        }
        for (int service : services) {
            map("services").update(key(service), new Layout(Service.OCTETS).buffer());
        }
        for (int real : reals) {
            map("reals").update(key(real), new Layout(Real.OCTETS).buffer());
        }
        clear("flows");
        clear("fragments");
        map("interfaces").update(key(LOOPBACK), new Layout(INTERFACE_OCTETS).buffer());
        map("budgets").update(key(0), new Layout(possibleCpus * BUDGET_OCTETS).buffer());
        config = new Config();
        config.write();
    }

    private void clear(String name) throws BpfException {
        BpfMap map = map(name);
        UnsafeBuffer first = new Layout(map.shape().keySize()).buffer();
        for (int i = 0; i < FLOW_ENTRIES && map.nextKey(null, first); i++) {
            map.delete(first);
        }
    }

    /** What the interface of these runs, which is lo, is known by. */
    void listenAt(String mac) throws BpfException {
        map("interfaces")
                .update(
                        key(LOOPBACK),
                        new Layout(INTERFACE_OCTETS)
                                .u32(LOOPBACK)
                                .octets(Macs.octets(mac))
                                .u16(0)
                                .buffer());
    }

    BpfMap map(String name) throws BpfException {
        return object.map(name);
    }

    static UnsafeBuffer key(int index) {
        return new Layout(4).u32(index).buffer();
    }

    VipSlots vips() throws BpfException {
        return new VipSlots(this);
    }

    void service(int index, Service service) throws BpfException {
        services.add(index);
        map("services").update(key(index), service.buffer());
    }

    void real(int id, Real real) throws BpfException {
        reals.add(id);
        map("reals").update(key(id), real.buffer());
    }

    /** Where in a ring a flow with this hash is. */
    static int slot(long hash) {
        return (int) (((hash >>> 32) * RING_SLOTS) >>> 32);
    }

    /** A ring that leads to one backend. */
    void ring(int index, int real) throws BpfException {
        if (!Integer.valueOf(real).equals(rings.get(index))) {
            int[] slots = new int[RING_SLOTS];
            Arrays.fill(slots, real);
            ring(index, slots);
            rings.put(index, real);
        }
    }

    void ring(int index, int[] slots) throws BpfException {
        rings.remove(index);
        try (RingMap ring = RingMap.create(slots.length)) {
            ring.fill(slots);
            map("rings").update(key(index), new Layout(4).u32(ring.fd()).buffer());
        }
    }

    /** Has the flow go to a backend from now on, as if it had been seen. */
    void remember(Flow flow, int real, int generation) throws BpfException {
        remember(flow, real, generation, Packet.SEQUENCE);
    }

    /** @param sequence of the client */
    void remember(Flow flow, int real, int generation, int sequence) throws BpfException {
        map("flows")
                .update(
                        flow.key(),
                        new Layout(MEMORY_OCTETS)
                                .u32(real)
                                .u32(generation)
                                .u32(sequence)
                                .buffer());
    }

    /** Where the client of the flow is, as far as that is remembered. */
    int sequence(Flow flow) throws BpfException {
        UnsafeBuffer memory = new Layout(MEMORY_OCTETS).buffer();
        map("flows").lookup(flow.key(), memory);
        return memory.getInt(8, ByteOrder.nativeOrder());
    }

    /** The backend that is remembered for the flow; -1 if there is none. */
    int remembered(Flow flow) throws BpfException {
        UnsafeBuffer memory = new Layout(MEMORY_OCTETS).buffer();
        return map("flows").lookup(flow.key(), memory) ? memory.getInt(0, ByteOrder.nativeOrder()) : -1;
    }

    /** The key of {@code flows}. */
    record Flow(String source, int sourcePort, String destination, int port, int protocol) {
        UnsafeBuffer key() {
            return new Layout(40)
                    .address(source)
                    .address(destination)
                    .be16(sourcePort)
                    .be16(port)
                    .u8(protocol)
                    .buffer();
        }
    }

    TestRun run(byte[] packet) throws BpfException {
        return run(packet, 1);
    }

    /** Each time on what came out the last time. */
    TestRun run(byte[] packet, int repeat) throws BpfException {
        return object.program("penstock").run(packet, repeat);
    }

    /** On each CPU so many flows were new since then. */
    void spend(int flows, long agoNs) throws BpfException {
        Layout budgets = new Layout(possibleCpus * BUDGET_OCTETS);
        for (int cpu = 0; cpu < possibleCpus; cpu++) {
            budgets.u64(System.nanoTime() - agoNs).u64(flows);
        }
        map("budgets").update(key(0), budgets.buffer());
    }

    /** As often as each has been counted; only those that have been. */
    Map<String, Long> counts() throws Exception {
        BpfMap counters = map("counters");
        UnsafeBuffer values = new UnsafeBuffer(BufferUtil.allocateDirectAligned(counters.lookupSize(), Long.BYTES));
        List<String> names = counterNames();
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            counters.lookup(key(i), values);
            long sum = sum(values, 0, Long.BYTES);
            if (sum != 0) {
                counts.put(names.get(i), sum);
            }
        }
        return counts;
    }

    /** Packets and octets that went to a backend. */
    List<Long> volume(int real) throws BpfException {
        BpfMap volumes = map("volumes");
        UnsafeBuffer values = new UnsafeBuffer(BufferUtil.allocateDirectAligned(volumes.lookupSize(), Long.BYTES));
        volumes.lookup(key(real), values);
        int stride = volumes.shape().valueSize();
        return List.of(sum(values, 0, stride), sum(values, Long.BYTES, stride));
    }

    private long sum(UnsafeBuffer values, int offset, int stride) {
        long sum = 0;
        for (int cpu = 0; cpu < possibleCpus; cpu++) {
            sum += values.getLong(cpu * stride + offset, ByteOrder.nativeOrder());
        }
        return sum;
    }

    /** As counters.h has them, in its order. */
    static List<String> counterNames() throws Exception {
        return Files.readAllLines(Path.of("src/main/bpf/counters.h")).stream()
                .map(COUNTER::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1))
                .toList();
    }

    @Override
    public void close() {
        object.close();
    }
}
