package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The Ethernet addresses of the interfaces that packets come in at, as the program knows them: it leaves alone what a switch flooded and
 * is meant for another host. Of an interface that it does not know it takes all. {@code fwd-xdp}'s alone.
 */
final class OwnMacs {
    private final PlaneMaps maps;

    /** By places in the map; null before the first time, when a process before this one may have left something. */
    private Map<Integer, Entry> written;

    private record Entry(int link, Mac mac) {
        private static final Entry NONE = new Entry(0, Mac.ZERO);
    }

    OwnMacs(PlaneMaps maps) {
        this.maps = maps;
    }

    /** Those of these interfaces, and no others. Two that have one place share it: the program knows the later. */
    void follow(Collection<Integer> links, NextHops kernel) throws BpfException {
        Map<Integer, Entry> wanted = new HashMap<>();
        for (int link : links) {
            kernel.hardwareAddress(link).ifPresent(mac -> wanted.put(link % Abi.MAX_INTERFACES, new Entry(link, mac)));
        }
        if (wanted.equals(written)) {
            return;
        }
        for (int place = 0; place < Abi.MAX_INTERFACES; place++) {
            Entry entry = wanted.getOrDefault(place, Entry.NONE);
            if (written == null || !entry.equals(written.getOrDefault(place, Entry.NONE))) {
                maps.putInterface(place, entry.link, entry.mac);
            }
        }
        written = wanted;
    }
}
