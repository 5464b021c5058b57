package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.MappedArray;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The maps of a data plane, by their pins. No process needs to run that made them: what is read is what packets find. NOT thread safe;
 * whoever opened it closes it, and the maps stay.
 *
 * <pre>
 * struct config {                                 struct lease {
 *     __u32 abi;          0   __u32 vip_base;    32     __u64 until_ns;  0  CLOCK_MONOTONIC; 0 released
 *     __u32 generation;   4   __u32 new_flows;   36     __u64 pid;       8
 *     __u64 key0;         8   __u32 trace_every; 40 };
 *     __u64 key1;        16   __u32 entropy_bits;44
 *     __u64 vip_seed;    24   ...                48
 * };
 * </pre>
 */
final class PinnedPlane implements AutoCloseable {
    /** Where all planes pin. */
    static final Path PINS = BpfPins.ROOT.resolve("penstock");

    /** Where they write what their numbers stand for. */
    static final Path STATE = Path.of("/run/penstock");

    static final int ABI = 2;
    static final int SERVICES_MAX = 1_024;
    static final int REALS_MAX = 4_096;

    private static final String LINK_PREFIX = "link-";
    private static final int GENERATION = 4;
    private static final int VIP_BASE = 32;
    private static final int TRACE_EVERY = 40;

    private final String name;
    private final Path directory;
    private final Map<String, BpfMap> maps = new LinkedHashMap<>();
    private MappedArray config;

    private PinnedPlane(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /**
     * The plane of this name.
     *
     * @throws PlaneException when there is none, it may not be read, or another version made it
     */
    static PinnedPlane open(String name) throws PlaneException {
        Path directory = directory(name);
        PinnedPlane plane = new PinnedPlane(name, directory);
        try {
            plane.config = plane.map("config").mapped();
            if (plane.abi() != ABI) {
                throw new PlaneException("what is pinned at " + directory + " is of ABI " + plane.abi()
                        + ", and this version reads " + ABI + ": ask with the l4-forwarder that pinned it");
            }
        } catch (BpfException e) {
            plane.close();
            throw new PlaneException(e);
        } catch (PlaneException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    /** @throws PlaneException when nothing is pinned by that name */
    static Path directory(String name) throws PlaneException {
        Path directory = PINS.resolve(name);
        try {
            if (!Files.readAttributes(directory, "isDirectory")
                    .get("isDirectory")
                    .equals(true)) {
                throw new PlaneException(directory + " is no directory of pins");
            }
        } catch (NoSuchFileException e) {
            throw new PlaneException("nothing is pinned at " + directory + ": no XDP data plane named " + name
                    + " is on this host. Under 'ip netns exec' the host's pins are hidden; use nsenter --net");
        } catch (AccessDeniedException e) {
            throw new PlaneException(
                    directory + ": permission denied; it takes root, or CAP_BPF and a way into " + BpfPins.ROOT);
        } catch (IOException e) {
            throw new PlaneException(directory + ": " + e.getMessage());
        }
        return directory;
    }

    String name() {
        return name;
    }

    Path directory() {
        return directory;
    }

    Path namesFile() {
        return STATE.resolve("xdp-" + name + ".json");
    }

    int abi() {
        return config.buffer().getInt(0);
    }

    long generation() {
        return Integer.toUnsignedLong(config.buffer().getIntVolatile(GENERATION));
    }

    /** The first slot of the half of {@code vips} that is in use. */
    int vipBase() {
        return config.buffer().getIntVolatile(VIP_BASE);
    }

    int traceEvery() {
        return config.buffer().getIntVolatile(TRACE_EVERY);
    }

    /** Of so many packets one is traced from now on; 0 for none. */
    void traceEvery(int packets) {
        config.buffer().putIntOrdered(TRACE_EVERY, packets);
    }

    Lease lease() throws PlaneException {
        UnsafeBuffer value = buffer(2 * Long.BYTES);
        boolean there = map("lease").lookup(buffer(Integer.BYTES), value);
        return there ? new Lease(value.getLong(0), value.getLong(Long.BYTES)) : new Lease(0, 0);
    }

    BpfMap map(String map) throws PlaneException {
        BpfMap open = maps.get(map);
        if (open == null) {
            try {
                open = BpfMap.openPinned(directory.resolve(map));
            } catch (BpfException e) {
                throw new PlaneException(e);
            }
            maps.put(map, open);
        }
        return open;
    }

    /** What is in an element of an array now; false when it has no such index. */
    boolean read(String map, int index, UnsafeBuffer value) throws PlaneException {
        UnsafeBuffer key = buffer(Integer.BYTES);
        key.putInt(0, index);
        return map(map).lookup(key, value);
    }

    /** Numbers of 64 bits in an element of a per-CPU array, each added up over all CPUs. */
    long[] sums(String map, int index, int numbers) throws PlaneException {
        long[] sums = new long[numbers];
        UnsafeBuffer values = buffer(map(map).lookupSize());
        if (read(map, index, values)) {
            for (int at = 0; at < values.capacity(); at += Long.BYTES) {
                sums[at / Long.BYTES % numbers] += values.getLong(at);
            }
        }
        return sums;
    }

    /** Links by the names of their interfaces. */
    Map<String, Path> links() throws PlaneException {
        return links(directory);
    }

    /** The same of pins that this version cannot read. */
    static Map<String, Path> links(Path directory) throws PlaneException {
        Map<String, Path> links = new LinkedHashMap<>();
        List<Path> found = new ArrayList<>();
        try (Stream<Path> pins = Files.list(directory)) {
            pins.filter(pin -> pin.getFileName().toString().startsWith(LINK_PREFIX))
                    .sorted()
                    .forEach(found::add);
        } catch (IOException e) {
            throw new PlaneException("cannot read " + directory + ": "
                    + (e instanceof AccessDeniedException
                            ? "permission denied; it takes the forwarder's user, or root"
                            : e.getMessage()));
        }
        found.forEach(pin -> links.put(pin.getFileName().toString().substring(LINK_PREFIX.length()), pin));
        return links;
    }

    /** All of an array that programs read without locks. */
    MappedArray mapped(String map) throws PlaneException {
        try {
            return map(map).mapped();
        } catch (BpfException e) {
            throw new PlaneException(e);
        }
    }

    static UnsafeBuffer buffer(int bytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, Long.BYTES));
    }

    @Override
    public void close() {
        if (config != null) {
            config.close();
        }
        maps.values().forEach(BpfMap::close);
    }
}
