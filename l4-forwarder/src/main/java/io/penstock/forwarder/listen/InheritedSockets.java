package io.penstock.forwarder.listen;

import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.linux.Syscalls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Listening sockets that somebody else opened, by address, until they are taken or closed. NOT thread safe. */
public final class InheritedSockets {
    private final Map<ListenerSpec.Address, List<Integer>> fds = new LinkedHashMap<>();
    private final Set<ListenerSpec.Address> supervised = new HashSet<>();

    public void add(ListenerSpec.Address address, int fd) {
        fds.computeIfAbsent(address, first -> new ArrayList<>()).add(fd);
    }

    /** One that a supervisor keeps: the file of a UNIX socket is the supervisor's. */
    void addSupervised(ListenerSpec.Address address, int fd) {
        add(address, fd);
        supervised.add(address);
    }

    boolean isSupervised(ListenerSpec.Address address) {
        return supervised.contains(address);
    }

    public boolean has(ListenerSpec.Address address) {
        return fds.containsKey(address);
    }

    /** The caller's own from now on; empty when there are none. */
    List<Integer> take(ListenerSpec.Address address) {
        List<Integer> taken = fds.remove(address);
        return taken == null ? List.of() : taken;
    }

    /** Of those that nobody took. */
    public Set<ListenerSpec.Address> addresses() {
        return fds.keySet();
    }

    public int count() {
        return fds.values().stream().mapToInt(List::size).sum();
    }

    /** Those that nobody took. */
    public void close(Syscalls syscalls) {
        fds.values().forEach(same -> same.forEach(syscalls::close));
        fds.clear();
    }
}
