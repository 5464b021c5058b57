package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.forwarder.bpf.RingMap;
import io.penstock.forwarder.bpf.TestRun;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;

/** The programs of a forwarder and their maps, pinned, and filled by hand: no forwarder runs. */
final class PlaneFixture implements AutoCloseable {
    static final int L2 = 0;
    static final int IPIP = 1;
    static final int VXLAN = 2;
    static final int UP = 1;
    static final int DOWN = 3;
    static final int REMEMBER = 2;
    static final int BY_RANGES = 2;
    static final String NO_MAC = "";

    private static final int CONFIG_BYTES = 80;
    private static final int RING_SLOTS = 65_537;
    private static final int USED = 1;
    private static final int VIP_BYTES = 32;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final Path pins = PinnedPlane.PINS.resolve(name);
    private final Path names = PinnedPlane.STATE.resolve("xdp-" + name + ".json");
    private final BpfObject forwarder = BpfObject.open("penstock.bpf.o");
    private final BpfObject health = BpfObject.open("health.bpf.o");

    PlaneFixture() throws BpfException {
        BpfPins.directory(pins);
        forwarder.pin(pins);
        forwarder.entries("flows", 1_024);
        forwarder.load();
        health.pin(pins);
        health.load();
    }

    String name() {
        return name;
    }

    Path pins() {
        return pins;
    }

    BpfObject forwarder() {
        return forwarder;
    }

    BpfObject health() {
        return health;
    }

    TestRun run(byte[] frame) throws BpfException {
        return forwarder.program("penstock").run(frame, 1);
    }

    void config(int abi, int generation, String local4, String local6) throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(CONFIG_BYTES);
        value.putInt(0, abi);
        value.putInt(4, generation);
        put(value, 48, local4);
        put(value, 64, local6);
        forwarder.map("config").update(key(0), value);
    }

    void lease(long untilNs, long pid) throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(2 * Long.BYTES);
        value.putLong(0, untilNs);
        value.putLong(Long.BYTES, pid);
        forwarder.map("lease").update(key(0), value);
    }

    /** @param macs of the next hop and of the interface, one behind the other; {@link #NO_MAC} */
    void real(int id, String address, int encapsulation, int state, String macs, int ifindex) throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(RealEntry.BYTES);
        put(value, 0, address);
        putMacs(value, 16, macs);
        putMacs(value, 28, "02:70:65:6e:73:74");
        value.putByte(34, (byte) encapsulation);
        value.putByte(35, (byte) state);
        value.putInt(36, ifindex);
        value.putInt(40, 1);
        value.putInt(44, 100);
        value.putShort(48, (short) 1_500);
        value.putShort(50, (short) ((address.contains(":") ? 1 : 0) | (macs.isEmpty() ? 0 : 2)));
        forwarder.map("reals").update(key(id), value);
    }

    private static void putMacs(UnsafeBuffer value, int at, String macs) {
        int octet = at;
        for (String text : macs.isEmpty() ? new String[0] : macs.split("[: ]", -1)) {
            value.putByte(octet, (byte) Integer.parseInt(text, 16));
            octet++;
        }
    }

    void service(int index, int ring, int previous, long windowEndNs, int flags) throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(ServiceEntry.BYTES);
        value.putInt(0, ring);
        value.putInt(4, previous);
        value.putLong(8, windowEndNs);
        value.putInt(16, flags);
        value.putByte(20, (byte) 32);
        value.putByte(21, (byte) 128);
        forwarder.map("services").update(key(index), value);
    }

    /** The first slots are one backend's, the others the other's. */
    void ring(int index, int first, int slots, int other) throws BpfException {
        int[] reals = new int[RING_SLOTS];
        Arrays.fill(reals, other);
        Arrays.fill(reals, 0, slots, first);
        try (RingMap ring = RingMap.create(RING_SLOTS)) {
            ring.fill(reals);
            forwarder.map("rings").update(key(index), key(ring.fd()));
        }
    }

    void range(int at, int low, int high, int service) throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(Long.BYTES);
        value.putShort(0, (short) low);
        value.putShort(2, (short) high);
        value.putInt(4, service);
        forwarder.map("ranges").update(key(at), value);
    }

    /** Where the program looks for it first: nothing else may be there. */
    void vip(String address, int port, int protocol, int flags, int service, int firstRange, int ranges)
            throws BpfException {
        UnsafeBuffer value = PinnedPlane.buffer(VIP_BYTES);
        put(value, 0, address);
        value.putShort(16, (short) port, ByteOrder.BIG_ENDIAN);
        value.putByte(18, (byte) protocol);
        value.putByte(19, (byte) (flags | USED));
        value.putInt(20, service);
        value.putInt(24, firstRange);
        value.putInt(28, ranges);
        long x = value.getLong(0, ByteOrder.LITTLE_ENDIAN) * 0x9e3779b97f4a7c15L
                + value.getLong(8, ByteOrder.LITTLE_ENDIAN);
        x ^= Short.toUnsignedLong(value.getShort(16, ByteOrder.LITTLE_ENDIAN)) | (long) protocol << 16;
        x *= 0xff51afd7ed558ccdL;
        x ^= x >>> 32;
        x *= 0xc4ceb9fe1a85ec53L;
        try (MappedArray vips = forwarder.map("vips").mapped()) {
            vips.buffer().putBytes((int) (x >>> 49) * vips.stride(), value, 0, VIP_BYTES);
        }
    }

    void names(String json) throws IOException {
        Files.createDirectories(names.getParent());
        Files.writeString(names, json);
    }

    Path names() {
        return names;
    }

    private static UnsafeBuffer key(int index) {
        UnsafeBuffer key = PinnedPlane.buffer(Integer.BYTES);
        key.putInt(0, index);
        return key;
    }

    private static void put(UnsafeBuffer buffer, int at, String address) {
        IpAddress parsed = IpAddress.parse(address).orElseThrow();
        buffer.putLong(at, parsed.high(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(at + Long.BYTES, parsed.low(), ByteOrder.BIG_ENDIAN);
    }

    @Override
    public void close() throws BpfException, IOException {
        BpfPins.remove(pins);
        Files.deleteIfExists(names);
        health.close();
        forwarder.close();
    }
}
