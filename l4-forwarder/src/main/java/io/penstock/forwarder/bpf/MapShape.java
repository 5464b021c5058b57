package io.penstock.forwarder.bpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What two maps must have in common to be taken for each other.
 *
 * @param type of {@code enum bpf_map_type}
 * @param keySize in octets
 * @param valueSize in octets; of one CPU's value in a per-CPU map
 * @param entries at most
 * @param flags BPF_F_... of linux/bpf.h
 */
public record MapShape(int type, int keySize, int valueSize, int entries, int flags) {
    static final int ARRAY = 2;
    static final int PERCPU_HASH = 5;
    static final int PERCPU_ARRAY = 6;
    static final int LRU_PERCPU_HASH = 10;
    static final int ARRAY_OF_MAPS = 12;

    /** BPF_F_MMAPABLE. */
    static final int MMAPABLE = 1 << 10;

    /**
     * <pre>
     * struct bpf_map_info {     linux/bpf.h
     *     __u32 type;       0   __u32 value_size;  12
     *     __u32 id;         4   __u32 max_entries; 16
     *     __u32 key_size;   8   __u32 map_flags;   20 ...
     * };
     * </pre>
     */
    private static final int INFO_BYTES = 24;

    /** Of the map behind a descriptor. */
    static MapShape of(int fd) throws BpfException {
        UnsafeBuffer info = ObjectInfo.of(fd, INFO_BYTES, "a map");
        return new MapShape(
                Memory.intAt(info, 0),
                Memory.intAt(info, 8),
                Memory.intAt(info, 12),
                Memory.intAt(info, 16),
                Memory.intAt(info, 20));
    }

    boolean isPerCpu() {
        return type == PERCPU_ARRAY || type == PERCPU_HASH || type == LRU_PERCPU_HASH;
    }

    boolean isMappable() {
        return type == ARRAY && (flags & MMAPABLE) != 0;
    }

    /** Octets from one element of an array, or one CPU's value, to the next. */
    int stride() {
        return (valueSize + Long.BYTES - 1) & -Long.BYTES;
    }

    /** Octets that a look-up fills. */
    int lookupSize(int possibleCpus) {
        return isPerCpu() ? stride() * possibleCpus : valueSize;
    }

    /** As an operator reads it. */
    @Override
    public String toString() {
        return "type " + type + ", keys of " + keySize + " and values of " + valueSize + " octets, " + entries
                + " entries, flags 0x" + Integer.toHexString(flags);
    }
}
