package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;
import java.lang.ref.Reference;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One map. Keys and values are in buffers off the heap, which calls keep from being freed while the kernel has their addresses, numbers in the host's order. A value of a per-CPU map is as many
 * values as {@link #possibleCpus} says, each rounded up to 8 octets.
 */
public final class BpfMap implements AutoCloseable {
    private static final long ANY = 0;

    private final String name;
    private final int fd;
    private final boolean owned;
    private final MapShape shape;
    private final int lookupSize;
    private final Libbpf.Calls calls;

    private BpfMap(String name, int fd, boolean owned) throws BpfException {
        this.name = name;
        this.fd = fd;
        this.owned = owned;
        calls = Libbpf.calls();
        shape = MapShape.of(fd);
        lookupSize = shape.lookupSize(possibleCpus());
    }

    /** One of an object, which closes it. */
    static BpfMap ofObject(String name, int fd) throws BpfException {
        return new BpfMap(name, fd, false);
    }

    /**
     * The map pinned there, of whichever process.
     *
     * @throws BpfException when there is none, or something else than a map
     */
    public static BpfMap openPinned(Path pin) throws BpfException {
        int result = Libbpf.calls().bpf_obj_get(pin.toString());
        // Who may not look does not know whether there is one.
        boolean none = result == -Errno.ENOENT;
        int fd = BpfException.check(result, (none ? "no map at " : "cannot open the map at ") + pin);
        try {
            return new BpfMap(String.valueOf(pin.getFileName()), fd, true);
        } catch (BpfException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    /** CPUs that this kernel may ever have: so many values has an element of a per-CPU map. */
    public static int possibleCpus() throws BpfException {
        return BpfException.check(Libbpf.calls().libbpf_num_possible_cpus(), "how many CPUs there can be");
    }

    public String name() {
        return name;
    }

    public MapShape shape() {
        return shape;
    }

    public int fd() {
        return fd;
    }

    /** Octets that {@link #lookup} fills. */
    public int lookupSize() {
        return lookupSize;
    }

    /** Whether there is one; then {@code value} holds it. */
    public boolean lookup(DirectBuffer key, MutableDirectBuffer value) {
        long keyAddress = Memory.address(key, shape.keySize());
        long valueAddress = Memory.address(value, lookupSize);
        try {
            return found(calls.bpf_map_lookup_elem(fd, keyAddress, valueAddress), "look-up");
        } finally {
            Reference.reachabilityFence(key);
            Reference.reachabilityFence(value);
        }
    }

    /** Makes the element, or makes it this. */
    public void update(DirectBuffer key, DirectBuffer value) throws BpfException {
        long keyAddress = Memory.address(key, shape.keySize());
        long valueAddress = Memory.address(value, shape.valueSize());
        try {
            BpfException.check(
                    Libbpf.retry(() -> calls.bpf_map_update_elem(fd, keyAddress, valueAddress, ANY)),
                    "cannot write to map " + name);
        } finally {
            Reference.reachabilityFence(key);
            Reference.reachabilityFence(value);
        }
    }

    /**
     * As many updates in one call.
     *
     * @param keys {@code count} keys, one after the other
     * @param values {@code count} values, one after the other without padding
     * @throws BpfException when the kernel refuses one; those before it are written
     */
    public void updateAll(DirectBuffer keys, DirectBuffer values, int count) throws BpfException {
        long keysAddress = Memory.address(keys, shape.keySize() * count);
        long valuesAddress = Memory.address(values, shape.valueSize() * count);
        UnsafeBuffer written = Memory.zeroed(Integer.BYTES);
        Memory.putInt(written, 0, count);
        try {
            int result = calls.bpf_map_update_batch(fd, keysAddress, valuesAddress, written.addressOffset(), 0);
            if (result < 0) {
                throw BpfException.of(
                        "only " + Memory.intAt(written, 0) + " of " + count + " elements went to map " + name, result);
            }
        } finally {
            Reference.reachabilityFence(keys);
            Reference.reachabilityFence(values);
            Reference.reachabilityFence(written);
        }
    }

    /** Whether there was one. */
    public boolean delete(DirectBuffer key) {
        try {
            return found(calls.bpf_map_delete_elem(fd, Memory.address(key, shape.keySize())), "removal");
        } finally {
            Reference.reachabilityFence(key);
        }
    }

    /**
     * Whether there is one more; then {@code next} holds it. While others write, a walk may begin again: bound it.
     *
     * @param keyOrNull the last one; null for the first
     */
    public boolean nextKey(DirectBuffer keyOrNull, MutableDirectBuffer next) {
        long keyAddress = keyOrNull == null ? 0 : Memory.address(keyOrNull, shape.keySize());
        long nextAddress = Memory.address(next, shape.keySize());
        try {
            return found(calls.bpf_map_get_next_key(fd, keyAddress, nextAddress), "walk");
        } finally {
            Reference.reachabilityFence(keyOrNull);
            Reference.reachabilityFence(next);
        }
    }

    /**
     * All of an ARRAY that was made with BPF_F_MMAPABLE, in this process's memory; what is stored there, programs see at
     * once.
     */
    public MappedArray mapped() throws BpfException {
        if (!shape.isMappable()) {
            throw new BpfException("map " + name + " is no array that can be mapped");
        }
        return MappedArray.of(fd, shape, name);
    }

    /** Nothing for the map of an object, which closes it itself. */
    @Override
    public void close() {
        if (owned) {
            Descriptors.close(fd);
        }
    }

    /** Any other refusal is a mistake in this program: the descriptor is ours, and the buffers are long enough. */
    private boolean found(int result, String what) {
        if (result < 0 && result != -Errno.ENOENT) {
            throw new IllegalStateException(what + " in map " + name + ": " + Errno.describe(-result));
        }
        return result >= 0;
    }
}
