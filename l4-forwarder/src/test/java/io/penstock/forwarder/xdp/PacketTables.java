package io.penstock.forwarder.xdp;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketBackend.State;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.table.PacketVip;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Transport;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Tables as the control thread makes them. */
final class PacketTables {
    static final FlowHash HASH = new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    static final IpAddress VIP = ip("192.0.2.10");
    static final int PORT = 80;

    private static long version;

    private PacketTables() {}

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static Backend backend(String id, String address) {
        return new Backend("web", id, ip(address), 0, 1, new BackendLoad(), Backend.NO_SERIAL);
    }

    static PacketBackend is(State state, Backend backend) {
        return new PacketBackend(backend, state);
    }

    static PacketVip vip(String address, int first, int last) {
        return new PacketVip(ip(address), first, last);
    }

    /** By flow, at one port; its pool has those that are up. */
    static PacketService service(String name, Encapsulation encapsulation, boolean settled, PacketBackend... members) {
        return service(name, encapsulation, settled, List.of(new PacketVip(VIP, PORT, PORT)), members);
    }

    static PacketService service(
            String name, Encapsulation encapsulation, boolean settled, List<PacketVip> vips, PacketBackend... members) {
        List<Backend> up = new ArrayList<>();
        for (PacketBackend member : members) {
            if (member.state() == State.UP) {
                up.add(member.backend());
            }
        }
        return new PacketService(
                name,
                Transport.TCP,
                vips,
                encapsulation,
                100,
                true,
                HashInput.FLOW,
                Pools.maglev(Abi.RING_SLOTS, HashInput.FLOW, HASH, up),
                List.of(members),
                settled,
                false);
    }

    /** As it is, and checked by its address. */
    static PacketService probed(PacketService service) {
        return new PacketService(
                service.name(),
                service.transport(),
                service.vips(),
                service.encapsulation(),
                service.vni(),
                service.remember(),
                service.hashInput(),
                service.pool(),
                service.backends(),
                service.settled(),
                true);
    }

    static synchronized PacketTable table(PacketService... services) {
        version++;
        return new PacketTable(version, HASH, List.of(services));
    }
}
