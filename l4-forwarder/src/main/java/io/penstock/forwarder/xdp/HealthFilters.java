package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.TcFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where probes of this process are taken up on their way out and sent through the tunnel, by the mark that they bear. It is a
 * process's own: without one there are no probes. Planes that share an interface have each a filter of its own there. {@code
 * fwd-xdp}'s alone.
 */
public final class HealthFilters implements AutoCloseable {
    /** Before others, which may send marked packets elsewhere. */
    private static final int PRIORITY = 1;

    private static final String PROGRAM = "health";
    private static final String PLANE = "plane";

    private final BpfProgram program;
    private final ProbeMarks marks;
    private final PlaneLog log;
    private final Map<Integer, TcFilter> filters = new LinkedHashMap<>();
    private List<String> troubles = List.of();

    /** @param object loaded */
    HealthFilters(String plane, BpfObject object, PlaneLog log) throws BpfException {
        this.log = log;
        program = object.program(PROGRAM);
        marks = new ProbeMarks(plane);
        put(object.map(PLANE), marks.bits());
    }

    private static void put(BpfMap map, int bits) throws BpfException {
        UnsafeBuffer key = buffer();
        UnsafeBuffer value = buffer();
        key.putInt(0, 0);
        value.putInt(0, bits);
        map.update(key, value);
    }

    private static UnsafeBuffer buffer() {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
    }

    /** At those of these interfaces, and at no others; one that somebody removed is put back. */
    void follow(Set<Integer> links, NextHops kernel) {
        filters.entrySet().removeIf(entry -> {
            boolean gone = !links.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        List<String> failed = new ArrayList<>();
        for (int link : links) {
            try {
                follow(link, kernel);
            } catch (BpfException e) {
                failed.add("probes cannot take the way of packets: " + e.getMessage());
            }
        }
        troubles = failed;
    }

    private void follow(int link, NextHops kernel) throws BpfException {
        TcFilter before = filters.get(link);
        if (before == null || !before.isThere()) {
            filters.put(link, TcFilter.attachEgress(program, link, PRIORITY, marks.handle()));
            if (before != null) {
                log.filterPutBack(kernel.linkName(link));
            }
        }
    }

    List<String> troubles() {
        return troubles;
    }

    /** Of the filters of a plane of that name, among others of the same priority. */
    public static int handle(String plane) {
        return new ProbeMarks(plane).handle();
    }

    /** Takes a plane's off an interface where a process has left it that ended without a word; false where there is none. */
    public static boolean remove(String plane, int link) throws BpfException {
        return TcFilter.detachEgress(link, PRIORITY, handle(plane));
    }

    @Override
    public void close() {
        filters.values().forEach(TcFilter::close);
    }
}
