package io.penstock.ecmp.client;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.testing.NetworkNamespace;

/** Addresses as ip(8) of Debian 12 cannot add them: with the number of whoever did. */
final class NetlinkAddress {
    private static final int LOOPBACK_LINK = 1;

    private NetlinkAddress() {}

    static void put(NetworkNamespace namespace, String address, int protocol, long validSeconds) throws Exception {
        IpAddress host = IpAddress.parse(address).orElseThrow();
        namespace.call(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                socket.request(
                        Addresses.put(new InterfaceAddress(LOOPBACK_LINK, host, 32, 0, 0, protocol, validSeconds)));
            }
            return null;
        });
    }
}
