package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.bpf.AttachedXdp;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.client.xdp.VipSlots.Vip;
import io.penstock.forwarder.xdp.PlaneCounter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;

/** What a pinned data plane is doing, as JSON; each part reads anew. */
record PlaneReport(PinnedPlane plane, PlaneNames names, long nowNs) {
    private static final int VOLUME_NUMBERS = 2;

    JsonObject all() throws PlaneException, BpfException {
        JsonObject status = new JsonObject();
        status.addProperty("name", plane.name());
        status.addProperty("pins", plane.directory().toString());
        status.addProperty("abi", plane.abi());
        status.addProperty("generation", plane.generation());
        status.addProperty("traceEvery", plane.traceEvery());
        status.add("lease", lease());
        status.add("interfaces", interfaces());
        status.add("services", services());
        status.add("backends", backends());
        status.add("counters", counters());
        status.add("probes", probes());
        return status;
    }

    JsonObject lease() throws PlaneException {
        Lease lease = plane.lease();
        JsonObject object = new JsonObject();
        object.addProperty("state", lease.state(nowNs).word());
        object.addProperty("leftSeconds", lease.leftSeconds(nowNs));
        object.addProperty("pid", lease.pid());
        return object;
    }

    private JsonArray interfaces() throws PlaneException, BpfException {
        JsonArray array = new JsonArray();
        for (Map.Entry<String, Path> pin : plane.links().entrySet()) {
            JsonObject one = new JsonObject();
            one.addProperty("name", pin.getKey());
            Optional<XdpLink> link = XdpLink.openPinned(pin.getValue());
            if (link.isPresent()) {
                try (XdpLink open = link.get()) {
                    describe(open, one);
                }
                array.add(one);
            }
        }
        return array;
    }

    /** Its mode is known only where the interface is in this network namespace. */
    private static void describe(XdpLink link, JsonObject one) throws BpfException {
        OptionalInt ifindex = link.ifindex();
        int program = link.programId();
        one.addProperty("attached", ifindex.isPresent());
        one.addProperty("program", program);
        if (ifindex.isPresent()) {
            one.addProperty("ifindex", ifindex.getAsInt());
            AttachedXdp.of(ifindex.getAsInt())
                    .filter(attached -> attached.programId() == program)
                    .ifPresent(attached -> one.addProperty("mode", attached.modeName()));
        }
    }

    boolean isAttached() throws PlaneException, BpfException {
        return !attached().isEmpty();
    }

    String attachedTo() throws PlaneException, BpfException {
        return String.join(", ", attached());
    }

    private List<String> attached() throws PlaneException, BpfException {
        return interfaces().asList().stream()
                .map(one -> one.getAsJsonObject())
                .filter(one -> one.get("attached").getAsBoolean())
                .map(one -> one.get("name").getAsString()
                        + (one.has("mode") ? " (" + one.get("mode").getAsString() + ")" : ""))
                .toList();
    }

    JsonArray services() throws PlaneException {
        Map<Integer, JsonArray> listen = new TreeMap<>();
        Map<Integer, String> protocols = new TreeMap<>();
        Map<String, long[]> volumes = volumesByService();
        names.services().forEach(index -> listen.put(index, new JsonArray()));
        for (Vip vip : VipSlots.read(plane)) {
            listen.computeIfAbsent(vip.service(), index -> new JsonArray()).add(vip.listen());
            protocols.put(vip.service(), vip.protocolName());
        }
        JsonArray array = new JsonArray();
        UnsafeBuffer value = PinnedPlane.buffer(ServiceEntry.BYTES);
        for (Map.Entry<Integer, JsonArray> one : listen.entrySet()) {
            if (plane.read("services", one.getKey(), value)) {
                ServiceEntry entry = ServiceEntry.read(one.getKey(), value);
                JsonObject object = service(entry, one.getValue());
                object.addProperty("protocol", protocols.getOrDefault(one.getKey(), "-"));
                long[] volume = volumes.getOrDefault(names.service(one.getKey()), new long[VOLUME_NUMBERS]);
                object.addProperty("packets", volume[0]);
                object.addProperty("octets", volume[1]);
                array.add(object);
            }
        }
        return array;
    }

