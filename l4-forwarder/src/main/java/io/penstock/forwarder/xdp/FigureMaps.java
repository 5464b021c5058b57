package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.xdp.PlaneFigures.Volume;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads what each CPU has counted, and adds it up. One reader at a time, see {@link XdpPlane#figures}. */
final class FigureMaps {
    private final BpfMap counters;
    private final BpfMap volumes;
    private final int cpus;
    private final UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
    private final UnsafeBuffer values;

    FigureMaps(BpfObject object) throws BpfException {
        counters = object.map("counters");
        volumes = object.map("volumes");
        cpus = BpfMap.possibleCpus();
        int octets = Math.max(counters.lookupSize(), volumes.lookupSize());
        values = new UnsafeBuffer(BufferUtil.allocateDirectAligned(octets, Long.BYTES));
    }

    Map<PlaneCounter, Long> counters() {
        Map<PlaneCounter, Long> all = new EnumMap<>(PlaneCounter.class);
        int index = 0;
        for (PlaneCounter counter : PlaneCounter.values()) {
            key.putInt(0, index);
            all.put(counter, counters.lookup(key, values) ? sum(0, Long.BYTES) : 0);
            index++;
        }
        return all;
    }

    /** Of these backends. */
    Map<Integer, Volume> volumes(Iterable<Integer> ids) {
        Map<Integer, Volume> all = new HashMap<>();
        for (int id : ids) {
            key.putInt(0, id);
            if (volumes.lookup(key, values)) {
                all.put(id, new Volume(sum(0, Abi.VOLUME_BYTES), sum(Long.BYTES, Abi.VOLUME_BYTES)));
            }
        }
        return all;
    }

    private long sum(int offset, int stride) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum += values.getLong(cpu * stride + offset);
        }
        return sum;
    }
}
