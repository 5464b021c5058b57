package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.TcFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where probes of this process are taken up on their way out and sent through the tunnel, by the mark that they bear. It is a
 * process's own: without one there are no probes. {@code fwd-xdp}'s alone.
 */
public final class HealthFilters implements AutoCloseable {
    /** Before others, which may send marked packets elsewhere. */
    private static final int PRIORITY = 1;

    /** "ps", so that another program's is not replaced by chance. */
    private static final int HANDLE = 0x7073;

    private final BpfProgram program;
    private final Map<Integer, TcFilter> filters = new LinkedHashMap<>();

    HealthFilters(BpfProgram program) {
        this.program = program;
    }

    /**
     * Those of these interfaces, and no others.
     *
     * @throws BpfException when one cannot be attached; those before are
     */
    void follow(Set<Integer> links) throws BpfException {
        filters.entrySet().removeIf(entry -> {
            boolean gone = !links.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        for (int link : links) {
            if (!filters.containsKey(link)) {
                filters.put(link, TcFilter.attachEgress(program, link, PRIORITY, HANDLE));
            }
        }
    }

    /** Takes it off an interface where a process has left it that ended without a word; false where there is none. */
    public static boolean remove(int link) throws BpfException {
        return TcFilter.detachEgress(link, PRIORITY, HANDLE);
    }

    @Override
    public void close() {
        filters.values().forEach(TcFilter::close);
    }
}