    /** What is forwarded is counted with its backend, which is of one service. */
    private Map<String, long[]> volumesByService() throws PlaneException {
        Map<String, long[]> volumes = new HashMap<>();
        for (int id : names.reals()) {
            long[] volume = plane.sums("volumes", id, VOLUME_NUMBERS);
            volumes.merge(
                    names.serviceOf(id), volume, (one, other) -> new long[] {one[0] + other[0], one[1] + other[1]});
        }
        return volumes;
    }

    private JsonObject service(ServiceEntry entry, JsonArray listen) throws PlaneException {
        JsonObject object = new JsonObject();
        object.addProperty("index", entry.index());
        object.addProperty("name", names.service(entry.index()));
        object.add("listen", listen);
        if (entry.ring() != ServiceEntry.NONE) {
            object.addProperty("ring", Integer.toUnsignedLong(entry.ring()));
        }
        if (entry.previous() != ServiceEntry.NONE) {
            object.addProperty("previousRing", Integer.toUnsignedLong(entry.previous()));
        }
        object.addProperty("windowSeconds", entry.windowSeconds(nowNs));
        object.addProperty("hash", entry.isBySource() ? "source" : "flow");
        object.addProperty("flowTable", entry.remembers());
        return object;
    }

    JsonArray backends() throws PlaneException {
        JsonArray array = new JsonArray();
        UnsafeBuffer value = PinnedPlane.buffer(RealEntry.BYTES);
        for (int id = 0; id < PinnedPlane.REALS_MAX; id++) {
            if (plane.read("reals", id, value)) {
                RealEntry real = RealEntry.read(id, value);
                if (!real.isAbsent()) {
                    array.add(backend(real));
                }
            }
        }
        return array;
    }

    private JsonObject backend(RealEntry real) throws PlaneException {
        JsonObject object = new JsonObject();
        object.addProperty("id", real.id());
        object.addProperty("name", names.real(real.id()));
        object.addProperty("address", real.address().toString());
        object.addProperty("encapsulation", real.encapsulation());
        object.addProperty("state", real.state());
        if (!real.nextHop().isEmpty()) {
            object.addProperty("nextHop", real.nextHop());
        }
        object.addProperty("ifindex", real.ifindex());
        object.addProperty("generation", Integer.toUnsignedLong(real.generation()));
        long[] volume = plane.sums("volumes", real.id(), VOLUME_NUMBERS);
        object.addProperty("packets", volume[0]);
        object.addProperty("octets", volume[1]);
        return object;
    }

    /** What was forwarded is counted with its backend, also of those that are gone. */
    private long forwarded() throws PlaneException {
        long packets = 0;
        for (int id = 0; id < PinnedPlane.REALS_MAX; id++) {
            packets += plane.sums("volumes", id, VOLUME_NUMBERS)[0];
        }
        return packets;
    }

    JsonObject counters() throws PlaneException {
        JsonObject object = new JsonObject();
        int index = 0;
        for (PlaneCounter counter : PlaneCounter.values()) {
            object.addProperty(
                    counter.label(),
                    counter == PlaneCounter.FORWARDED ? forwarded() : plane.sums("counters", index, 1)[0]);
            index++;
        }
        return object;
    }

    /** Empty while no forwarder has sent one by this plane. */
    private JsonObject probes() throws PlaneException {
        JsonObject object = new JsonObject();
        if (Files.exists(plane.directory().resolve("probes"))) {
            for (ProbeCounter counter : ProbeCounter.values()) {
                object.addProperty(counter.label(), plane.sums("probes", counter.index(), 1)[0]);
            }
        }
        return object;
    }

    /** Numbers of services that packets can go to. */
    TreeSet<Integer> serviceIndices() throws PlaneException {
        TreeSet<Integer> indices = new TreeSet<>(names.services());
        VipSlots.read(plane).forEach(vip -> indices.add(vip.service()));
        return indices;
    }
}
