package io.penstock.forwarder.bpf;

import java.nio.ByteOrder;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An array of numbers that is to be an element of an array of maps: filled as a whole through its memory, then put in place
 * by its descriptor. The kernel takes only one that is like the template in the object, map flags included.
 */
public final class RingMap implements AutoCloseable {
    /**
     * <pre>
     * struct bpf_map_create_opts {          bpf/bpf.h
     *     size_t sz;                    0   __u32 inner_map_fd; 24   __u32 numa_node;   40
     *     __u32  btf_fd;                8   __u32 map_flags;    28   __u32 map_ifindex; 44
     *     ...                               __u64 map_extra;    32
     * };
     * </pre>
     */
    private static final int OPTIONS_BYTES = 48;

    private static final int MAP_FLAGS = 28;
    private static final String NAME = "ring";

    private final int fd;
    private final MapShape shape;

    private RingMap(int fd, MapShape shape) {
        this.fd = fd;
        this.shape = shape;
    }

    /**
     * A new one, of zeroes.
     *
     * @param slots how many numbers
     */
    public static RingMap create(int slots) throws BpfException {
        Libbpf.calls();
        MapShape shape = new MapShape(MapShape.ARRAY, Integer.BYTES, Integer.BYTES, slots, MapShape.MMAPABLE);
        UnsafeBuffer options = Memory.options(OPTIONS_BYTES);
        Memory.putInt(options, MAP_FLAGS, shape.flags());
        int fd = BpfException.check(
                SixArguments.mapCreate(NAME, shape, options), "cannot create a ring of " + slots + " slots");
        return new RingMap(fd, shape);
    }

    /**
     * One that is in place.
     *
     * @param id what a look-up in the array of maps answers
     */
    public static RingMap byId(int id) throws BpfException {
        int fd = BpfException.check(Libbpf.calls().bpf_map_get_fd_by_id(id), "no ring with id " + id);
        try {
            MapShape shape = MapShape.of(fd);
            if (!shape.isMappable()) {
                throw new BpfException("map " + id + " is no ring, but " + shape);
            }
            return new RingMap(fd, shape);
        } catch (BpfException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    public int slots() {
        return shape.entries();
    }

    public int fd() {
        return fd;
    }

    /**
     * All of it.
     *
     * @param values one for each slot
     */
    public void fill(int[] values) throws BpfException {
        if (values.length != slots()) {
            throw new IllegalArgumentException(values.length + " values for " + slots() + " slots");
        }
        try (MappedArray array = MappedArray.of(fd, shape, NAME)) {
            AtomicBuffer buffer = array.buffer();
            for (int i = 0, at = 0; i < values.length; i++, at += array.stride()) {
                buffer.putInt(at, values[i], ByteOrder.nativeOrder());
            }
        }
    }

    /** What each slot holds. */
    public int[] read() throws BpfException {
        int[] values = new int[slots()];
        try (MappedArray array = MappedArray.of(fd, shape, NAME)) {
            AtomicBuffer buffer = array.buffer();
            for (int i = 0, at = 0; i < values.length; i++, at += array.stride()) {
                values[i] = buffer.getInt(at, ByteOrder.nativeOrder());
            }
        }
        return values;
    }

    /** Where it is in place it stays. */
    @Override
    public void close() {
        Descriptors.close(fd);
    }
}
