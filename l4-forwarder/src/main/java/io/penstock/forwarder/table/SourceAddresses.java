package io.penstock.forwarder.table;

import io.penstock.net.BindOptions;
import io.penstock.net.IpAddress;
import java.util.List;

/**
 * From which of this host's addresses, or the client's own, a pool's backends are connected to, and how.
 *
 * @param addresses of this host, taken in turn; those of the backend's family count, and the kernel chooses where there is
 *     none
 * @param device the interface to go through; {@link BindOptions#ANY_DEVICE} for the one that the route says
 * @param transparent whether connections come from the client's own address
 * @param fastOpen whether what a client has sent already goes with the SYN, where the backend allows it
 */
public record SourceAddresses(List<IpAddress> addresses, String device, boolean transparent, boolean fastOpen) {
    public static final SourceAddresses KERNELS_CHOICE =
            new SourceAddresses(List.of(), BindOptions.ANY_DEVICE, false, false);

    public SourceAddresses {
        addresses = List.copyOf(addresses);
    }

    /** Whether a plain connect does it. */
    public boolean isPlain() {
        return addresses.isEmpty() && device.equals(BindOptions.ANY_DEVICE) && !transparent && !fastOpen;
    }
}
