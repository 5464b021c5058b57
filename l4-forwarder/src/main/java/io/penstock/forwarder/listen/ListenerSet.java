package io.penstock.forwarder.listen;

import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;

import io.penstock.forwarder.control.Listeners;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.ListenerSpec.Address;
import io.penstock.forwarder.table.Transport;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.net.UnixAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All listening sockets of the process: which addresses there are, and which descriptors of each the workers have. The
 * workers take clients and close; what is opened and closed is decided here. Safe from any thread, for one change at a time.
 */
public final class ListenerSet implements Listeners {
    private final List<WorkerProxy> workers;
    private final SocketOpener opener;
    private final Syscalls syscalls;
    private final InheritedSockets inherited;
    private final Map<Address, Group> groups = new LinkedHashMap<>();
    /** Addresses that workers have been told to close, and maybe have not come to. */
    private final Set<Address> closing = new HashSet<>();

    /** Of the sockets that were handed over last and are still listened on: the place of each, by its descriptor. */
    private final Map<Integer, Integer> places = new HashMap<>();

    private record Group(ListenerSpec spec, List<ListeningSocket> sockets) {
        private Optional<UnixAddress> unix() {
            return spec.endpoint().unix();
        }
    }

    /** @param inherited sockets to use before others are opened; those that nothing wants are closed with the first change */
    public ListenerSet(Syscalls syscalls, List<WorkerProxy> workers, InheritedSockets inherited) {
        this.syscalls = syscalls;
        this.workers = List.copyOf(workers);
        this.inherited = inherited;
        opener = new SocketOpener(syscalls, workers.size());
    }

    /** Refuses what somebody else listens on, at a start. */
    public static void checkFree(Syscalls syscalls, List<ListenerSpec> specs, InheritedSockets inherited)
            throws ListenException {
        new ListenerSet(syscalls, List.of(), inherited).checkFree(specs);
    }

    @Override
    public synchronized Change prepare(List<ListenerSpec> wanted) throws ListenException {
        Map<Address, ListenerSpec> specs = new LinkedHashMap<>();
        wanted.forEach(spec -> specs.put(spec.address(), spec));
        if (workers.stream().allMatch(WorkerProxy::hasSettledListeners)) {
            closing.clear();
        }
        List<ListenerSpec> missing = wanted.stream()
                .filter(spec -> !groups.containsKey(spec.address()))
                .toList();
        checkFree(missing);
        List<Group> opened = new ArrayList<>();
        try {
            for (ListenerSpec spec : missing) {
                opened.add(new Group(spec, opener.open(spec, inherited.take(spec.address()))));
            }
        } catch (ListenException e) {
            close(opened);
            throw e;
        }
        return new Prepared(specs, opened);
    }

    private void checkFree(List<ListenerSpec> specs) throws ListenException {
        Set<Port> ownPorts = ownPorts();
        for (ListenerSpec spec : specs) {
            boolean own = spec.isUnix() ? inherited.has(spec.address()) : ownPorts.contains(Port.of(spec.address()));
            if (!own) {
                opener.checkFree(spec);
            }
        }
    }

    private record Port(Transport transport, int number) {
        private static Port of(Address address) {
            return new Port(address.transport(), address.endpoint().port());
        }
    }

    /** Not asked about: an address may give way to a wider one, or come back before the workers have closed it. */
    private Set<Port> ownPorts() {
        Set<Port> ports = new HashSet<>();
        groups.keySet().forEach(address -> ports.add(Port.of(address)));
        closing.forEach(address -> ports.add(Port.of(address)));
        inherited.addresses().forEach(address -> ports.add(Port.of(address)));
        return ports;
    }

    private void close(List<Group> opened) {
        for (Group group : opened) {
            opener.close(group.sockets());
            group.unix().ifPresent(opener.unixListeners()::remove);
        }
    }

