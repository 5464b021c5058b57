package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.HashInput;
import java.util.List;

/**
 * What clients connect to, as the data plane of packets needs it.
 *
 * @param vips in the order of the configuration, at least one
 * @param vni of VXLAN, 0 to 16777215
 * @param remember whether flows keep their backend when the table changes
 * @param hashInput as the pool has it
 * @param pool which chooses among those that take new flows
 * @param backends every member of the pool
 * @param settled whether each of them has had a result of its checks, or has none to wait for: until then, what an earlier
 *     process found out is worth more
 * @param probed whether checks of its backends go to the first of its addresses
 */
public record PacketService(
        String name,
        Transport transport,
        List<PacketVip> vips,
        Encapsulation encapsulation,
        int vni,
        boolean remember,
        HashInput hashInput,
        BackendPool pool,
        List<PacketBackend> backends,
        boolean settled,
        boolean probed) {
    /** RFC 7348 section 5: 24 bits. */
    public static final int MAX_VNI = (1 << 24) - 1;

    public PacketService {
        vips = List.copyOf(vips);
        backends = List.copyOf(backends);
    }
}
