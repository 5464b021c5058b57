package io.penstock.ecmp.kernel;

import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkException;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHops;
import io.penstock.netlink.Request;
import io.penstock.netlink.Route;
import io.penstock.netlink.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The kernel of this network namespace, over rtnetlink. It would replace anyone's address, route or nexthop object, so every change is
 * held against the last look before it is asked for: see {@link LastLook}. NOT thread safe; whoever opened it closes it.
 */
public final class NetlinkKernel implements Kernel, AutoCloseable {
    private final NetlinkSocket socket;
    private final Supplier<Set<Integer>> tables;
    private LastLook look = new LastLook();

    private NetlinkKernel(NetlinkSocket socket, Supplier<Set<Integer>> tables) {
        this.socket = socket;
        this.tables = tables;
    }

    /**
     * In the network namespace of this thread.
     *
     * @param tables whose routes it looks at; asked at every look
     */
    public static NetlinkKernel open(Syscalls syscalls, Supplier<Set<Integer>> tables) throws IOException {
        return new NetlinkKernel(NetlinkSocket.open(syscalls), tables);
    }

    @Override
    public KernelState observe() throws IOException {
        List<Link> links = Links.list(socket);
        List<InterfaceAddress> addresses = Addresses.list(socket);
        List<NextHop> nextHops = NextHops.list(socket);
        List<Route> routes = new ArrayList<>();
        for (int table : tables.get()) {
            routes.addAll(Routes.list(socket, table));
        }
        KernelState state = new KernelState(links, addresses, routes, nextHops);
        look = new LastLook(state);
        return state;
    }

    /** Each is held against what was there before all of them. Of what is to be removed, what is not there is removed. */
    @Override
    public List<Optional<String>> apply(List<KernelChange> changes) throws IOException {
        List<Optional<String>> results = new ArrayList<>(changes.size());
        List<Integer> asked = new ArrayList<>(changes.size());
        List<Request> requests = new ArrayList<>(changes.size());
        for (KernelChange change : changes) {
            Optional<String> objection = look.objection(change);
            if (objection.isEmpty() && !look.isGone(change)) {
                asked.add(results.size());
                requests.add(look.request(change));
            }
            results.add(objection);
        }
        List<Optional<NetlinkException>> refusals = socket.batch(requests);
        for (int i = 0; i < refusals.size(); i++) {
            int place = asked.get(i);
            results.set(place, settle(changes.get(place), refusals.get(i)));
        }
        return results;
    }

    private Optional<String> settle(KernelChange change, Optional<NetlinkException> refusal) {
        if (refusal.isPresent() && !isGone(change, refusal.get().errno())) {
            return refusal.map(NetlinkException::getMessage);
        }
        look.made(change);
        return Optional.empty();
    }

    /** Whether something is not removed because it is not there, or neither is the link it was on or the nexthop object it led to. */
    private static boolean isGone(KernelChange change, int errno) {
        if (change instanceof KernelChange.RemoveAddress) {
            return errno == Errno.EADDRNOTAVAIL || errno == Errno.ENODEV;
        }
        if (change instanceof KernelChange.RemoveRoute remove) {
            return errno == Errno.ESRCH
                    || (errno == Errno.EINVAL && remove.route().nextHopId() != 0);
        }
        return change instanceof KernelChange.RemoveNextHop && errno == Errno.ENOENT;
    }

    @Override
    public void close() {
        socket.close();
    }
}
