package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rings that the program may be reading. Each change is a new one: a ring is never written to once it is known to the program.
 * A change that is taken back while the ring is still there makes none. NOT thread safe.
 */
final class Rings {
    private final PlaneMaps maps;
    private final StableIds<String> ids = new StableIds<>(Abi.MAX_RINGS);

    Rings(PlaneMaps maps) {
        this.maps = maps;
    }

    /** The number of a ring with these slots, which the program can look up when this returns; {@link StableIds#FULL} for none. */
    int publish(int[] slots) throws BpfException {
        String content = digest(slots);
        if (ids.find(content) != StableIds.FULL) {
            return ids.use(content);
        }
        int id = ids.use(content);
        if (id != StableIds.FULL) {
            try {
                maps.putRing(id, slots);
            } catch (BpfException e) {
                ids.forget(content);
                throw e;
            }
        }
        return id;
    }

    /** A ring that a process before this one left. */
    void adopt(int id, int[] slots) {
        // Two of equal slots: the other's number is taken as well, by a name that is no digest.
        if (!ids.adopt(digest(slots), id)) {
            ids.adopt(adopted(id), id);
        }
    }

    /** One that is there for whatever reason: its number is nobody's before it is gone. */
    void reserve(int id) {
        ids.adopt(adopted(id), id);
    }

    private static String adopted(int id) {
        return "adopted " + id;
    }

    /** All others are gone at that time. */
    void retain(Set<Integer> used, long goneAtNs) {
        Set<String> wanted = new HashSet<>();
        for (Map.Entry<Integer, String> ring : ids.keys().entrySet()) {
            if (used.contains(ring.getKey())) {
                wanted.add(ring.getValue());
            }
        }
        wanted.forEach(ids::use);
        ids.retain(wanted, goneAtNs);
    }

    /** Removes those whose time is over. */
    void expire(long nowNs) {
        List<Integer> gone = ids.expire(nowNs);
        for (int id : gone) {
            maps.removeRing(id);
        }
    }

    int count() {
        return ids.keys().size();
    }

    long nextNs() {
        return ids.nextNs();
    }

    private static String digest(int[] slots) {
        ByteBuffer octets = ByteBuffer.allocate(slots.length * Integer.BYTES);
        octets.asIntBuffer().put(slots);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets.array()));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }
}
