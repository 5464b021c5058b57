package io.penstock.vrrp.address;

import io.penstock.netlink.Link;
import io.penstock.netlink.Macvlan;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.wire.NowhereWire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The kernel, to rehearse on: it seems to have every interface of a configuration, and to do what it is asked for. The kernel itself is
 * asked for the same on an interface that is not there, and refuses. NOT thread safe.
 */
final class NowhereKernel implements AddressKernel {
    private static final int MTU = 1500;

    /** Of documentation (RFC 7042 section 2.1.2). */
    private static final Optional<String> HARDWARE_ADDRESS = Optional.of("00:00:5e:00:53:01");

    private final AddressKernel kernel;
    private final VrrpConfig config;

    NowhereKernel(AddressKernel kernel, VrrpConfig config) {
        this.kernel = kernel;
        this.config = config;
    }

    @Override
    public KernelView look() throws IOException {
        KernelView unused = kernel.look();
        List<Link> links = new ArrayList<>();
        List<Macvlan> macvlans = new ArrayList<>();
        for (RouterConfig router : config.routers().values()) {
            links.add(link(router.interfaceName()));
            RouterVips.places(router).forEach(place -> links.add(link(place.interfaceName())));
            VirtualMac.of(router).ifPresent(mac -> macvlans.add(macvlan(mac)));
        }
        return new KernelView(links, macvlans, List.of());
    }

    private static Link link(String name) {
        return new Link(NowhereWire.NO_INTERFACE, name, true, true, false, MTU, HARDWARE_ADDRESS, Optional.empty());
    }

    private static Macvlan macvlan(VirtualMac mac) {
        int nowhere = NowhereWire.NO_INTERFACE;
        return new Macvlan(nowhere, mac.name(), nowhere, mac.hardwareAddress(), Macvlan.MODE_PRIVATE);
    }

    @Override
    public List<Optional<String>> apply(List<KernelChange> changes) throws IOException {
        List<Optional<String>> unused =
                kernel.apply(changes.stream().filter(NowhereKernel::isNowhere).toList());
        return Collections.nCopies(changes.size(), Optional.empty());
    }

    /** What would make or remove an interface is not asked for. */
    private static boolean isNowhere(KernelChange change) {
        return (change instanceof KernelChange.Put put && put.address().linkIndex() == NowhereWire.NO_INTERFACE)
                || (change instanceof KernelChange.Remove remove
                        && remove.address().linkIndex() == NowhereWire.NO_INTERFACE);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