    private synchronized void commit(Map<Address, ListenerSpec> wanted, List<Group> opened) {
        List<Group> closed = new ArrayList<>();
        List<Group> updated = new ArrayList<>();
        for (Group group : List.copyOf(groups.values())) {
            Address address = group.spec().address();
            ListenerSpec spec = wanted.get(address);
            if (spec == null) {
                groups.remove(address);
                closed.add(group);
                group.sockets().forEach(socket -> places.remove(socket.fd()));
                closing.add(address);
            } else if (!spec.equals(group.spec())) {
                Group next = new Group(spec, group.sockets());
                groups.put(address, next);
                updated.add(next);
            }
        }
        for (Group group : opened) {
            groups.put(group.spec().address(), group);
            if (!inherited.isSupervised(group.spec().address())) {
                group.unix().ifPresent(opener.unixListeners()::own);
            }
        }
        for (int worker = 0; worker < workers.size(); worker++) {
            ListenerChange change =
                    new ListenerChange(ofWorker(worker, opened), ofWorker(worker, updated), ofWorker(worker, closed));
            workers.get(worker).changeListeners(change);
        }
        removeFiles(closed);
        inherited.close(syscalls);
    }

    /** Of listeners that are closed for good, this process's own and those taken over that nothing wants. */
    private void removeFiles(List<Group> closed) {
        UnixListeners files = opener.unixListeners();
        closed.forEach(group -> group.unix().ifPresent(files::remove));
        for (Address address : inherited.addresses()) {
            if (!inherited.isSupervised(address)) {
                address.endpoint().unix().ifPresent(unix -> {
                    files.own(unix);
                    files.remove(unix);
                });
            }
        }
    }

    /** When nothing is accepted any more: nobody shall connect to a UNIX socket and wait. Not those of another process. */
    public synchronized void removeFiles() {
        opener.unixListeners().removeAll();
    }

    /** Another process has every socket, and removes the files. */
    synchronized void onHandedOver() {
        opener.unixListeners().disown();
    }

    /** One descriptor of each socket, for another process; the caller's to close. */
    synchronized List<Integer> duplicates() throws TakeOverException {
        List<Integer> copies = new ArrayList<>();
        places.clear();
        for (Group group : groups.values()) {
            for (ListeningSocket socket : group.sockets()) {
                if (socket.duplicate()) {
                    continue;
                }
                int copy = syscalls.fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0);
                if (copy < 0) {
                    copies.forEach(syscalls::close);
                    throw new TakeOverException("cannot duplicate sockets: " + Errno.describe(-copy));
                }
                places.put(socket.fd(), copies.size());
                copies.add(copy);
            }
        }
        return copies;
    }

    /** Those whose listening socket the other process has from the last {@link #duplicates}, by its place there. */
    synchronized List<HandedSession> byPlace(List<HandedSession> sessions) {
        List<HandedSession> known = new ArrayList<>();
        for (HandedSession session : sessions) {
            Integer place = places.get(session.listener());
            if (place != null) {
                known.add(session.as(place, session.fd()));
            }
        }
        return known;
    }

    /** Which worker has this socket; negative when none of them listens on it. */
    synchronized int workerOf(int fd) {
        for (Group group : groups.values()) {
            for (ListeningSocket socket : group.sockets()) {
                if (socket.fd() == fd) {
                    return socket.worker();
                }
            }
        }
        return -1;
    }

    private static List<Listening> ofWorker(int worker, List<Group> groups) {
        List<Listening> own = new ArrayList<>();
        for (Group group : groups) {
            for (ListeningSocket socket : group.sockets()) {
                if (socket.worker() == worker) {
                    own.add(socket.as(group.spec()));
                }
            }
        }
        return own;
    }

    private final class Prepared implements Change {
        private final Map<Address, ListenerSpec> wanted;
        private final List<Group> opened;

        private Prepared(Map<Address, ListenerSpec> wanted, List<Group> opened) {
            this.wanted = wanted;
            this.opened = opened;
        }

        @Override
        public void commit() {
            ListenerSet.this.commit(wanted, opened);
        }

        @Override
        public void abandon() {
            close(opened);
        }
    }
}
