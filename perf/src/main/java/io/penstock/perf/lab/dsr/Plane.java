package io.penstock.perf.lab.dsr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
        FLOW_NEW(2),
        FLOW_BYPASSED(3),
        PREVIOUS_RING(4),
        ICMP_STEERED(5);

        private final int index;

        Counter(int index) {
            this.index = index;
        }
    }

    long count(Counter counter) throws IOException {
        return sum("counters", List.of(counter.index));
    }

    /** Packets that it has forwarded. */
    long forwarded() throws IOException {
        return forwarded(any -> true);
    }

    /** Packets that it has forwarded for a service. */
    long forwarded(String service) throws IOException {
        return forwarded(service::equals);
    }

    /** What went to a backend is counted by a number that it has for each service. */
    private long forwarded(Predicate<String> service) throws IOException {
        List<Integer> ids = new ArrayList<>();
        JsonNode names = JSON.readTree(RUN.resolve("xdp-" + name + ".json").toFile());
        for (JsonNode real : names.path("reals")) {
            if (service.test(real.path("service").asText())) {
                ids.add(real.path("id").asInt());
            }
        }
        return sum("volumes", ids);
    }

    /** The first numbers of elements, of all CPUs. */
    private long sum(String map, List<Integer> indices) throws IOException {
        try (BpfMap counts = BpfMap.openPinned(PINS.resolve(name).resolve(map))) {
            int size = counts.lookupSize();
            UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
            UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, Long.BYTES));
            long sum = 0;
            for (int index : indices) {
                key.putInt(0, index, ByteOrder.nativeOrder());
                if (!counts.lookup(key, value)) {
                    throw new IOException("no element " + index + " in map " + map + " of " + name);
                }
                for (int at = 0; at < size; at += size / BpfMap.possibleCpus()) {
                    sum += value.getLong(at, ByteOrder.nativeOrder());
                }
            }
            return sum;
        } catch (BpfException e) {
            throw new IOException("cannot read what " + name + " has counted: " + e.getMessage(), e);
        }
    }
}
