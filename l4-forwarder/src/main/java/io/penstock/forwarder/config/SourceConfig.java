package io.penstock.forwarder.config;

import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * From which addresses backends are connected to.
 *
 * @param addresses of this host, taken in turn; none for the kernel's choice
 * @param interfaceName to go through; empty for the one that the route says
 * @param transparent whether connections come from the client's own address
 * @param fastOpen whether what a client has sent already goes with the SYN
 */
public record SourceConfig(
        List<IpAddress> addresses, Optional<String> interfaceName, boolean transparent, boolean fastOpen) {
    /** Each connect may look at all of them. */
    public static final int MAX_ADDRESSES = 256;

    public static final SourceConfig KERNELS_CHOICE = new SourceConfig(List.of(), Optional.empty(), false, false);

    public SourceConfig {
        addresses = List.copyOf(addresses);
    }
}
