package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.RingMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** How many slots of a service's ring each backend has: its share of new flows. */
final class RingShares {
    private static final double PERCENT = 100.0;

    private RingShares() {}

    static JsonArray read(PlaneReport report) throws PlaneException, BpfException {
        JsonArray array = new JsonArray();
        UnsafeBuffer service = PinnedPlane.buffer(ServiceEntry.BYTES);
        for (int index : report.serviceIndices()) {
            if (report.plane().read("services", index, service)) {
                ServiceEntry entry = ServiceEntry.read(index, service);
                add(report, entry, "current", entry.ring(), array);
                if (entry.windowSeconds(report.nowNs()) > 0) {
                    add(report, entry, "previous", entry.previous(), array);
                }
            }
        }
        return array;
    }

    private static void add(PlaneReport report, ServiceEntry entry, String which, int ring, JsonArray array)
            throws PlaneException, BpfException {
        UnsafeBuffer mapId = PinnedPlane.buffer(Integer.BYTES);
        if (ring == ServiceEntry.NONE || !report.plane().read("rings", ring, mapId)) {
            return;
        }
        int[] slots;
        try (RingMap map = RingMap.byId(mapId.getInt(0))) {
            slots = map.read();
        }
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int real : slots) {
            counts.merge(real, 1, Integer::sum);
        }
        for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
            JsonObject one = new JsonObject();
            one.addProperty("service", report.names().service(entry.index()));
            one.addProperty("ring", which);
            one.addProperty(
                    "backend",
                    count.getKey() == ServiceEntry.NONE
                            ? "none"
                            : report.names().real(count.getKey()));
            one.addProperty("slots", count.getValue());
            one.addProperty("percent", PERCENT * count.getValue() / slots.length);
            array.add(one);
        }
    }
}
