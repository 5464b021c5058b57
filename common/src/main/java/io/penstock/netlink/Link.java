package io.penstock.netlink;

import java.util.Optional;

/**
 * A network interface.
 *
 * @param index its number, from 1
 * @param up whether it was set up (IFF_UP)
 * @param carrier whether it can carry packets now: up, and its cable or peer is there (IFF_LOWER_UP)
 * @param mtu in octets
 * @param hardwareAddress as six octets in hexadecimal; empty where there is none
 * @param kind as in {@code ip link add type}, for example veth; empty for hardware and loopback
 */
public record Link(
        int index,
        String name,
        boolean up,
        boolean carrier,
        boolean loopback,
        int mtu,
        Optional<String> hardwareAddress,
        Optional<String> kind) {}
