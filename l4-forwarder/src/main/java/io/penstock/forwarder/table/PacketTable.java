package io.penstock.forwarder.table;

import io.penstock.net.FlowHash;
import java.util.List;

/**
 * Everything that the data plane of packets needs to place one: configuration and health of one moment, as the {@link
 * ForwardingTable} of the same version has it for connections. Immutable.
 *
 * @param version grows with each table
 * @param flowHash the key that all forwarders have in common
 * @param services those that are open, in the order of the configuration
 */
public record PacketTable(long version, FlowHash flowHash, List<PacketService> services) {
    public PacketTable {
        services = List.copyOf(services);
    }
}
