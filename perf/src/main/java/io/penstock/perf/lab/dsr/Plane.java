package io.penstock.perf.lab.dsr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** What a forwarder's program has counted, read from its pinned maps: these stay when the forwarder's process does not. */
final class Plane {
    private static final Path PINS = Path.of("/sys/fs/bpf/penstock");
    private static final Path RUN = Path.of("/run/penstock");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;

    /**
     * Of one forwarder.
     *
     * @param name as its configuration has it
     */
    Plane(String name) {
        this.name = name;
    }

    /** Of counters.h. */
    enum Counter {
        FORWARDED(0),
        FLOW_NEW(2),
        FLOW_BYPASSED(3),
        PREVIOUS_RING(4),
        ICMP_STEERED(5),
        TOO_BIG_ANSWERED(7);

        private final int index;

        Counter(int index) {
            this.index = index;
        }
    }

    long count(Counter counter) throws IOException {
        return sum("counters", counter.index);
    }

    /** Packets that it has forwarded for a service. */
    long packetsOf(String service) throws IOException {
        JsonNode names = JSON.readTree(RUN.resolve("xdp-" + name + ".json").toFile());
        for (JsonNode each : names.path("services")) {
            if (each.path("name").asText().equals(service)) {
                return sum("service_volumes", each.path("index").asInt());
            }
        }
        throw new IOException("the forwarder " + name + " has no service " + service + ": " + names);
    }

    /** The first number of an element, of all CPUs. */
    private long sum(String map, int index) throws IOException {
        try (BpfMap counts = BpfMap.openPinned(PINS.resolve(name).resolve(map))) {
            int size = counts.lookupSize();
            UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
            UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, Long.BYTES));
            key.putInt(0, index, ByteOrder.nativeOrder());
            if (!counts.lookup(key, value)) {
                throw new IOException("no element " + index + " in map " + map + " of " + name);
            }
            long sum = 0;
            for (int at = 0; at < size; at += size / BpfMap.possibleCpus()) {
                sum += value.getLong(at, ByteOrder.nativeOrder());
            }
            return sum;
        } catch (BpfException e) {
            throw new IOException("cannot read what " + name + " has counted: " + e.getMessage(), e);
        }
    }
}
