package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Maps in the heap, and in which order they were written. */
final class RecordedMaps implements PlaneMaps {
    /** Such as {@code real 0 UP}; taken and cleared by tests. */
    final List<String> writes = new ArrayList<>();

    final Map<Integer, Real> reals = new HashMap<>();
    final Map<Integer, ServiceEntry> services = new HashMap<>();
    final Map<Integer, int[]> rings = new HashMap<>();
    final Map<Integer, Long> packets = new HashMap<>();
    VipEntries vips;

    /** How the write begins that fails; empty for none. */
    String failing = "";

    long leaseUntilNs;

    private void write(String what) throws BpfException {
        if (!failing.isEmpty() && what.startsWith(failing)) {
            throw BpfRig.failure("cannot write " + what);
        }
        writes.add(what);
    }

    List<String> takeWrites() {
        List<String> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }

    @Override
    public void putKey(FlowHash key) {
        writes.add("key");
    }

    @Override
    public void putNumbers(int newFlows, int entropyBits, IpAddress local4, IpAddress local6) {
        writes.add("numbers");
    }

    @Override
    public void putReal(int id, Real real) throws BpfException {
        write("real " + id + " " + real.state());
        reals.put(id, real);
    }

    @Override
    public Real real(int id) {
        return reals.getOrDefault(id, Real.ABSENT);
    }

    @Override
    public void putService(int index, ServiceEntry entry) throws BpfException {
        write("service " + index + " ring " + entry.ring() + " previous " + entry.previous());
        services.put(index, entry);
    }

    @Override
    public ServiceEntry service(int index) {
        return services.getOrDefault(index, ServiceEntry.EMPTY);
    }

    @Override
    public void putRing(int id, int[] slots) {
        writes.add("ring " + id);
        rings.put(id, slots.clone());
    }

    @Override
    public Optional<int[]> ring(int id) {
        return Optional.ofNullable(rings.get(id));
    }

    @Override
    public boolean hasRing(int id) {
        return rings.containsKey(id);
    }

    @Override
    public Set<Integer> servicesOfVips() {
        Set<Integer> all = new TreeSet<>();
        vips.entries().stream().filter(vip -> vip.protocol() != 0).forEach(vip -> all.add(vip.service()));
        return all;
    }

    @Override
    public long packets(int id) {
        return packets.getOrDefault(id, 0L);
    }

    @Override
    public void removeRing(int id) {
        writes.add("no ring " + id);
        rings.remove(id);
    }

    @Override
    public void putVips(VipEntries entries) {
        writes.add("vips");
        vips = entries;
    }

    @Override
    public void putInterface(int place, int link, Mac mac) {
        writes.add("interface " + place + " is " + link + " " + mac);
    }

    @Override
    public void clearVolume(int id) {
        writes.add("volume " + id);
    }

    @Override
    public void putLease(long untilNs) {
        leaseUntilNs = untilNs;
    }
}
