package io.penstock.vrrp.address;

import io.penstock.lease.AddressMarks;
import io.penstock.lease.AddressOwners;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.Macvlans;
import io.penstock.netlink.NetlinkException;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Request;
import io.penstock.vrrp.address.KernelChange.AddLink;
import io.penstock.vrrp.address.KernelChange.Put;
import io.penstock.vrrp.address.KernelChange.Remove;
import io.penstock.vrrp.address.KernelChange.RemoveLink;
import io.penstock.vrrp.address.KernelChange.SetLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel of this network namespace, over rtnetlink. It would replace or remove anyone's address, so every change is held against the
 * last look before it is asked for: see {@link AddressOwners}. NOT thread safe.
 */
final class NetlinkAddressKernel implements AddressKernel {
    private final NetlinkSocket socket;
    private AddressOwners owners = new AddressOwners(List.of());

    private NetlinkAddressKernel(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * In the network namespace of this thread.
     *
     * @param release of the kernel
     */
    static NetlinkAddressKernel open(Syscalls syscalls, String release) throws IOException {
        NetlinkSocket socket = NetlinkSocket.open(syscalls);
        try {
            AddressMarks.require(Addresses.list(socket), release);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new NetlinkAddressKernel(socket);
    }

    @Override
    public KernelView look() throws IOException {
        List<Link> links = Links.list(socket);
        boolean macvlans = links.stream().anyMatch(link -> link.kind().equals(Optional.of("macvlan")));
        List<InterfaceAddress> addresses = Addresses.list(socket);
        owners = new AddressOwners(addresses);
        return new KernelView(links, macvlans ? Macvlans.list(socket) : List.of(), addresses);
    }

    @Override
    public List<Optional<String>> apply(List<KernelChange> changes) throws IOException {
        List<Optional<String>> results = new ArrayList<>(changes.size());
        List<Integer> asked = new ArrayList<>(changes.size());
        List<Request> requests = new ArrayList<>(changes.size());
        for (KernelChange change : changes) {
            Optional<String> objection = objection(change);
            if (objection.isEmpty()) {
                asked.add(results.size());
                requests.add(request(change));
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

    private Optional<String> objection(KernelChange change) {
        if (change instanceof Put put) {
            return owners.objection(put.address());
        }
        return change instanceof Remove remove ? owners.objection(remove.address()) : Optional.empty();
    }

    private Request request(KernelChange change) {
        if (change instanceof Put put) {
            return owners.putting(put.address());
        }
        if (change instanceof Remove remove) {
            return Addresses.remove(remove.address());
        }
        if (change instanceof AddLink add) {
            return Macvlans.add(add.macvlan());
        }
        if (change instanceof RemoveLink remove) {
            return Links.remove(remove.index());
        }
        SetLink set = (SetLink) change;
        return Links.set(set.index(), set.up());
    }

    private Optional<String> settle(KernelChange change, Optional<NetlinkException> refusal) {
        boolean removal = change instanceof Remove || change instanceof RemoveLink;
        if (refusal.isPresent() && !(removal && isGone(refusal.get().errno()))) {
            return refusal.map(NetlinkException::getMessage);
        }
        if (change instanceof Put put) {
            owners.put(put.address());
        } else if (change instanceof Remove remove) {
            owners.removed(remove.address());
        }
        return Optional.empty();
    }

    /** The address, or the link that it was on. */
    private static boolean isGone(int errno) {
        return errno == Errno.EADDRNOTAVAIL || errno == Errno.ENODEV;
    }

    @Override
    public void close() {
        socket.close();
    }
}
